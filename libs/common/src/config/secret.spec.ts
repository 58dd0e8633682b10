import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from './secret';

it.each([
  ['text', (secret: Secret) => `${secret}`],
  ['concatenation', (secret: Secret) => '' + secret],
  ['JSON', (secret: Secret) => JSON.parse(JSON.stringify({ secret })).secret as string],
  ['inspection', (secret: Secret) => inspect(secret)],
])('%s hides a secret and shows that an empty one is empty', (_, print) => {
  expect([print(new Secret('hunter2')), print(new Secret(''))]).toEqual(['<secret>', '']);
});

it('hides it inside other values, and reveals it on request', () => {
  const secret = new Secret('hunter2');
  expect(inspect({ deep: [secret] }, { depth: 9, showHidden: true })).not.toContain('hunter2');
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.reveal()).toBe('hunter2');
});
