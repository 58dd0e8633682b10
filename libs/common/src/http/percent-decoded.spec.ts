import { expect, it } from 'vitest';
import { percentDecoded } from './percent-decoded';

it.each([
  ['nothing to decode', 'abc', 'abc'],
  ['what is encoded', 'p%40ss%20%C3%A4', 'p@ss ä'],
  ['a stray %', '50%', '50%'],
  ['a stray % beside what is encoded', '50%%20%C3%A4', '50% ä'],
  ['bytes that are no UTF-8', '%FF', '%FF'],
])('decodes %s', (_, text, decoded) => expect(percentDecoded(text)).toBe(decoded));
