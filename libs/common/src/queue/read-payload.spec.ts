import { expect, it } from 'vitest';
import { greetings } from './queue.contract';
import { readPayload } from './read-payload';

it.each([
  ['a known message', { v: 1, to: 'a' }, 'known'],
  ['unknown fields', { v: 1, to: 'a', x: 1 }, 'known'],
  ['a newer version', { v: 2 }, 'newer'],
  ['a newer version with the same fields', { v: 2, to: 'a' }, 'newer'],
  ['no version', { to: 'a' }, 'invalid'],
  ['a version that is no number', { v: 'two', to: 'a' }, 'invalid'],
  ['a missing field', { v: 1 }, 'invalid'],
  ['nothing', null, 'invalid'],
])('readPayload tells %s', (_, message, kind) => expect(readPayload(greetings, message).kind).toBe(kind));
