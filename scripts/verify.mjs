// `npm run verify`: what can be said about a change without servers: format, lint, module boundaries, types, core tests.
import { availableParallelism } from 'node:os';
import { run } from './lib/process.mjs';
import { ensureInstalled } from './lib/setup.mjs';

const cache = 'node_modules/.cache';

/** Longest first, as they share the processors. */
const checks = [
  { name: 'lint', command: `eslint . --cache --cache-location ${cache}/eslint/` },
  { name: 'core tests', command: 'vitest run --project core --passWithNoTests' },
  { name: 'types', command: 'tsc --noEmit -p tsconfig.json' },
  { name: 'boundaries', command: 'depcruise apps libs test --config .dependency-cruiser.mjs' },
  { name: 'format', command: `prettier --check . --cache --cache-location ${cache}/prettier/verify` },
];

await ensureInstalled();

const waiting = [...checks];
const failed = [];
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), checks.length) }, async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await report(check);
  }),
);

if (failed.length > 0) {
  console.log(`\nverify failed: ${failed.join(', ')}`);
  process.exit(1);
}
console.log('\nverify passed');

async function report({ name, command }) {
  const startedMs = Date.now();
  const [program, ...args] = command.split(' ');
  const { code, output } = await run(`node_modules/.bin/${program}`, args);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1).padStart(6);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${seconds} s`);
  if (code === 0) return;
  failed.push(name);
  console.log(output.trimEnd());
}
