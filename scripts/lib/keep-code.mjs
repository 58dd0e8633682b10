// Run by the build under the flags of bin/tocsin: lets the built program serve one alert, from its start to the receiver that
// is told, loads what a Redis needs, and keeps the machine code of all that ran.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIMIT_MS = 60_000;
const LOOK_MS = 20;

const [, , launcher] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'tocsin-build-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
setTimeout(() => fail(new Error(`the built program told nobody within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
keepCode().catch(fail);

async function keepCode() {
  let told;
  const isTold = new Promise((resolve) => (told = resolve));
  const receiver = await listening((request, response) => request.resume().on('end', () => told(response.end())));
  const notifier = await listening();
  const url = `http://127.0.0.1:${notifier.address().port}`;
  await new Promise((resolve) => notifier.close(resolve));
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(
    config,
    `route: { receiver: build, group_wait: 0s }
receivers: [{ name: build, webhook_configs: [{ url: "http://127.0.0.1:${receiver.address().port}/" }] }]
`,
  );
  const flags = {
    'config.file': config,
    'storage.path': join(folder, 'data'),
    'web.listen-address': new URL(url).host,
    'evaluator.web.listen-address': '127.0.0.1:0',
    'log.level': 'error',
  };
  process.argv = [process.execPath, launcher, 'standalone', ...Object.entries(flags).map(([k, v]) => `--${k}=${v}`)];
  const {
    default: { scripts, packages },
  } = await import(pathToFileURL(launcher).href);

  while (!(await isReady(url))) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname: 'Built' }, annotations: { summary: 'Just now' } }]),
  });
  await isTold;
  // Of these it is loading them that takes time, so that no Redis is needed here.
  for (const load of Object.values(packages())) load();
  for (const { script, codeFile } of scripts) writeFileSync(codeFile, script.createCachedData());
  process.exit(0);
}

/** A server on a port of its own. */
function listening(answer) {
  return new Promise((resolve, reject) => {
    const server = createServer(answer).on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
}

function fail(error) {
  console.error(error);
  process.exit(1);
}
