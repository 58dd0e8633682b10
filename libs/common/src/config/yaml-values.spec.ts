import { expect, it } from 'vitest';
import { parseYaml } from './parse-yaml';
import { yamlValues } from './yaml-values';

function read(text: string) {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(parsed.findings[0]?.message);
  return yamlValues(parsed.document);
}

it('keeps every value as it is written', () => {
  const { value, findings } = read('a: 1.50\nb: yes\nc: "x"\nd: [1, {e: 2026-01-01T00:00:00Z}]\nf:\ng: ~\n');
  expect(value).toEqual({
    a: '1.50',
    b: 'yes',
    c: 'x',
    d: ['1', { e: '2026-01-01T00:00:00Z' }],
    f: null,
    g: null,
  });
  expect(findings).toEqual([]);
});

it('follows aliases and keeps keys that objects have by nature', () => {
  const { value } = read('a: &x {b: c}\nd: *x\n__proto__: e\n');
  expect(Object.entries(value as object)).toEqual([
    ['a', { b: 'c' }],
    ['d', { b: 'c' }],
    ['__proto__', 'e'],
  ]);
});

it('finds repeated keys, and keys that are no texts', () => {
  const { findings } = read('a: 1\nb: 2\na: 3\n[x]: 1\n');
  expect(findings.map(({ line, column, message }) => [line, column, message])).toEqual([
    [3, 1, 'key "a" is there already'],
    [4, 1, 'expected a text for a key'],
  ]);
});

it.each([
  [['a', 1, 'c'], 4, 5],
  [['a', 1], 3, 5],
  [['a', 1, 'missing'], 3, 5],
  [['a'], 1, 1],
  [['missing'], 1, 1],
  [[], 1, 1],
])('knows where %j stands', (path, line, column) => {
  expect(read('a:\n  - x\n  - b: 1\n    c: 2\n').finding(path, 'm')).toEqual({ line, column, path, message: 'm' });
});
