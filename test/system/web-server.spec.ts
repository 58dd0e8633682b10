import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { hashSync } from 'bcryptjs';
import { afterAll, describe, expect, it } from 'vitest';
import { RunningProcess } from '../support/process';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { waitFor } from '../support/wait-for';

/** The program as operators meet it: what it listens on, over TLS, with passwords, and how it goes. */

const PROGRAM = process.env['TOCSIN_PROGRAM'] ?? fileURLToPath(new URL('../../bin/tocsin', import.meta.url));
const CONFIG = 'route: { receiver: a }\nreceivers: [{ name: a }]\n';
const run = promisify(execFile);

const started = new Started();
afterAll(() => started.stopAll());

async function start(folder: TempFolder, ...flags: string[]): Promise<RunningProcess> {
  folder.write('alertmanager.yml', CONFIG);
  const own = ['--web.listen-address=127.0.0.1:0', `--storage.path=${folder.file('data')}`];
  const options = { command: PROGRAM, args: ['notifier', ...own, ...flags], cwd: folder.path, env: { REDIS_URL: '' } };
  return started.add(RunningProcess.start(options));
}

async function folder(): Promise<TempFolder> {
  return started.add(new TempFolder());
}

describe('the start', () => {
  it("says where it listens in Alertmanager's own words", async () => {
    const running = await start(await folder());
    await waitFor('what it says of TLS', () => / http2=\S+ address=\S+\n/.test(running.output));
    const lines = running.output.split('\n');
    const at = lines.findIndex((line) => line.includes('Listening on'));
    const [address = ''] = running.addresses;
    expect(address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(lines[at]).toMatch(
      new RegExp(
        `^time=\\d{4}-\\S+Z level=INFO source=http-server\\.service\\.ts:\\d+ msg="Listening on" address=${address}$`,
      ),
    );
    expect(lines[at + 1]).toMatch(new RegExp(` msg="TLS is disabled\\." http2=false address=${address}$`));
  });

  it('and the end say once what an operator wants to know', async () => {
    const own = await folder();
    const running = await start(own, '--redis.url=');
    await waitFor('the state', () => running.output.includes('msg="State restored"'));
    await running.stop();
    const lines = running.output.trim().split('\n');
    const said = lines.map((line) => line.replace(/^time=\S+ level=INFO source=\S+ /, ''));
    const [address] = running.addresses;
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(`^msg="Starting Tocsin" version=\\S+ branch=\\S+ revision=\\S+ storagePath=${own.file('data')}$`),
      ),
      `msg="Completed loading of configuration file" file=alertmanager.yml receivers=1 routes=1`,
      `msg="Listening on" address=${address}`,
      `msg="TLS is disabled." http2=false address=${address}`,
      expect.stringMatching(/^msg="State restored" alerts=0 silences=0 groups=0 durationMs=\d+$/),
      'msg="Stopping after what is under way" signal=SIGTERM',
      'msg="Notifier drained: what was under way has ended"',
      'msg=Stopped',
    ]);
  });

  it('refuses a web configuration with all its mistakes', async () => {
    const own = await folder();
    const file = own.write('web.yml', 'tls_server_config: { cert_file: nope.pem }\nfoo: 1\n');
    own.write('alertmanager.yml', CONFIG);
    const failed = run(PROGRAM, ['notifier', '--web.listen-address=127.0.0.1:0', `--web.config.file=${file}`], {
      cwd: own.path,
    });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `\ntocsin: error: ${file}:1:20: missing one of key or key_file\n` +
          `${file}:2:1: field foo not found in type web.Config\n`,
      ) as string,
    });
  });
});

describe('--web.config.file', () => {
  const authority = new TestAuthority();
  const server = authority.issue('server', 'IP:127.0.0.1');
  afterAll(() => authority.remove());
  const hash = hashSync('secret', 10);
  const file = authority.file('web.yml');
  writeFileSync(
    file,
    `tls_server_config: { cert_file: ${server.certFile}, key_file: ${server.keyFile} }\nbasic_auth_users: { me: ${hash} }\n`,
  );

  it('secures the API for amtool and everybody else', async () => {
    const own = await folder();
    const running = await start(own, `--web.config.file=${file}`, '--web.route-prefix=/alerts');
    const [address = ''] = running.addresses;
    const status = (auth?: string) =>
      new Promise((resolve, reject) => {
        const options = { ca: authority.ca, ...(auth !== undefined && { auth }) };
        request(`https://${address}/alerts/-/healthy`, options, (response) => resolve(response.statusCode))
          .on('error', reject)
          .end();
      });
    expect(await Promise.all([status(), status('me:wrong'), status('me:secret')])).toEqual([401, 401, 200]);
    await expect(fetch(`http://${address}/alerts/-/healthy`)).rejects.toThrow();

    const http = own.write(
      'amtool.yml',
      `tls_config: { ca_file: ${authority.caFile} }\nbasic_auth: { username: me, password: secret }\n`,
    );
    const amtool = (...args: string[]) =>
      run('amtool', [`--alertmanager.url=https://${address}/alerts`, `--http.config.file=${http}`, ...args]);
    await amtool('alert', 'add', 'Secured', 'severity=page');
    expect((await amtool('alert', 'query')).stdout).toContain('Secured');
  });
});

describe('the end', () => {
  it('does not wait for requests that never come whole', async () => {
    const running = await start(await folder());
    const port = Number(running.addresses[0]?.split(':')[1]);
    const begun = [
      '',
      'GET /metr',
      'POST /api/v2/alerts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[',
    ];
    for (const text of begun) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      socket.write(text);
    }
    const startMs = performance.now();
    expect(await running.stop(30_000)).toEqual({ code: 0, signal: null });
    expect(performance.now() - startMs).toBeLessThan(6_000);
  });
});

it('--web.systemd-socket serves on the sockets it is handed', async () => {
  const own = await folder();
  own.write('alertmanager.yml', CONFIG);
  const socket = await new Promise<Server>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
  const { port } = socket.address() as { port: number };
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  // The shell knows the number the program will run under; systemd does this between fork and exec.
  const child = spawn(
    '/bin/sh',
    ['-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" notifier --web.systemd-socket --storage.path=data', PROGRAM],
    { cwd: own.path, stdio: ['ignore', 'ignore', 'pipe', fd], env: { ...process.env, REDIS_URL: '' } },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes(`address=127.0.0.1:${port}`)) resolve();
      });
      child.once('exit', () => reject(new Error('it ended at once')));
    });
    // From here on only the program answers at this address.
    socket.close();
    expect(await (await fetch(`http://127.0.0.1:${port}/-/healthy`)).text()).toBe('OK');
  } finally {
    child.kill();
    await ended;
  }
});
