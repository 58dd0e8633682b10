import { describe, expect, it } from 'vitest';
import { afterOutage } from './after-outage';
import { type StoredAlert } from './alert-book';
import { anAlert } from './alert-book.contract';

const sinceMs = 1_000_000;
const noticedMs = sinceMs + 360_000;
const nowMs = noticedMs + 50;

describe('afterOutage', () => {
  it.each<[string, Partial<StoredAlert>, number | null]>([
    ['gives back the lifetime that was left', { endsAtMs: sinceMs + 180_000 }, nowMs + 180_000],
    ['also where time is left even now', { endsAtMs: nowMs + 180_000 }, nowMs + 540_050],
    ['and the very last moment', { endsAtMs: sinceMs + 1 }, nowMs + 1],
    [
      'all of it, if heard of after the last beat',
      { endsAtMs: sinceMs + 900, updatedAtMs: sinceMs + 400 },
      nowMs + 500,
    ],
    ['leaves what had ended before', { endsAtMs: sinceMs - 1 }, null],
    ['leaves what ended as the outage began', { endsAtMs: sinceMs }, null],
    ['leaves what was resolved after the last beat', { endsAtMs: sinceMs + 400, updatedAtMs: sinceMs + 400 }, null],
    ['leaves what was heard of since', { endsAtMs: nowMs + 1, updatedAtMs: noticedMs }, null],
  ])('%s', (_, changes, endsAtMs) => {
    const alert = { ...anAlert('x'), updatedAtMs: sinceMs - 1, version: 1, settledIn: [], ...changes };
    expect(afterOutage(alert, { sinceMs, noticedMs }, nowMs)).toEqual(
      endsAtMs === null
        ? null
        : { kind: 'touch', fingerprint: 'x', expected: alert, endsAtMs, updatedAtMs: alert.updatedAtMs },
    );
  });
});
