import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A process of a test that says things line by line. */
export class ChildProgram {
  private said = '';

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (data: Buffer) => (this.said += data.toString()));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whole lines so far. */
  get lines(): readonly string[] {
    return this.said.split('\n').slice(0, -1);
  }

  /** Waits for a line to be said and returns the first. */
  async firstLine(): Promise<string> {
    while (this.lines.length === 0 && this.child.stdout && this.isRunning) await once(this.child.stdout, 'data');
    return this.lines[0] ?? '';
  }

  /** Ends the process and returns once all it said is there. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return;
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    await closed;
  }

  /** Waits for the process to end by itself. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.child, 'close');
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/**
 * A program for tests of what only happens between processes: TypeScript that imports from `@tocsin/…`. Returns what
 * starts it; processes left over are killed after each test. `shell` is a command line that ends with `"$@"`.
 */
export function useProgram(source: string): (args: readonly string[], shell?: string) => ChildProgram {
  let folder = '';
  let running: ChildProgram[] = [];

  beforeAll(async () => {
    // Beside the packages, so that it finds them.
    const caches = join(root, 'node_modules', '.cache');
    mkdirSync(caches, { recursive: true });
    folder = mkdtempSync(join(caches, 'tocsin-program-'));
    await build({
      stdin: { contents: source, resolveDir: root, loader: 'ts' },
      outfile: join(folder, 'program.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      loader: { '.lua': 'text' },
      alias: { '@tocsin/common': join(root, 'libs/common/src') },
    });
  });

  afterEach(async () => {
    await Promise.all(running.map((program) => program.kill()));
    running = [];
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return (args, shell = 'exec "$@"') => {
    const command = [process.execPath, join(folder, 'program.mjs'), ...args];
    const child = spawn('sh', ['-c', shell, 'sh', ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
    const program = new ChildProgram(child);
    running.push(program);
    return program;
  };
}
