import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { redisKeys } from './redis-keys';

const doc = readFileSync(new URL('../../../../docs/redis-keys.md', import.meta.url), 'utf8');

/** Keys with their variable parts numbered, so that names do not matter. */
const inCode = Object.values(redisKeys()).map((key) => (key as (...parts: string[]) => string)('<1>', '<2>'));
const inDoc = [...doc.matchAll(/^\| `([^`]+)`/gm)].map(([, key = '']) => {
  let number = 0;
  return key.replace(/<[^>]+>/g, () => `<${++number}>`);
});

it('docs/redis-keys.md lists every key of the code, in its order', () => expect(inDoc).toEqual(inCode));

it('every key has the one hash tag of its installation', () => {
  for (const key of Object.values(redisKeys('mine')))
    expect((key as (...parts: string[]) => string)('a', 'b')).toMatch(/^\{mine\}:[^{}]*$/);
});
