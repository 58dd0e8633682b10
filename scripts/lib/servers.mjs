// The servers tests need: a Redis of our own, and where Prometheus and Alertmanager are installed.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './process.mjs';

/** What tests use, under the names its programs go by, and the Debian package that brings it. */
const needed = [
  { what: 'Redis', package: 'redis-server', programs: [['redis-server', 'valkey-server']] },
  { what: 'Prometheus', package: 'prometheus', programs: [['prometheus'], ['promtool']] },
  {
    what: 'Alertmanager',
    package: 'prometheus-alertmanager',
    programs: [['prometheus-alertmanager', 'alertmanager'], ['amtool']],
  },
  // Gives one process of a cluster another time than the others have.
  { what: 'faketime', package: 'faketime', programs: [['faketime']] },
];

/**
 * Finds the servers, installs Debian's where it may, starts Redis.
 * @returns {Promise<{ env: Record<string, string>, missing: string[] }>} `env` tells the tests what there is.
 */
export async function provideServers() {
  const redisUrl = process.env.REDIS_URL;
  const wanted = needed.filter(({ what }) => what !== 'Redis' || !redisUrl);
  let absent = wanted.filter((server) => !isInstalled(server));
  if (absent.length > 0 && canInstall()) {
    await install(absent);
    absent = wanted.filter((server) => !isInstalled(server));
  }

  const env = {};
  const redisServer = find(['redis-server', 'valkey-server']);
  if (redisUrl) env.TOCSIN_TEST_REDIS_URL = redisUrl;
  else if (redisServer) env.TOCSIN_TEST_REDIS_URL = await startRedis(redisServer);
  for (const [name, programs] of [
    ['TOCSIN_TEST_PROMETHEUS', ['prometheus']],
    ['TOCSIN_TEST_PROMTOOL', ['promtool']],
    ['TOCSIN_TEST_ALERTMANAGER', ['prometheus-alertmanager', 'alertmanager']],
    ['TOCSIN_TEST_AMTOOL', ['amtool']],
  ]) {
    const path = find(programs);
    if (path) env[name] = path;
  }
  return { env, missing: absent.map(howToGet) };
}

function howToGet({ what, package: name, programs }) {
  const files = programs.map((names) => names.join(' or ')).join(' and ');
  const otherwise = what === 'Redis' ? ', or set REDIS_URL' : '';
  return `${what} is missing: put ${files} on the PATH (Debian: apt-get install ${name})${otherwise}.`;
}

const isInstalled = ({ programs }) => programs.every((names) => find(names) !== null);

function find(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path !== undefined) return path;
  }
  return null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

async function install(servers) {
  const names = servers.map((server) => server.package);
  console.log(`Installing ${names.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await run('apt-get', ['update', '-qq'], { env });
  const installed = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env });
  if (installed.code !== 0) console.log(`${updated.output}${installed.output}`.trimEnd());
}

/** Starts a Redis that keeps nothing, ended with this process. */
async function startRedis(program) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-redis-'));
  const port = await freePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn(program, [...args, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
  let exited = false;
  server.on('error', () => (exited = true)).on('exit', () => (exited = true));
  process.on('exit', () => {
    if (!exited) server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  for (let tries = 0; tries < 100; tries++) {
    if (exited) throw new Error(`${program} ended as soon as it was started on port ${port}`);
    if (await answers(port)) return `redis://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${program} does not answer on port ${port}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (data) => end(data.toString().startsWith('+PONG'))).on('error', () => end(false));
  });
}
