// Bundles the three applications into dist/, packages included: reading some dozen files instead of many hundred halves the
// time a start takes.
import { build } from 'esbuild';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { branch, revision } from './lib/revision.mjs';

/** Left in node_modules: what has native parts or starts files of its own, and what only a Redis needs. */
const LEFT_OUT = ['lmdb', 'pino', 'bullmq', 'ioredis'];

/** What NestJS looks for and does without. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
];

/** CommonJS packages find what they expect, in modules where it does not exist. */
const COMMONJS_NAMES = `
import { createRequire as tocsinCreateRequire } from 'node:module';
import { dirname as tocsinDirname } from 'node:path';
import { fileURLToPath as tocsinFileURLToPath } from 'node:url';
const require = tocsinCreateRequire(import.meta.url);
const __filename = tocsinFileURLToPath(import.meta.url);
const __dirname = tocsinDirname(__filename);
`;

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
  external: [...LEFT_OUT, ...OPTIONAL],
  banner: { js: COMMONJS_NAMES.trim().replaceAll('\n', ' ') },
  loader: { '.lua': 'text' },
  sourcemap: true,
  define: { TOCSIN_BUILD: JSON.stringify({ version, branch, revision }) },
  logLevel: 'warning',
});

// Where the log is written from: a line of the bundle says nothing to who reads the log.
const sources = Object.fromEntries(
  Object.keys(metafile.outputs)
    .filter((path) => path.endsWith('.js'))
    .map((path) => [basename(path), logSources(`${root}/${path}`)]),
);
writeFileSync(`${root}/dist/log-sources.json`, JSON.stringify(sources));

/** By lines of a bundled file that write to a log: file and line of their source. */
function logSources(path) {
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = lines.flatMap((text, index) => {
    const at = text.search(/\.(debug|info|warn|error)\(|\blog\[/);
    const { originalSource = '', originalLine } = at < 0 ? {} : map.findEntry(index, at);
    const isOurs = /^(\.\.\/)*(apps|libs)\//.test(originalSource);
    return isOurs ? [[index + 1, `${basename(originalSource)}:${originalLine + 1}`]] : [];
  });
  return Object.fromEntries(found);
}

// What an earlier build left goes last, so that a program started meanwhile finds all of its parts.
const built = new Set(['log-sources.json', ...Object.keys(metafile.outputs).map((path) => basename(path))]);
for (const name of readdirSync(`${root}/dist`)) {
  if (!built.has(name)) rmSync(`${root}/dist/${name}`, { recursive: true });
}
