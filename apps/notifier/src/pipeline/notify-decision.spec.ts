import { labelHash } from '@tocsin/common/labels/label-hash';
import { describe, expect, it } from 'vitest';
import { type Mutable } from './muting';
import { type Told } from './notification-record';
import { endings, type NotifyQuestion, notifyVerdict } from './notify-decision';

const HOUR = 3_600_000;
const [HASH_A, HASH_B] = [labelHash({ alertname: 'a' }), labelHash({ alertname: 'b' })];
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
    expect(notifyVerdict(before, question({ firing, resolved, sendResolved, nowMs }))).toBe(verdict);
  });

  it.each([
    ['an alert is known', told([HASH_A]), ['a'], [], 'none'],
    ['a new one fires', told([HASH_A]), ['a', 'b'], [], 'new alerts added'],
    ['the known one has ended', told([HASH_A]), [], ['a'], 'all alerts resolved'],
    ['the end of one was told', told([HASH_A], [HASH_B]), ['a'], ['b'], 'none'],
  ])('by label hashes where the record was imported: %s', (_, before, firing, resolved, verdict) => {
    const imported: Told = { ...before, hashing: 'xxhash' };
    expect(notifyVerdict(imported, question({ firing, resolved, nowMs: now }))).toBe(verdict);
  });
});

describe('notifyVerdict with on_muted: close', () => {
  const now = 11 * HOUR;
  it.each([
    ['never told, something fires', null, ['a'], [], 'first notification'],
    ['never told, nothing fires', null, [], [], 'none'],
    ['a new alert fires', told(['a']), ['a', 'b'], [], 'new alerts added'],
    ['nothing fires, and what the receiver believes to fire has ended', told(['a']), [], ['a'], 'all alerts resolved'],
    ['nothing is heard, and nothing can be told as ended', told(['a']), [], [], 'none'],
    ['one that the receiver believes to fire has ended', told(['a', 'b'], ['b']), ['a'], ['b'], 'some alerts resolved'],
    ['it opens again after a close', told([], ['a']), ['a'], [], 'first notification'],
  ])('%s', (_, before, firing, resolved, verdict) => {
    expect(notifyVerdict(before, question({ firing, resolved, nowMs: now, onMuted: 'close' }))).toBe(verdict);
  });
});

describe('endings', () => {
  it.each([
    ['what no message said to be over', { ...told(['b']), open: ['a', 'b'] }, ['a', 'b']],
    ['what the last message said to fire, where nothing else is known', told(['b']), ['b']],
    ['by label hash in imported records', { ...told([HASH_A]), hashing: 'xxhash' as const }, ['a']],
    ['nothing where nothing was told', null, []],
  ])('are %s', (_, before, expected) => {
    const alerts = ['a', 'b', 'c'].map(alert);
    expect(endings(before, alerts).map(({ fingerprint }) => fingerprint)).toEqual(expected);
  });
});

const alert = (fingerprint: string): Mutable => ({ fingerprint, labels: { alertname: fingerprint } });

function question(
  asked: Pick<NotifyQuestion, 'nowMs'> & {
    firing: readonly string[];
    resolved: readonly string[];
    sendResolved?: boolean;
    onMuted?: NotifyQuestion['onMuted'];
  },
): NotifyQuestion {
  return {
    sendResolved: true,
    onMuted: 'ignore',
    repeatIntervalMs: 4 * HOUR,
    ...asked,
    firing: asked.firing.map(alert),
    resolved: asked.resolved.map(alert),
  };
}
