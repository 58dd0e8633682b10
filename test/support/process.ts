import { type ChildProcess, spawn } from 'node:child_process';
import { cpuSeconds, memoryUse, type MemoryUse } from './process-usage';
import { waitFor } from './wait-for';

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  /** Added to the environment of the test. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** How many `Listening on` lines to wait for. Default 1. */
  listeners?: number;
  /** Default 30 000. */
  startLimitMs?: number;
}

export interface ExitStatus {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const LISTENING = /msg="Listening on".*? address=(\S+)/g;

/** Output beyond this is forgotten, oldest first. */
const KEPT_OUTPUT = 1_000_000;

const alive = new Set<RunningProcess>();
process.once('exit', () => alive.forEach((running) => running.signal('SIGKILL')));

/** A program started by a test: its addresses, output, resources, and every way to end it. */
export class RunningProcess {
  /** Host:port of each listener, in the order they were announced. */
  readonly addresses: string[] = [];
  readonly exited: Promise<ExitStatus>;
  private text = '';
  private ended: ExitStatus | null = null;

  private constructor(
    readonly pid: number,
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    alive.add(this);
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        alive.delete(this);
        resolve((this.ended = { code, signal }));
      });
    });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.collect(chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.collect(chunk));
  }

  /** Starts a program without waiting for it to listen. */
  static async spawn({ command, args, env = {}, cwd }: ProcessOptions): Promise<RunningProcess> {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return new RunningProcess(child.pid as number, child, [command, ...args].join(' '));
  }

  /** Starts a program and waits until it has announced its listeners. */
  static async start(options: ProcessOptions): Promise<RunningProcess> {
    const running = await RunningProcess.spawn(options);
    const { listeners = 1, startLimitMs = 30_000 } = options;
    try {
      await waitFor(
        () => `${running.name} to listen; it printed:\n${running.output}`,
        () => running.addresses.length >= listeners || running.ended !== null,
        { limitMs: startLimitMs, everyMs: 5 },
      );
      if (running.addresses.length < listeners) throw new Error(`${running.name} ended at once:\n${running.output}`);
    } catch (error) {
      await running.kill();
      throw error;
    }
    return running;
  }

  /** Everything printed so far on both streams. */
  get output(): string {
    return this.text;
  }

  get hasEnded(): boolean {
    return this.ended !== null;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.ended === null) this.child.kill(signal);
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<ExitStatus> {
    this.signal('SIGKILL');
    return this.exited;
  }

  /** Stops it in its tracks, as a machine that hangs would; `resume` lets it go on. */
  pause(): void {
    this.signal('SIGSTOP');
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  /** Asks it to end and waits, if it still runs; kills it when the limit (default 10 000 ms) passes, and says so by throwing. */
  async stop(limitMs = 10_000): Promise<ExitStatus> {
    if (this.ended !== null) return this.ended;
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const overdue = setTimeout(() => this.signal('SIGKILL'), limitMs);
    const status = await this.exited;
    clearTimeout(overdue);
    if (status.signal === 'SIGKILL') throw new Error(`${this.name} had to be killed; it printed:\n${this.tail()}`);
    return status;
  }

  cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  memory(): MemoryUse {
    return memoryUse(this.pid);
  }

  /** The last lines printed, for messages. */
  tail(lines = 30): string {
    return this.text.split('\n').slice(-lines).join('\n');
  }

  private collect(chunk: string): void {
    if (process.env['TOCSIN_TEST_LOGS']) process.stderr.write(chunk);
    const before = this.text.lastIndexOf('\n') + 1;
    this.text = this.text + chunk;
    const complete = this.text.slice(before, this.text.lastIndexOf('\n') + 1);
    for (const [, address] of complete.matchAll(LISTENING)) if (address) this.addresses.push(address);
    if (this.text.length > KEPT_OUTPUT) this.text = this.text.slice(-KEPT_OUTPUT / 2);
  }
}
