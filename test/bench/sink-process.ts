import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../support/wait-for';
import { type Told } from './told';

type Answer = { port: number } & { count: number } & { told: Told[] };

/** The counting sink, seen from the bench. */
export class SinkProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<SinkProcess> {
    const child = fork(fileURLToPath(new URL('./counting-sink.mjs', import.meta.url)));
    const [{ port }] = (await once(child, 'message')) as [Answer];
    return new SinkProcess(child, `http://127.0.0.1:${port}/`);
  }

  /** Waits until so many notifications came since the last `take`. */
  async waitForCount(count: number, limitMs: number): Promise<void> {
    let seen = 0;
    await waitFor(
      () => `${count} notifications; ${seen} came`,
      async () => (seen = (await this.ask('count')).count) >= count,
      { limitMs, everyMs: 100 },
    );
  }

  /** What came since the last `take`. */
  async take(): Promise<Told[]> {
    return (await this.ask('take')).told;
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  private async ask(question: 'count' | 'take'): Promise<Answer> {
    const answer = once(this.child, 'message');
    this.child.send(question);
    return ((await answer) as [Answer])[0];
  }
}
