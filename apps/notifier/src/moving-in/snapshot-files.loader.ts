import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '@tocsin/common/log/log';

/** The files an Alertmanager leaves in its `--storage.path`; null: not there. */
export interface SnapshotFiles {
  readonly silences: Uint8Array | null;
  readonly nflog: Uint8Array | null;
  /** Files that are there and cannot be read, with the reason. */
  readonly faults: readonly string[];
}

export async function loadSnapshotFiles(folder: string): Promise<SnapshotFiles> {
  const faults: string[] = [];
  const load = async (name: string): Promise<Uint8Array | null> => {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') faults.push(`${name}: ${reasonOf(error)}`);
      return null;
    }
  };
  return { silences: await load('silences'), nflog: await load('nflog'), faults };
}
