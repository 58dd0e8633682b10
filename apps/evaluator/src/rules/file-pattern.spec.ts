import { expect, it } from 'vitest';
import { isRuleFilePattern } from './file-pattern';

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
