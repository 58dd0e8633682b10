import { GO_ZERO_TIME_MS } from '@tocsin/common/time/rfc3339';
import { describe, expect, it } from 'vitest';
import { aMatcher, aSilence } from './testing/a-silence';
import { whyInvalidSilence } from './validate-silence';

const ofSets = (...sets: string[][]) => aSilence({ matcherSets: sets.map((set) => set.map(aMatcher)) });

describe('whyInvalidSilence', () => {
  it.each<[string, string[][], string | null]>([
    ['takes one that demands something', [['a=1']], null],
    ['takes negative matchers alone', [['a!=1'], ['a!~x*']], null],
    ['takes matchers of the empty text beside another', [['a=', 'b=~.*', 'c=x']], null],
    ['takes names of any letters', [['ü x=1']], null],
    ['wants a set', [], 'at least one matcher set required'],
    ['wants matchers in a set', [['a=1'], []], 'matcher set 1 is empty'],
    ['refuses an empty name', [['a=1', '=x']], 'invalid label matcher 1 in set 0: invalid label name ""'],
    ['refuses text that is no UTF-8', [['a=\ud800']], 'invalid label matcher 0 in set 0: invalid label value "\ufffd"'],
    [
      'refuses a regex as it was written',
      [['a=1'], ['a=~[']],
      'invalid label matcher 0 in set 1: invalid regular expression "[": error parsing regexp: missing closing ]: `[`',
    ],
    [
      'refuses a regex that compiles only between anchors',
      [['a!~a)(?:b']],
      'invalid label matcher 0 in set 0: invalid regular expression "a)(?:b": error parsing regexp: unexpected ): `a)(?:b`',
    ],
    [
      'refuses a regex that does not compile between anchors',
      [['a=~\\Qa']],
      'invalid label matcher 0 in set 0: invalid regular expression "\\\\Qa": error parsing regexp: missing closing ): `^(?:\\Qa)$`',
    ],
    [
      'refuses what everything matches',
      [['a=1'], ['a=', 'b=~x|']],
      'matcher set 1: at least one matcher must not match the empty string',
    ],
    [
      'looks for the empty text without anchors',
      [['a=~x*']],
      'matcher set 0: at least one matcher must not match the empty string',
    ],
  ])('%s', (_, sets, reason) => {
    expect(whyInvalidSilence(ofSets(...sets), 'utf8')).toBe(reason === null ? null : `invalid silence: ${reason}`);
  });

  it.each([
    [{ startsAtMs: GO_ZERO_TIME_MS }, 'invalid zero start timestamp'],
    [{ endsAtMs: GO_ZERO_TIME_MS }, 'invalid zero end timestamp'],
    [{ startsAtMs: 5, endsAtMs: 4 }, 'end time must not be before start time'],
  ])('checks times: %j', (times, reason) => {
    expect(whyInvalidSilence(aSilence(times), 'utf8')).toBe(`invalid silence: ${reason}`);
  });

  it('knows the classic names', () => {
    expect(whyInvalidSilence(ofSets(['ü=1']), 'classic')).toBe(
      'invalid silence: invalid label matcher 0 in set 0: invalid label name "ü"',
    );
  });
});
