import { expect, it } from 'vitest';
import { nativePattern } from './native-pattern';

it.each([
  ['node-[0-9]+\\.example', true],
  ['eu-central-[1-4]', true],
  ['pod-.', true],
  ['a\\*😀?', true],
  ['a+b+', false],
  ['a|b', false],
  ['(a)b*', false],
  ['a+?', false],
  ['a{2}', false],
  ['[b-a]', false],
  ['[\\w]', false],
  ['[[:alpha:]]', false],
  ['\\d', false],
  ['a]', false],
])('%j is translated: %j', (pattern, isTranslated) => expect(nativePattern(pattern) !== null).toBe(isTranslated));
