// Bundles the three applications into dist/, packages included, and keeps the machine code of what a start runs: reading and
// compiling many hundred files would take most of the time of a start.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { branch, revision } from './lib/revision.mjs';

/** Left in node_modules: what has native parts or starts files of its own, and what only some receivers need. */
const LEFT_OUT = [
  'lmdb',
  'msgpackr-extract',
  'handlebars',
  'nodemailer',
  '@aws-sdk/client-sns',
  '@aws-sdk/credential-providers',
];

/** In a file of their own: what only a Redis needs. */
const FOR_REDIS = ['bullmq', 'ioredis'];

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

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

/** How both files are built. */
const options = {
  metafile: true,
  absWorkingDir: root,
  outdir: 'dist',
  // Other code is another file, so that code kept of one program is never taken for another's.
  entryNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  // As V8 compiles it with the code it kept, each file is a function of what CommonJS modules find.
  banner: {
    js: '(function (require, __filename, __dirname) { const module = {}, __url = require("node:url").pathToFileURL(__filename).href;',
  },
  footer: { js: 'return module.exports; })' },
  // What is not bundled is required: V8 knows no `import()` in such a function.
  supported: { 'dynamic-import': false },
  platform: 'node',
  target: 'node20.19',
  loader: { '.lua': 'text' },
  sourcemap: true,
  minifyWhitespace: true,
  lineLimit: 120,
  define: { TOCSIN_BUILD: JSON.stringify({ version, branch, revision }), 'import.meta.url': '__url' },
  logLevel: 'warning',
};
const program = await built({
  entryPoints: { program: 'apps/cli/src/main.ts' },
  external: [...LEFT_OUT, ...FOR_REDIS, ...OPTIONAL],
});
const redisPackages = await built({
  entryPoints: { 'redis-packages': 'scripts/lib/redis-packages.cjs' },
  external: LEFT_OUT,
});

// Where the log is written from: a line of the bundle says nothing to who reads the log.
const sources = { [`${program}.cjs`]: logSources(`${root}/dist/${program}.cjs`) };
writeFileSync(`${root}/dist/log-sources.json`, JSON.stringify(sources));

// The launcher goes last, and what an earlier build left after it, so that a program started meanwhile finds all its parts.
const launcher = `${root}/dist/tocsin.cjs`;
const launcherText = readFileSync(`${root}/scripts/lib/launcher.cjs`, 'utf8').replace(
  'BUILT',
  JSON.stringify({ program, redisPackages }),
);
const first = `${launcher}.first.cjs`;
writeFileSync(first, launcherText);
keepCode(first);
renameSync(first, launcher);

const parts = [program, redisPackages].flatMap((name) => [`${name}.cjs`, `${name}.cjs.map`, `${name}.code`]);
const made = new Set(['log-sources.json', ...parts, basename(launcher)]);
for (const name of readdirSync(`${root}/dist`)) {
  if (!made.has(name)) rmSync(`${root}/dist/${name}`, { recursive: true });
}

/** Builds one file; returns its name without the ending. */
async function built(what) {
  const { metafile } = await build({ ...options, ...what });
  const [name = ''] = Object.keys(metafile.outputs).filter((path) => path.endsWith('.cjs'));
  return basename(name, '.cjs');
}

/** By lines of a bundled file that write to a log: file and line of their source. */
function logSources(path) {
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = lines.flatMap((text, index) =>
    [...text.matchAll(/(^|\.)(debug|info|warn|error)\(|\blog\[/g)]
      .map((match) => map.findEntry(index, match.index))
      .filter(({ originalSource = '' }) => /^(\.\.\/)*(apps|libs)\//.test(originalSource))
      .map(({ originalSource, originalLine }) => [index + 1, `${basename(originalSource)}:${originalLine + 1}`])
      .slice(0, 1),
  );
  return Object.fromEntries(found);
}

/** V8 takes code only where it was made under the same flags, so they are those of bin/tocsin. */
function keepCode(launcher) {
  const [, flags = ''] = /^exec node (.*) "\$program"/m.exec(readFileSync(`${root}/bin/tocsin`, 'utf8')) ?? [];
  const { status } = spawnSync(process.execPath, [...flags.split(' '), `${root}/scripts/lib/keep-code.mjs`, launcher], {
    // Settings of the user's own would be the program's.
    env: { PATH: process.env.PATH, TMPDIR: tmpdir() },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('the built program does not run');
}
