import { expect, it } from 'vitest';
import { fullBucket, takeToken } from './token-bucket';

const limit = { intervalMs: 100, burst: 2 };

it.each<[string, number[], boolean[]]>([
  [
    'lets a burst through at once, then one an interval',
    [0, 0, 0, 99, 100, 150, 200],
    [true, true, false, false, true, false, true],
  ],
  ['saves up no more than a burst', [0, 10_000, 10_000, 10_000], [true, true, true, false]],
  ['gives nothing for a clock set back', [1_000, 1_000, 0, 1_000, 1_100], [true, true, false, false, true]],
])('%s', (_, times, allowed) => {
  let bucket = fullBucket(limit, times[0] ?? 0);
  const got = times.map((nowMs) => {
    const taken = takeToken(bucket, limit, nowMs);
    bucket = taken.next;
    return taken.allowed;
  });
  expect(got).toEqual(allowed);
});

it('lets nothing through without a burst, as the Go limiter', () => {
  const none = { intervalMs: 1_000, burst: 0 };
  expect(takeToken(fullBucket(none, 0), none, 10_000).allowed).toBe(false);
});
