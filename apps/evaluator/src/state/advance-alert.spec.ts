import { expect, it } from 'vitest';
import { advanceAlert, type Presence, RESOLVED_RETENTION_MS, skipUnevaluated } from './advance-alert';
import { type AlertState, type Firing, INACTIVE, type Pending, type Resolved } from './alert-state';

const S = 1_000;
const pending = (activeAtMs: number): Pending => ({ phase: 'pending', activeAtMs });
const firing = (activeAtMs: number, firedAtMs: number, more: Partial<Firing> = {}): Firing => {
  return { phase: 'firing', activeAtMs, firedAtMs, lastSentMs: null, keepFiringSinceMs: null, ...more };
};
const resolved = (resolvedAtMs: number, lastSentMs: number | null = 0): Resolved => {
  return { phase: 'resolved', activeAtMs: 0, firedAtMs: 0, resolvedAtMs, lastSentMs };
};

interface Hold {
  forMs?: number;
  keepFiringForMs?: number;
}
type Row = [string, AlertState, Presence, Hold, number, AlertState];

it.each<Row>([
  ['nothing comes of nothing', INACTIVE, 'absent', {}, 0, INACTIVE],
  ['a new alert fires at once without `for`', INACTIVE, 'seen', {}, 30 * S, firing(30 * S, 30 * S)],
  ['a new alert is pending with `for`', INACTIVE, 'seen', { forMs: 15 * S }, 30 * S, pending(30 * S)],
  ['a pending alert waits while `for` has not passed', pending(0), 'seen', { forMs: 60 * S }, 60 * S - 1, pending(0)],
  ['it fires on the slot where `for` is met', pending(0), 'seen', { forMs: 60 * S }, 60 * S, firing(0, 60 * S)],
  ['it fires when `for` was taken away', pending(0), 'seen', {}, 15 * S, firing(0, 15 * S)],
  ['a pending alert not seen is forgotten', pending(0), 'absent', { forMs: 60 * S }, 15 * S, INACTIVE],
  ['a firing alert goes on', firing(0, 0, { lastSentMs: 9 }), 'seen', {}, 30 * S, firing(0, 0, { lastSentMs: 9 })],
  [
    'it is pending again when `for` was raised',
    firing(0, 0, { lastSentMs: 9 }),
    'seen',
    { forMs: 90 * S },
    60 * S,
    pending(0),
  ],
  ['it fires on when the raised `for` is met already', firing(0, 0), 'seen', { forMs: 60 * S }, 60 * S, firing(0, 0)],
  [
    'a firing alert not seen is resolved',
    firing(0, 5, { lastSentMs: 9 }),
    'absent',
    {},
    30 * S,
    { ...resolved(30 * S, 9), firedAtMs: 5 },
  ],
  [
    '`keep_firing_for` holds it from the first miss',
    firing(0, 0),
    'absent',
    { keepFiringForMs: 60 * S },
    30 * S,
    firing(0, 0, { keepFiringSinceMs: 30 * S }),
  ],
  [
    'it is held until the time has passed',
    firing(0, 0, { keepFiringSinceMs: 30 * S }),
    'absent',
    { keepFiringForMs: 60 * S },
    90 * S - 1,
    firing(0, 0, { keepFiringSinceMs: 30 * S }),
  ],
  [
    'and then resolved',
    firing(0, 0, { keepFiringSinceMs: 30 * S }),
    'absent',
    { keepFiringForMs: 60 * S },
    90 * S,
    { ...resolved(90 * S, null) },
  ],
  [
    'seen again, it is no longer held',
    firing(0, 0, { keepFiringSinceMs: 30 * S }),
    'seen',
    { keepFiringForMs: 60 * S },
    60 * S,
    firing(0, 0),
  ],
  [
    'held, it is pending again when `for` was raised',
    firing(0, 0, { keepFiringSinceMs: 30 * S }),
    'absent',
    { forMs: 90 * S, keepFiringForMs: 60 * S },
    60 * S,
    pending(0),
  ],
  ['a resolved alert seen again is a new one', resolved(30 * S, 30 * S), 'seen', {}, 60 * S, firing(60 * S, 60 * S)],
  ['and pending with `for`', resolved(30 * S, 30 * S), 'seen', { forMs: 60 * S }, 60 * S, pending(60 * S)],
  ['a resolved alert is remembered for 15 minutes', resolved(0), 'absent', {}, RESOLVED_RETENTION_MS, resolved(0)],
  ['and forgotten after them', resolved(0), 'absent', {}, RESOLVED_RETENTION_MS + 1, INACTIVE],
  ['an incomplete result ends no firing alert', firing(0, 0), 'unknown', {}, 30 * S, firing(0, 0)],
  ['nor a pending one, nor does it count as seen', pending(0), 'unknown', { forMs: 15 * S }, 30 * S, pending(0)],
])('%s', (_, prev, presence, { forMs = 0, keepFiringForMs = 0 }, slotMs, next) => {
  expect(advanceAlert(prev, presence, { forMs, keepFiringForMs }, slotMs)).toEqual(next);
});

it('answers with the same object when nothing changed', () => {
  const hold = { forMs: 60 * S, keepFiringForMs: 60 * S };
  for (const [prev, presence] of [
    [pending(0), 'seen'],
    [firing(-60 * S, 0), 'seen'],
    [firing(-60 * S, 0, { keepFiringSinceMs: 0 }), 'absent'],
    [resolved(0), 'absent'],
  ] as const) {
    expect(advanceAlert(prev, presence, hold, 30 * S)).toBe(prev);
  }
});

it.each<[string, AlertState, number, AlertState]>([
  ['does not count towards `for`', pending(0), 600 * S, pending(600 * S)],
  ['up to the tolerance', pending(0), 3_600 * S, pending(3_600 * S)],
  ['beyond it a pending alert starts over', pending(0), 3_600 * S + 1, INACTIVE],
  ['changes no firing alert', firing(0, 0), 7_200 * S, firing(0, 0)],
  ['that is none', pending(0), 0, pending(0)],
  ['that is negative', pending(0), -5, pending(0)],
])('time without evaluation: %s', (_, prev, unevaluatedMs, next) => {
  expect(skipUnevaluated(prev, unevaluatedMs, 3_600 * S)).toEqual(next);
});
