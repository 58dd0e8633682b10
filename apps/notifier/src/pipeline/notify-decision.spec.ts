import { describe, expect, it } from 'vitest';
import { type Told } from './notification-record';
import { notifyVerdict } from './notify-decision';

const HOUR = 3_600_000;
const told = (firing: string[], resolved: string[] = [], atMs = 10 * HOUR): Told => ({
  sequence: 1,
  atMs,
  firing,
  resolved,
});

describe('notifyVerdict answers as the dedup table says, first match first', () => {
  const now = 11 * HOUR;
  it.each([
    ['never told, something fires', null, ['a'], [], true, now, 'first notification'],
    ['never told, nothing fires', null, [], ['a'], true, now, 'none'],
    ['told that all is over, something fires', told([]), ['a'], [], true, now, 'first notification'],
    ['a new alert fires', told(['a']), ['a', 'b'], [], true, now, 'new alerts added'],
    ['an alert is gone and another one fires', told(['a']), ['b'], ['a'], true, now, 'new alerts added'],
    ['all has resolved', told(['a']), [], ['a'], true, now, 'all alerts resolved'],
    ['all has resolved, and resolved ones are not wanted', told(['a']), [], ['a'], false, now, 'all alerts resolved'],
    ['all resolved was told already', told([], ['a']), [], ['a'], true, now, 'none'],
    ['one of two has resolved', told(['a', 'b']), ['a'], ['b'], true, now, 'some alerts resolved'],
    ['one of two has resolved, and that is not wanted', told(['a', 'b']), ['a'], ['b'], false, now, 'none'],
    ['one of two has resolved, and that was told', told(['a'], ['b']), ['a'], ['b'], true, now, 'none'],
    ['nothing changed within the repeat interval', told(['a']), ['a'], [], true, now, 'none'],
    ['the repeat interval is not over at its very end', told(['a']), ['a'], [], true, 14 * HOUR, 'none'],
    ['the repeat interval is over', told(['a']), ['a'], [], true, 14 * HOUR + 1, 'repeat interval elapsed'],
    ['the repeat interval is over but nothing fires', told([], ['a']), [], ['a'], true, 20 * HOUR, 'none'],
  ])('%s', (_, before, firing, resolved, sendResolved, nowMs, verdict) => {
    const question = { firing, resolved, sendResolved, repeatIntervalMs: 4 * HOUR, nowMs };
    expect(notifyVerdict(before, question)).toBe(verdict);
  });
});
