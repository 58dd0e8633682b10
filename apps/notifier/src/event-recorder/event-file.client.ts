import { type FileHandle, open, stat } from 'node:fs/promises';
import { type EventFile } from './event-recorder-config';
import { type EventOutput } from './event-output';

/** Appends events to a file. Before each write it looks whether the file is still the one of that name, so that programs
 *  that rotate logs can move it away. */
export class EventFileClient implements EventOutput {
  readonly name: string;
  private file: FileHandle | null = null;

  constructor(private readonly config: EventFile) {
    this.name = `file:${config.path}`;
  }

  async write(lines: readonly string[]): Promise<void> {
    const file = await this.current();
    await file.appendFile(`${lines.join('\n')}\n`);
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
  }

  private async current(): Promise<FileHandle> {
    if (this.file !== null && !(await isAt(this.file, this.config.path))) await this.close();
    this.file ??= await open(this.config.path, 'a', 0o644);
    return this.file;
  }
}

async function isAt(file: FileHandle, path: string): Promise<boolean> {
  try {
    const [own, there] = await Promise.all([file.stat(), stat(path)]);
    return own.ino === there.ino && own.dev === there.dev;
  } catch {
    return false;
  }
}
