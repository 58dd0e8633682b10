import { describe, expect, it } from 'vitest';
import { silenceSizeBytes } from './silence-size';
import { aMatcher, aSilence } from './testing/a-silence';

const secondMs = 1_000;
const empty = aSilence({
  id: '',
  matcherSets: [],
  createdBy: '',
  comment: '',
  startsAtMs: 0,
  endsAtMs: 0,
  updatedAtMs: 0,
});

// Counted by hand: tag, length and content of each field.
describe('silenceSizeBytes', () => {
  it.each<[string, Parameters<typeof silenceSizeBytes>[0], number]>([
    ['nothing but four empty times', empty, 2 + 3 * 2 + 2],
    ['a text', { ...empty, comment: 'abc' }, 10 + 5],
    ['a text by its bytes', { ...empty, comment: 'ü🔔' }, 10 + 8],
    ['a long text: two bytes of length, here and outside', { ...empty, comment: 'x'.repeat(200) }, 10 + 203 + 1],
    ['a time of today: five bytes of seconds', { ...empty, updatedAtMs: 1_767_225_600 * secondMs }, 10 + 6],
    ['a time with a fraction: 500 000 000 nanoseconds take five bytes', { ...empty, updatedAtMs: 500 }, 10 + 6],
    ['a time before 1970: ten bytes', { ...empty, updatedAtMs: -1 * secondMs }, 10 + 11],
    ['annotations, empty texts too', { ...empty, annotations: { a: '1', b: '' } }, 10 + 8 + 7],
    ['a matcher: type is left out for =', { ...empty, matcherSets: [[aMatcher('a=1')]] }, 10 + 2 + 2 + 6],
    ['matchers with a type', { ...empty, matcherSets: [[aMatcher('a!=1'), aMatcher('b=~')]] }, 10 + 2 + 10 + 7],
  ])('counts %s', (_, silence, bytes) => expect(silenceSizeBytes(silence, 0)).toBe(bytes));

  it('counts when the silence is forgotten', () => {
    expect(silenceSizeBytes(empty, 1_000)).toBe(silenceSizeBytes(empty, 0) + 2);
  });
});
