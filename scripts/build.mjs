// Bundles the three applications into dist/: our code in a few files, packages left in node_modules.
import { build } from 'esbuild';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

const { metafile } = await build({
  metafile: true,
  absWorkingDir: root,
  entryPoints: { tocsin: 'apps/cli/src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  loader: { '.lua': 'text' },
  sourcemap: true,
  define: { TOCSIN_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});

// What an earlier build left goes last, so that a program started meanwhile finds all of its parts.
const built = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(`${root}/dist`)) {
  if (!built.has(name)) rmSync(`${root}/dist/${name}`, { recursive: true });
}
