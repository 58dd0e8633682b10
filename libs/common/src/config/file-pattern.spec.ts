import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileNamePattern, isBadPattern } from './file-pattern';
import { filesMatching } from './file-pattern.loader';

it.each([
  ['*.yml', 'a.yml', true],
  ['*.yml', 'a.yaml', false],
  ['*.yml', 'axyml', false],
  ['a?.yml', 'ab.yml', true],
  ['a?.yml', 'abc.yml', false],
  ['[a-c].yml', 'b.yml', true],
  ['[a-c].yml', 'd.yml', false],
  ['[^a-c].yml', 'd.yml', true],
  ['\\*.yml', '*.yml', true],
  ['\\*.yml', 'a.yml', false],
  ['(a|b)+.yml', '(a|b)+.yml', true],
])('%s fits %s: %s', (pattern, name, fits) => {
  expect(fileNamePattern(pattern).test(name)).toBe(fits);
});

it.each([
  ['*.tmpl', false],
  ['[a-c]?', false],
  ['\\[x', false],
  ['[', true],
  ['a[]b', true],
  ['a\\', true],
  ['[a', true],
])('%s is a bad pattern: %s', (pattern, isBad) => {
  expect(isBadPattern(pattern)).toBe(isBad);
});

describe('filesMatching', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'));
    for (const name of ['b/1.tmpl', 'a/2.tmpl', 'a/1.tmpl', 'a/1.txt', 'top.tmpl']) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['*.tmpl', ['top.tmpl']],
    ['*/*.tmpl', ['a/1.tmpl', 'a/2.tmpl', 'b/1.tmpl']],
    ['[b-z]/?.tmpl', ['b/1.tmpl']],
    ['a/1.tmpl', ['a/1.tmpl']],
    ['a/none.tmpl', []],
    ['none/*', []],
    ['top.tmpl/*', []],
  ])('%s', async (pattern, names) => {
    expect(await filesMatching(join(folder, pattern))).toEqual(names.map((name) => join(folder, name)));
  });
});
