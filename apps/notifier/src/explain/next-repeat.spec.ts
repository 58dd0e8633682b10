import { expect, it } from 'vitest';
import { nextRepeatMs } from './next-repeat';

const route = { repeatIntervalMs: 600, groupIntervalMs: 100 };
const told = { sequence: 1, atMs: 1_000, firing: ['a'], resolved: [] };

it.each([
  ['the flush after the interval has passed', told, 1_100, 1_700],
  ['not the flush at which it is just as long', told, 1_050, 1_650],
  ['the next flush when it has passed by then', told, 2_000, 2_000],
  ['the flush after the next when it has just passed by that', told, 1_600, 1_700],
  ['nothing when nothing was told', null, 1_100, null],
  ['nothing when only ends were told', { ...told, firing: [] }, 1_100, null],
])('is %s', (_, record, nextFlushMs, expected) => expect(nextRepeatMs(record, nextFlushMs, route)).toBe(expected));
