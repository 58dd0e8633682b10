import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis of a test: on a free port of 127.0.0.1, in its own folder, ended by its pid. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly flags: readonly string[],
  ) {}

  /** `settings` are further lines of its configuration, `flags` further arguments. */
  static async start(settings: readonly string[] = [], flags: readonly string[] = []): Promise<RedisServer> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-redis-'));
    const server = new RedisServer(port, folder, flags);
    writeFileSync(
      server.configFile,
      [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'save ""', ...settings].join('\n'),
    );
    try {
      await server.run();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Starts it again after `signal('SIGKILL')`, on the same port with what it kept. */
  async restart(): Promise<void> {
    await this.exited();
    await this.run();
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** `SIGSTOP` makes it hang, `SIGCONT` go on, `SIGKILL` die. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get configFile(): string {
    return join(this.folder, 'redis.conf');
  }

  private async run(): Promise<void> {
    const program = process.env['TOCSIN_TEST_REDIS_SERVER'] ?? 'redis-server';
    const child = spawn(program, [this.configFile, ...this.flags], { stdio: 'ignore' });
    this.child = child;
    const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
    await Promise.race([this.answers(), failed]);
  }

  private async exited(): Promise<void> {
    const { child } = this;
    if (child?.pid && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  private async answers(): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if (await pings(this.port)) return;
      await new Promise((done) => setTimeout(done, 10));
    }
    throw new Error(`redis-server on port ${this.port} does not answer`);
  }
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function pings(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      done(/^(\+PONG|-NOAUTH)/.test(data.toString()));
    });
    socket.once('error', () => done(false));
  });
}
