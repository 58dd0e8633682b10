import { expect, it } from 'vitest';
import { fileNamePattern, isRuleFilePattern } from './file-pattern';

it.each([
  ['rules.yml', true],
  ['/etc/rules/*.yml', true],
  ['rules/a*b', true],
  ['*', true],
  ['rules/*/a.yml', false],
  ['**/a.yml', false],
  ['a*b*.yml', true],
])('%s as path in rule_files: %s', (path, isLegal) => {
  expect(isRuleFilePattern(path)).toBe(isLegal);
});

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
