import { expect, it } from 'vitest';
import { parseChangeLines } from './alert-change-lines';

it('reads the lines of an entry, leaving out kinds of a newer version', () => {
  expect(parseChangeLines('s f1 20 10\nt f2 7 21 11\nz f9 what\nd f3 8 g1\nf f4\nS i1\nF i2')).toEqual([
    { kind: 'store', fingerprint: 'f1' },
    { kind: 'touch', fingerprint: 'f2', version: 7, endsAtMs: 21, updatedAtMs: 11 },
    { kind: 'settle', fingerprint: 'f3', version: 8, groupId: 'g1' },
    { kind: 'forget', fingerprint: 'f4' },
    { kind: 'silence', id: 'i1' },
    { kind: 'silence-gone', id: 'i2' },
  ]);
});
