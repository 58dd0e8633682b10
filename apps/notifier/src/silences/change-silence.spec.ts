import { describe, expect, it } from 'vitest';
import { expireSilence, planSilence, type SilenceDraft } from './change-silence';
import { aMatcher, aStoredSilence } from './testing/a-silence';

const nowMs = 100_500;
const active = aStoredSilence({ id: 'old', startsAtMs: 50_700, endsAtMs: 200_000, updatedAtMs: 50_000, version: 7 });
const pending = { ...active, startsAtMs: 150_000 };
const expired = { ...active, endsAtMs: 90_000 };
const justEnded = { ...active, endsAtMs: nowMs };
const { version: _, updatedAtMs: __, ...fields } = active;

function plan(known: typeof active | null, changes: Partial<SilenceDraft>) {
  return planSilence({ ...fields, ...changes }, known, 'new', nowMs);
}

describe('planSilence', () => {
  it('makes a new silence, which begins now at the earliest', () => {
    const made = { ...fields, id: 'new', updatedAtMs: nowMs };
    expect(plan(null, { id: '' })).toEqual({ kind: 'created', silence: { ...made, startsAtMs: nowMs } });
    expect(plan(null, { id: '', startsAtMs: 170_000 })).toEqual({
      kind: 'created',
      silence: { ...made, startsAtMs: 170_000 },
    });
  });

  it.each<[string, typeof active, Partial<SilenceDraft>, string]>([
    ['the end of an active one', active, { endsAtMs: 300_000 }, 'updated'],
    ['an active one to end now', active, { endsAtMs: nowMs }, 'updated'],
    ['texts', active, { comment: 'other', createdBy: 'you', annotations: { a: '1' } }, 'updated'],
    ['the start of an active one within its second', active, { startsAtMs: 50_000 }, 'updated'],
    ['the start of an active one', active, { startsAtMs: 51_000 }, 'replaced'],
    ['an active one to have ended before', active, { endsAtMs: nowMs - 1 }, 'replaced'],
    ['the matchers', active, { matcherSets: [[aMatcher('alertname=Y')]] }, 'replaced'],
    ['more matchers', active, { matcherSets: [[aMatcher('alertname=X'), aMatcher('a=1')]] }, 'replaced'],
    ['the start of a pending one', pending, { startsAtMs: 160_000 }, 'updated'],
    ['a pending one to begin now', pending, { startsAtMs: nowMs }, 'updated'],
    ['a pending one to have begun', pending, { startsAtMs: nowMs - 1 }, 'replaced'],
    ['one that is over', expired, { endsAtMs: 300_000 }, 'replaced'],
    ['one that was ended in this very millisecond', justEnded, { endsAtMs: 300_000 }, 'replaced'],
  ])('changes %s', (_, known, changes, kind) => {
    const planned = plan(known, { startsAtMs: known.startsAtMs, endsAtMs: known.endsAtMs, ...changes });
    expect(planned.kind).toBe(kind);
    expect(planned.silence).toMatchObject({ id: kind === 'updated' ? 'old' : 'new', updatedAtMs: nowMs });
    expect('version' in planned.silence).toBe(false);
  });

  it('takes everything from the draft', () => {
    const changes = { startsAtMs: 50_001, endsAtMs: 9e6, createdBy: 'you', comment: 'c', annotations: { a: '1' } };
    expect(plan(active, changes)).toEqual({ kind: 'updated', silence: { ...fields, ...changes, updatedAtMs: nowMs } });
  });

  it('ends the silence that is replaced, if it is not over', () => {
    const changes = { matcherSets: [[aMatcher('a=1')]] };
    const { version: _, ...old } = active;
    const ended = { ...old, endsAtMs: nowMs, updatedAtMs: nowMs };
    expect(plan(active, changes)).toMatchObject({ replaces: 'old', ended });
    expect(plan(pending, changes)).toMatchObject({ replaces: 'old', ended: { ...ended, startsAtMs: nowMs } });
    expect(plan(expired, changes)).toMatchObject({ replaces: 'old', ended: null });
  });
});

it('expireSilence ends nothing twice', () => {
  expect(expireSilence(active, nowMs)).toMatchObject({ startsAtMs: 50_700, endsAtMs: nowMs, updatedAtMs: nowMs });
  expect(expireSilence(pending, nowMs)).toMatchObject({ startsAtMs: nowMs, endsAtMs: nowMs });
  expect(expireSilence(expired, nowMs)).toBeNull();
  expect(expireSilence(justEnded, nowMs)).toBeNull();
});
