// `npm test [-- FILTERS]`: sets everything up, runs every suite, ends with one line: `N passed, N failed[, N skipped]`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './lib/process.mjs';
import { provideServers } from './lib/servers.mjs';
import { build, ensureInstalled } from './lib/setup.mjs';

const args = process.argv.slice(2);
const filters = args.filter((arg) => arg !== '--long');

await ensureInstalled();
const { env: servers, missing } = await provideServers();
if (missing.length > 0) console.log(missing.join('\n'));
if (missing.length > 0 && isTrue(process.env.CI)) finish({ passed: 0, failed: 1, skipped: 0 });
await build();

const env = { ...withoutSettings(process.env), ...servers };
if (args.includes('--long')) env.TOCSIN_LONG = '1';

const scratch = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const resultFile = join(scratch, 'results.json');

// Suites that need a Redis altogether are left out and counted; others leave out single tests themselves.
const unrunnable = servers.TOCSIN_TEST_REDIS_URL === undefined ? await countTests('redis') : 0;
const leaveOut = unrunnable > 0 ? ['--project', '!redis'] : [];
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`];
const { code } = await vitest(['run', ...reporters, ...leaveOut, ...filters], { show: true });
const counts = readCounts(resultFile);
if (code !== 0 && counts.failed === 0) {
  console.log('\nThe run failed although no test did: see the errors above.');
  counts.failed = 1;
}
finish({ ...counts, skipped: counts.skipped + unrunnable });

function vitest(vitestArgs, options) {
  return run('node_modules/.bin/vitest', vitestArgs, { env, ...options });
}

async function countTests(project) {
  const listFile = join(scratch, 'list.json');
  await vitest(['list', '--project', project, `--json=${listFile}`, ...filters]);
  return readJson(listFile)?.length ?? 0;
}

/** A file that could not be loaded has no tests of its own and counts as one failure. */
function readCounts(file) {
  const result = readJson(file);
  if (result === null) return { passed: 0, failed: 0, skipped: 0 };
  const unloaded = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + unloaded.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Tests must not depend on how this machine runs Tocsin. */
function withoutSettings(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name !== 'REDIS_URL' && !/^TOCSIN_(?!TEST_|SEED$)/.test(name)),
  );
}

function isTrue(value) {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}

function finish({ passed, failed, skipped }) {
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed > 0 ? 1 : 0);
}
