import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

it('the packages that trace are loaded by nothing but the tracer', async () => {
  const { metafile } = await build({
    metafile: true,
    write: false,
    absWorkingDir: root,
    entryPoints: { notifier: 'apps/notifier/src/main.ts', tracer: 'apps/notifier/src/tracing/otlp-tracer.client.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    loader: { '.lua': 'text' },
    logLevel: 'silent',
  });
  // What a start loads: what is imported, and what that imports, but for what is imported when it is needed.
  const loadedWith = (file: string, seen = new Set<string>()): Set<string> => {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) {
      if (kind === 'dynamic-import' || seen.has(path)) continue;
      seen.add(path);
      loadedWith(path, seen);
    }
    return seen;
  };
  const sdk = (file: string) => [...loadedWith(file)].filter((path) => path.startsWith('@opentelemetry/'));
  expect(sdk('dist/tracer.js')).toContain('@opentelemetry/sdk-trace');
  expect(sdk('dist/notifier.js')).toEqual([]);
});
