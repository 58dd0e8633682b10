// `npm run bench -- ingest|groups|read|inhibition|silences|restart|templates …`: bundles the benchmark (test/bench) and runs it.
import { build } from 'esbuild';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}/node_modules/.cache/tocsin-bench`;

await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/main.ts', 'test/bench/counting-sink.ts'],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.env.TOCSIN_PROGRAM ??= `${root}bin/tocsin`;
await import(pathToFileURL(`${outdir}/main.mjs`).href);
