import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

it('the packages of single kinds are loaded when one of them sends', async () => {
  const { metafile } = await build({
    metafile: true,
    write: false,
    absWorkingDir: root,
    entryPoints: { notifier: 'apps/notifier/src/main.ts' },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    loader: { '.lua': 'text' },
    logLevel: 'silent',
  });
  const imports = (metafile.outputs['dist/notifier.js']?.imports ?? [])
    .filter(({ path }) => /^(@aws-sdk|nodemailer)\b/.test(path))
    .map(({ path, kind }) => `${kind} ${path}`);
  expect([...new Set(imports)].sort()).toEqual([
    'dynamic-import @aws-sdk/client-sns',
    'dynamic-import @aws-sdk/credential-providers',
    'dynamic-import nodemailer/lib/smtp-connection',
  ]);
});
