import { type EventOutput } from './event-output';

/** Writes events to the standard output. */
export class EventStdoutClient implements EventOutput {
  readonly name = 'stdout';

  async write(lines: readonly string[]): Promise<void> {
    process.stdout.write(`${lines.join('\n')}\n`);
  }

  async close(): Promise<void> {}
}
