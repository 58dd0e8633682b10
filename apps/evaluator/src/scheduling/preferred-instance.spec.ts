import { expect, it } from 'vitest';
import { preferredInstance } from './preferred-instance';

const live = (...names: string[]) => names.map((name) => ({ name, address: '' }));
const groups = Array.from({ length: 300 }, (_, n) => `group-${n}`);

it('names nobody when nobody lives', () => {
  expect(preferredInstance('g', [])).toBeNull();
});

it('shares the groups out evenly, whatever the order of the instances', () => {
  const counts = new Map<string | null, number>();
  for (const group of groups) {
    const name = preferredInstance(group, live('a-1', 'a-2', 'a-3'));
    expect(preferredInstance(group, live('a-3', 'a-1', 'a-2'))).toBe(name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const name of ['a-1', 'a-2', 'a-3']) expect(counts.get(name)).toBeGreaterThan(60);
});

it('moves only the groups of an instance that goes', () => {
  for (const group of groups) {
    const before = preferredInstance(group, live('a', 'b', 'c'));
    const after = preferredInstance(group, live('a', 'c'));
    if (before !== 'b') expect(after).toBe(before);
  }
});
