import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookConfig } from '../support/configs';
import { freePort } from '../support/free-port';
import { RunningProcess } from '../support/process';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { waitFor } from '../support/wait-for';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = `${ROOT}bin/tocsin`;

/** Runs a program to its end. */
function run(command: string, args: readonly string[], cwd = ROOT, more: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, REDIS_URL: '', ...more };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(command, args, { cwd, env }, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

const tocsin = (...args: string[]) => run(PROGRAM, args);

const started = new Started();
afterEach(() => started.stopAll());

const TIMERS = { groupWaitMs: 1_000, groupIntervalMs: 1_000 };

/** A folder with an `alertmanager.yml`. */
async function configured(text = webhookConfig('http://127.0.0.1:1/', TIMERS)): Promise<TempFolder> {
  const folder = await started.add(new TempFolder());
  folder.write('alertmanager.yml', text);
  return folder;
}

describe('bin/tocsin', () => {
  it('helps within a second', async () => {
    const startedMs = performance.now();
    expect(await tocsin('--help')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('usage: tocsin') });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('runs the machine code its build kept, which is most of what makes a start quick', async () => {
    const folder = await started.add(new TempFolder());
    const telling = folder.write(
      'telling.cjs',
      `process.on('exit', () => {
        const { exports } = Object.values(require.cache).find(({ exports }) => exports.scripts !== undefined);
        for (const load of Object.values(exports.packages())) load();
        console.log('refused:', ...exports.scripts.map(({ script }) => script.cachedDataRejected));
      });`,
    );
    const { out } = await run(PROGRAM, ['--version'], ROOT, { NODE_OPTIONS: `--require=${telling}` });
    expect(out).toContain('refused: false false\n');
  });

  it('runs from anywhere and through symbolic links', async () => {
    const folder = await started.add(new TempFolder());
    symlinkSync(PROGRAM, folder.file('first'));
    symlinkSync('first', folder.file('second'));
    expect(await run('./second', ['--version'], folder.path)).toMatchObject({
      code: 0,
      out: expect.stringContaining('tocsin, version'),
    });
  });

  it.each([
    ['the environment', { TOCSIN_BRANCH: 'release', TOCSIN_REVISION: 'abc' }, 'release abc\n'],
    ['nothing where there is no git', { GIT_DIR: '/nowhere', TOCSIN_BRANCH: '', TOCSIN_REVISION: '' }, ' \n'],
  ])('is built with the revision of %s', (_, env, printed) => {
    const options = { cwd: ROOT, env: { ...process.env, ...env }, encoding: 'utf8' as const };
    expect(execFileSync('node', ['scripts/lib/revision.mjs'], options)).toBe(printed);
  });

  it('says how to build where that was not done', async () => {
    const folder = await started.add(new TempFolder());
    mkdirSync(folder.file('bin'));
    copyFileSync(PROGRAM, folder.file('bin/tocsin'));
    const { code, out, err } = await run(folder.file('bin/tocsin'), ['--help']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain("run 'npm ci && npm run build'");
  });

  it.each([
    [['notifier', '--nope'], "tocsin: error: unknown long flag '--nope', try --help\n"],
    [['nope'], "tocsin: error: unknown command 'nope', try --help\n"],
    [['notifier', '--cluster.peer=a:9094'], /^tocsin: error: --cluster.peer needs a Redis here.*Set REDIS_URL/],
    [['notifier', '--redis.url=nowhere'], /^tocsin: error: invalid Redis URL/],
    [['notifier', '--config.file=/nowhere/alertmanager.yml'], /\/nowhere\/alertmanager\.yml/],
    [
      ['alert', 'add', 'X', '--notifier.url=http://127.0.0.1:9'],
      /^tocsin: error: cannot reach http:\/\/127\.0\.0\.1:9/,
    ],
  ])('refuses %j on stderr with exit code 1', async (args, error) => {
    const folder = await started.add(new TempFolder());
    const { code, out, err } = await run(PROGRAM, args, folder.path);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(error);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('tocsin check config', () => {
  it('finds the quick start and the cluster sound', async () => {
    const files = ['examples/quickstart/alertmanager.yml', 'examples/cluster/alertmanager.yml'];
    const { code, out, err } = await tocsin('check', 'config', ...files);
    expect([code, err]).toEqual([0, '']);
    for (const file of files) expect(out).toContain(`Checking '${file}'  SUCCESS`);
    expect(out).toContain(' - 1 receivers');
  });

  it('prints every mistake with its place', async () => {
    const folder = await configured(
      'route:\n  receiver: nobody\n  group_wiat: 5s\nreceivers:\n  - name: team\n    colour: red\n',
    );
    const file = folder.file('alertmanager.yml');
    const { code, out, err } = await tocsin('check', 'config', file);
    expect(code).toBe(1);
    expect(out).toContain(`Checking '${file}'  FAILED`);
    expect(err).toContain(`${file}:3:3: field group_wiat not found`);
    expect(err).toContain(`${file}:6:5: field colour not found`);
  });

  it('warns of what is hardly meant when asked to', async () => {
    const folder = await configured('route:\n  receiver: team\nreceivers:\n  - name: team\n  - name: spare\n');
    const file = folder.file('alertmanager.yml');
    expect(await tocsin('check', 'config', file)).toMatchObject({ code: 0, err: '' });
    const { code, out, err } = await tocsin('check', 'config', '--lint', file);
    expect([code, err]).toEqual([0, `${file}:5:11: warning: no route uses receiver "spare" (receiver-unused)\n`]);
    expect(out).toContain(`Checking '${file}'  SUCCESS`);
  });

  it('reads matchers as the notifier is told to', async () => {
    const matcher = 'route: { receiver: team, routes: [{ matchers: [\'"a b"=c\'] }] }';
    const file = (await configured(`${matcher}\nreceivers: [{ name: team }]\n`)).file('alertmanager.yml');
    const check = async (...flags: string[]) => tocsin('check', 'config', ...flags, file);
    expect(await check()).toMatchObject({ code: 0, err: '' });
    expect(await check('--enable-feature=utf8-strict-mode')).toMatchObject({ code: 0, err: '' });
    const { code, err } = await check('--enable-feature=classic-mode');
    expect([code, err]).toEqual([1, expect.stringContaining('bad matcher format: "a b"=c')]);
    expect((await check('--enable-feature=nope')).err).toContain("unknown option 'nope' for --enable-feature");
  });

  it('goes on with the other files', async () => {
    const { code, out, err } = await tocsin('check', 'config', '/nowhere.yml', 'examples/quickstart/alertmanager.yml');
    expect(code).toBe(1);
    expect(err).toContain('/nowhere.yml');
    expect(out).toContain("Checking 'examples/quickstart/alertmanager.yml'  SUCCESS");
  });
});

describe('tocsin check rules', () => {
  it('finds the quick start sound', async () => {
    expect(await tocsin('check', 'rules', 'examples/quickstart/rules.yml')).toEqual({
      code: 0,
      out: 'Checking examples/quickstart/rules.yml\n  SUCCESS: 3 rules found\n\n',
      err: '',
    });
  });

  it('prints every mistake with its place', async () => {
    const folder = await started.add(new TempFolder());
    const file = folder.write(
      'rules.yml',
      'groups:\n  - name: a\n    rules:\n      - alert: X\n        expr: up\n        fro: 5m\n      - alert: Y\n        expr: up\n        for: soon\n',
    );
    const { code, out, err } = await tocsin('check', 'rules', file);
    expect(code).toBe(1);
    expect(out).toContain(`Checking ${file}\n`);
    expect(err).toContain('FAILED');
    expect(err).toMatch(/rules\.yml: 6:9: field fro not found.*\n.*rules\.yml: 9:14: not a valid duration/);
  });
});

describe('a server', () => {
  const flags = ['--web.listen-address=127.0.0.1:0', '--storage.path=data'];

  it('ends with 0 on SIGTERM and on SIGINT', async () => {
    const folder = await configured();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = await RunningProcess.start({
        command: PROGRAM,
        args: ['notifier', ...flags],
        cwd: folder.path,
        env: { REDIS_URL: '' },
      });
      server.signal(signal);
      expect(await server.exited).toEqual({ code: 0, signal: null });
    }
  });

  it('is refused a storage path that another one holds', async () => {
    const folder = await configured();
    const first = await started.add(
      RunningProcess.start({
        command: PROGRAM,
        args: ['notifier', ...flags],
        cwd: folder.path,
        env: { REDIS_URL: '' },
      }),
    );
    const { code, err } = await run(PROGRAM, ['notifier', ...flags], folder.path);
    expect(code).toBe(1);
    expect(err).toMatch(
      new RegExp(`tocsin: error: storage path .* is in use by another Tocsin process \\(pid ${first.pid}\\)`),
    );
  });

  it('is refused a port that another one holds', async () => {
    const folder = await configured();
    const other = await started.add(
      RunningProcess.start({
        command: PROGRAM,
        args: ['notifier', ...flags],
        cwd: folder.path,
        env: { REDIS_URL: '' },
      }),
    );
    const taken = [`--web.listen-address=${other.addresses[0]}`, '--storage.path=data2'];
    const { code, err } = await run(PROGRAM, ['notifier', ...taken], folder.path);
    expect(code).toBe(1);
    expect(err).toContain('EADDRINUSE');
  });

  it('refuses a configuration with mistakes, and names them', async () => {
    const folder = await configured('route:\n  receiver: nobody\nreceivers: []\n');
    const { code, err } = await run(PROGRAM, ['notifier', ...flags], folder.path);
    expect(code).toBe(1);
    expect(err).toContain('nobody');
  });
});

describe('the quick start', () => {
  it('prints the notification of the alert its banner says how to post', async () => {
    const folder = await started.add(new TempFolder());
    const [port, evaluatorPort] = [await freePort(), await freePort()];
    const server = await started.add(
      RunningProcess.start({
        command: process.execPath,
        args: [`${ROOT}scripts/start.mjs`, `--web.listen-address=127.0.0.1:${port}`],
        cwd: folder.path,
        env: {
          INIT_CWD: folder.path,
          REDIS_URL: '',
          TOCSIN_STORAGE_PATH: 'data',
          TOCSIN_EVALUATOR_WEB_LISTEN_ADDRESS: `127.0.0.1:${evaluatorPort}`,
        },
        listeners: 2,
        startLimitMs: 60_000,
      }),
    );
    await waitFor('the banner', () => server.output.includes('npm start -- --datasource.url='));
    const [, body = '', url = ''] =
      /curl -H 'Content-Type: application\/json' -d '([^']*)' (\S+)\n/.exec(server.output) ?? [];
    expect(url).toBe(`http://127.0.0.1:${port}/api/v2/alerts`);
    const posted = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    expect(posted.status).toBe(200);
    await waitFor('the notification', () =>
      /\[FIRING\] {2}1 firing {2}to console.*\n.*\n.*HelloTocsin/.test(server.output),
    );
  });
});

describe('tocsin webhook-printer', () => {
  it('listens until it is stopped', async () => {
    const printer = await RunningProcess.spawn({
      command: PROGRAM,
      args: ['webhook-printer', '--web.listen-address=127.0.0.1:0'],
    });
    await waitFor('the printer', () => printer.output.includes('Printing webhooks sent to http://127.0.0.1:'));
    expect(await printer.stop()).toEqual({ code: 0, signal: null });
  });
});
