import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for one test, gone when stopped. */
export class TempFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'tocsin-test-'));

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const path = this.file(name);
    writeFileSync(path, text);
    return path;
  }

  async stop(): Promise<void> {
    rmSync(this.path, { recursive: true, force: true });
  }
}
