import { expect, it } from 'vitest';
import { groupIdOf, ruleIds } from './rule-group';

it('gives a group the same identity wherever it is read, without what a job id may not hold', () => {
  expect(groupIdOf('rules.yml', 'g')).toBe(groupIdOf('rules.yml', 'g'));
  expect(groupIdOf('rules.yml', 'g')).toMatch(/^[0-9a-f]{24}$/);
  expect(new Set([groupIdOf('a', 'g'), groupIdOf('b', 'g'), groupIdOf('a', 'h')]).size).toBe(3);
});

it('tells rules apart by name and labels, whatever their order', () => {
  const [a, swapped, other, named] = ruleIds([
    { name: 'A', labels: { x: '1', y: '2' } },
    { name: 'A', labels: { y: '2', x: '1' } },
    { name: 'A', labels: { x: '1', y: '3' } },
    { name: 'B', labels: { x: '1', y: '2' } },
  ]);
  expect(swapped).toBe(`${a}-2`);
  expect(new Set([a, other, named]).size).toBe(3);
});

it('counts repeated rules, so that the nth takes over from the nth', () => {
  const [first, second, third] = ruleIds(['A', 'A', 'A'].map((name) => ({ name, labels: {} })));
  expect([second, third]).toEqual([`${first}-2`, `${first}-3`]);
});
