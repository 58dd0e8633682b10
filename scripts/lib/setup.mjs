// Brings a checkout to where its scripts can run: packages as package-lock.json says, the program built.
import { existsSync, readFileSync } from 'node:fs';
import { fail, root, run } from './process.mjs';

/** Installs packages where node_modules is not what package-lock.json asks for. */
export async function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  console.log('Installing packages (npm ci); the first time this takes a minute …');
  const { code, output } = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) fail(`${output}npm ci failed: see above. It needs a package registry npm can reach.`);
}

/** Builds dist/ through Nx, which does nothing when no source changed. */
export async function build() {
  const startedMs = Date.now();
  const { code, output } = await run('node_modules/.bin/nx', ['run-many', '-t', 'build'], {
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  if (code !== 0) fail(`${output}The build failed: see above.`);
  const cached = output.includes('from the cache') && existsSync(`${root}dist/tocsin.cjs`);
  console.log(cached ? 'Build is up to date.' : `Built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = engines.node.replace('>=', '').split('.').map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  fail(`Tocsin needs Node.js ${engines.node}; this is ${process.versions.node}.`);
}

/** npm keeps what it installed in node_modules/.package-lock.json, written last: an interrupted install has none. */
function isInstalled() {
  const installedFile = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages;
  // Optional packages are those of other platforms.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      !path.startsWith('node_modules/') || optional || installed[path]?.version === version,
  );
}
