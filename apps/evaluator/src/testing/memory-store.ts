import { type EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { type EmbeddedTable } from '@tocsin/common/embedded/embedded-table';

/** An embedded store without a disk: what is written is committed at once. Survives what uses it, as a disk would. */
export function memoryStore(): EmbeddedStore & { failing: boolean; skipped: string[] } {
  const tables = new Map<string, Map<string, string>>();
  const store = {
    failing: false,
    skipped: [] as string[],
    textTable: (name: string): EmbeddedTable<string> => {
      const table = tables.get(name) ?? new Map<string, string>();
      tables.set(name, table);
      return {
        get: (key) => table.get(key),
        put: (key, value) => void table.set(key, value),
        remove: (key) => void table.delete(key),
        entries: () => [...table].sort().map(([key, value]) => ({ key, value })),
        skip: (key) => void store.skipped.push(`${name} ${key}`),
      };
    },
    committed: async () => {
      if (store.failing) throw new Error('disk full');
    },
  };
  return store as unknown as EmbeddedStore & { failing: boolean; skipped: string[] };
}
