import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddedLineLog } from './embedded-line-log';
import { type EmbeddedTable } from './embedded-table';

/** A table whose writes are committed at once. */
class FakeTable implements EmbeddedTable<string> {
  readonly values = new Map<string, string>();
  puts = 0;

  get(key: string): string | undefined {
    return this.values.get(key);
  }
  put(key: string, value: string): void {
    this.puts++;
    this.values.set(key, value);
  }
  remove(key: string): void {
    this.values.delete(key);
  }
  *entries(): Iterable<{ key: string; value: string }> {
    for (const key of [...this.values.keys()].sort()) yield { key, value: this.values.get(key) ?? '' };
  }
  get lines(): number {
    return [...this.values.values()].reduce((sum, value) => sum + value.split('\n').length, 0);
  }

  skip(): void {}
}

function open(table: FakeTable, current: ReadonlyMap<string, string>): EmbeddedLineLog {
  return new EmbeddedLineLog(table, (fingerprint) => current.get(fingerprint) ?? null);
}

const names = (count: number, prefix = 'f'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('EmbeddedLineLog', () => {
  it('writes the lines of one commit together', () => {
    const table = new FakeTable();
    const current = new Map(names(256).map((name) => [name, 'x'.repeat(40)]));
    open(table, current).write([...current.keys()]);
    expect(table.puts).toBe(1);
  });

  it('cuts long lines into records', () => {
    const table = new FakeTable();
    const current = new Map(names(256).map((name) => [name, 'x'.repeat(900)]));
    open(table, current).write([...current.keys()]);
    expect(Math.max(...[...table.values.values()].map(({ length }) => length))).toBeLessThan(20_000);
    expect(open(table, current).load()).toEqual(current);
  });

  it('keeps names of any characters apart', () => {
    const table = new FakeTable();
    const current = new Map(['a b', 'a%20b', 'a', '%', '100%\n', 'ü 日'].map((name) => [name, `of ${name.length}`]));
    open(table, current).write([...current.keys(), 'a']);
    expect(open(table, current).load()).toEqual(current);
  });

  it('writes nothing about what is gone with its last record', () => {
    const table = new FakeTable();
    const current = new Map([['a', 'here']]);
    const log = open(table, current);
    log.write(['a']);
    current.delete('a');
    log.write(['a']);
    expect([table.puts, table.values.size]).toEqual([1, 0]);
  });

  it('forgets what is gone, also when older records still tell of it', () => {
    const table = new FakeTable();
    const current = new Map(names(9).map((name) => [name, 'first']));
    const log = open(table, current);
    log.write([...current.keys()]);
    current.delete('f0');
    log.write(['f0']);
    expect([...open(table, current).load().keys()]).toEqual(names(9).slice(1));
  });

  it('leaves next to nothing on disk of what came and went', () => {
    const table = new FakeTable();
    const current = new Map([['stays', 'here']]);
    const log = open(table, current);
    log.write(['stays']);
    for (let round = 0; round < 200; round++) {
      const guests = names(10, `round${round}-`);
      for (const text of ['comes', 'changes']) {
        for (const name of guests) current.set(name, text);
        log.write(guests);
      }
      for (const name of guests) current.delete(name);
      log.write(guests);
    }
    expect(table.lines).toBeLessThan(100);
    expect(open(table, current).load()).toEqual(current);
  });

  it('stays within a few lines for each alert, whatever is refreshed how often', () => {
    const table = new FakeTable();
    const current = new Map(names(1_000).map((name) => [name, 'quiet']));
    const log = open(table, current);
    log.write([...current.keys()]);
    for (let round = 0; round < 2_000; round++) {
      const busy = names(10, 'f').map((name) => name + String(round % 7));
      for (const name of busy) current.set(name, `round ${round}`);
      log.write(busy);
    }
    expect(table.lines).toBeLessThan(3.5 * current.size);
    expect(open(table, current).load()).toEqual(current);
  });

  it('holds what it was last told, over any course of writes, drops and restarts', () => {
    const step = fc.record({
      kind: fc.constantFrom('set', 'set', 'set', 'remove', 'remove', 'drop', 'reopen'),
      names: fc.uniqueArray(fc.constantFrom(...names(7)), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
        const table = new FakeTable();
        const current = new Map<string, string>();
        const dropped = new Set<string>();
        let log = open(table, current);
        steps.forEach((step, index) => {
          if (step.kind === 'reopen') {
            log = open(table, current);
            // A reader drops again what it had dropped before.
            for (const name of log.load().keys()) if (dropped.has(name)) log.drop(name);
            return;
          }
          for (const name of step.names) {
            if (step.kind === 'set') current.set(name, `${name} at ${index}`);
            else current.delete(name);
            if (step.kind === 'drop') dropped.add(name);
            else dropped.delete(name);
          }
          if (step.kind === 'drop') step.names.forEach((name) => log.drop(name));
          else log.write(step.names);
          const loaded = open(table, current).load();
          for (const name of dropped) loaded.delete(name);
          expect(loaded).toEqual(current);
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
