import { type Alert } from '@tocsin/common/alert/alert';
import { describe, expect, it } from 'vitest';
import { type AlertView, type StoredAlert } from './alert-book';
import { planWrites } from './plan-writes';

const nowMs = 100_000;

const firing: StoredAlert = {
  fingerprint: 'f',
  labels: { alertname: 'A' },
  annotations: { summary: 's', runbook: 'r' },
  startsAtMs: 10_000,
  endsAtMs: nowMs + 60_000,
  updatedAtMs: nowMs - 60_000,
  generatorURL: 'u',
  timeout: false,
  startsAtOffsetMin: 0,
  endsAtOffsetMin: 0,
  version: 3,
  settledIn: [],
};
const resolved: StoredAlert = { ...firing, endsAtMs: nowMs - 5_000 };

function viewOf(stored: StoredAlert | null): AlertView {
  return new Map(stored === null ? [] : [[stored.fingerprint, stored]]);
}

/** As a sender would describe the stored alert now. */
function message(changes: Partial<Alert> = {}): Alert {
  const { version: _, settledIn: __, ...alert } = firing;
  return { ...alert, updatedAtMs: nowMs, endsAtMs: nowMs + 120_000, ...changes };
}

describe('planWrites', () => {
  it('stores a firing alert that a group is done with, so that it is in its groups again', () => {
    const stored = { ...firing, settledIn: ['group'] };
    expect(planWrites(viewOf(stored), [message()], nowMs)).toMatchObject([{ kind: 'store', expected: stored }]);
  });

  it('stores an alert it does not know', () => {
    const alert = message();
    expect(planWrites(viewOf(null), [alert], nowMs)).toEqual([{ kind: 'store', expected: null, alert }]);
  });

  it.each<[string, StoredAlert, Partial<Alert>, number, number]>([
    ['a later end', firing, {}, nowMs + 120_000, nowMs],
    ['the same end, but heard of after a while', firing, { endsAtMs: firing.endsAtMs }, firing.endsAtMs, nowMs],
    ['texts in another order', firing, { annotations: { runbook: 'r', summary: 's' } }, nowMs + 120_000, nowMs],
    ['another offset of the same time', firing, { endsAtOffsetMin: 60, startsAtOffsetMin: 60 }, nowMs + 120_000, nowMs],
    ['resolved again, later', resolved, { endsAtMs: nowMs - 1_000 }, nowMs - 1_000, nowMs],
    [
      'a shorter time-out than before',
      { ...firing, timeout: true },
      { endsAtMs: nowMs + 30_000, timeout: true },
      nowMs + 30_000,
      nowMs,
    ],
    [
      'a time-out in place of an end that was held, however soon',
      { ...firing, endsAtMs: nowMs + 9_000_000, updatedAtMs: nowMs - 5, timeout: true },
      { endsAtMs: nowMs + 30_000, timeout: true },
      nowMs + 30_000,
      nowMs,
    ],
  ])('touches an unchanged refresh: %s', (_, stored, changes, endsAtMs, updatedAtMs) => {
    expect(planWrites(viewOf(stored), [message(changes)], nowMs)).toEqual([
      { kind: 'touch', fingerprint: 'f', expected: stored, endsAtMs, updatedAtMs },
    ]);
  });

  it.each<[string, StoredAlert, Partial<Alert>]>([
    ['another annotation', firing, { annotations: { summary: 'other', runbook: 'r' } }],
    ['one annotation more', firing, { annotations: { ...firing.annotations, more: '' } }],
    ['one annotation less', firing, { annotations: { summary: 's' } }],
    ['another generator', firing, { generatorURL: 'v' }],
    ['another start', firing, { startsAtMs: 9_000 }],
    ['an end of its own instead of a time-out', { ...firing, timeout: true }, {}],
    ['resolved', firing, { endsAtMs: nowMs - 1_000 }],
    ['resolved at this instant', firing, { endsAtMs: nowMs }],
    ['fires again', resolved, {}],
    ['fires again after its time-out passed', { ...resolved, timeout: true }, { timeout: true }],
  ])('stores what changed: %s', (_, stored, changes) => {
    const alert = message(changes);
    expect(planWrites(viewOf(stored), [alert], nowMs)).toEqual([{ kind: 'store', expected: stored, alert }]);
  });

  it.each<[string, StoredAlert, Partial<Alert>]>([
    ['the same post, to a second notifier', { ...firing, updatedAtMs: nowMs - 5 }, { endsAtMs: firing.endsAtMs }],
    [
      'and one with an earlier time-out',
      { ...firing, updatedAtMs: nowMs - 5, timeout: true },
      { endsAtMs: firing.endsAtMs - 5, timeout: true },
    ],
    ['a late one', { ...firing, updatedAtMs: nowMs + 5 }, {}],
    [
      'a late one that would begin anew',
      { ...firing, updatedAtMs: nowMs + 5 },
      { startsAtMs: 11_000, endsAtMs: 12_000 },
    ],
    ['resolved, told once more', { ...resolved, updatedAtMs: nowMs - 5 }, { endsAtMs: resolved.endsAtMs }],
    ['resolved, with an earlier end', { ...resolved, updatedAtMs: nowMs - 5 }, { endsAtMs: resolved.endsAtMs - 1_000 }],
  ])('writes nothing for what is known: %s', (_, stored, changes) => {
    expect(planWrites(viewOf(stored), [message(changes)], nowMs)).toEqual([]);
  });

  it('writes what began after the last post, however soon: its end in between may not be known here yet', () => {
    const stored = { ...firing, timeout: true, updatedAtMs: nowMs - 5_000 };
    const again = message({ startsAtMs: nowMs - 1_000, endsAtMs: stored.endsAtMs - 1_000, timeout: true });
    expect(planWrites(viewOf(stored), [again], nowMs)).toMatchObject([{ kind: 'touch', expected: stored }]);
  });

  it('merges with what is stored', () => {
    const alert = message({ startsAtMs: nowMs, timeout: true });
    expect(planWrites(viewOf({ ...firing, timeout: true }), [alert], nowMs)).toMatchObject([
      { kind: 'touch', endsAtMs: alert.endsAtMs },
    ]);
    expect(planWrites(viewOf(firing), [alert], nowMs)).toMatchObject([
      { kind: 'store', alert: { startsAtMs: firing.startsAtMs, timeout: true } },
    ]);
  });

  it('folds several messages about one alert in their order', () => {
    const end = message({ endsAtMs: nowMs - 1 });
    const again = message({ startsAtMs: nowMs, annotations: {} });
    const other = message({ fingerprint: 'g' });
    expect(planWrites(viewOf(firing), [end, other, again], nowMs)).toEqual([
      { kind: 'store', expected: firing, alert: again },
      { kind: 'store', expected: null, alert: other },
    ]);
    expect(planWrites(viewOf(null), [message(), end], nowMs)).toMatchObject([
      { kind: 'store', expected: null, alert: { endsAtMs: nowMs - 1 } },
    ]);
  });

  it('costs next to nothing for unchanged refreshes', () => {
    const view = new Map(
      Array.from({ length: 256 }, (_, index) => [`f${index}`, { ...firing, fingerprint: `f${index}` }]),
    );
    const messages = [...view.keys()].map((fingerprint) =>
      message({ fingerprint, annotations: { ...firing.annotations } }),
    );
    const rounds = Array.from({ length: 200 }, () => {
      const startMs = performance.now();
      planWrites(view, messages, nowMs);
      return (performance.now() - startMs) / messages.length;
    });
    // About 1 µs; the bound only tells a comparison that went wrong from a busy machine.
    expect(Math.min(...rounds) * 1_000).toBeLessThan(10);
  });
});
