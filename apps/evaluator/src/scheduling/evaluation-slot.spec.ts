import { expect, it } from 'vitest';
import { missedSlots, nextSlot, scheduleOf, slotAt } from './evaluation-slot';

const minute = { intervalMs: 60_000, phaseMs: 17_250 };

it.each([
  ['on the slot', 60_000 + 17_250, 77_250, 137_250],
  ['a moment before it', 77_249, 17_250, 77_250],
  ['a moment after it', 77_251, 77_250, 137_250],
  [
    'long after the epoch',
    Date.UTC(2026, 0, 1) + 1,
    Date.UTC(2025, 11, 31, 23, 59, 17, 250),
    Date.UTC(2026, 0, 1, 0, 0, 17, 250),
  ],
  ['before the phase of the epoch', 0, -42_750, 17_250],
])('%s: the slot and the next one', (_, nowMs, slotMs, nextMs) => {
  expect([slotAt(minute, nowMs), nextSlot(minute, nowMs)]).toEqual([slotMs, nextMs]);
});

it.each([
  ['none when it is in time', 77_250, 77_250, 0],
  ['none within the interval', 77_250, 137_249, 0],
  ['those that passed', 77_250, 77_250 + 180_000, 3],
  ['none for a slot before', 137_250, 77_250, 0],
])('missed slots: %s', (_, dueMs, slotMs, missed) => {
  expect(missedSlots(minute, dueMs, slotMs)).toBe(missed);
});

it('gives a group the same phase everywhere and spreads groups over the interval', () => {
  const phase = (name: string, file = 'a.yml') => scheduleOf({ file, name, intervalMs: 60_000 }).phaseMs;
  expect(phase('g')).toBe(phase('g'));
  expect(phase('g')).not.toBe(phase('g', 'b.yml'));
  const quarters = [0, 0, 0, 0];
  for (let n = 0; n < 400; n++) quarters[Math.floor(phase(`group-${n}`) / 15_000)]!++;
  expect(Math.min(...quarters)).toBeGreaterThan(70);
});
