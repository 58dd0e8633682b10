import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { Started } from '../../support/started';
import { waitFor } from '../../support/wait-for';
import { linesOf, simulated } from '../support/simulated';
import { Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string, interval = '30s', repeat = '1h') => `
global: { resolve_timeout: 5m, delivery: { circuit_breaker: off } }
route: { receiver: team, group_by: [team], group_wait: 10s, group_interval: ${interval}, repeat_interval: ${repeat} }
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

it('storm from tiny group_interval (G#126401): resends of a sender make no transitions, whatever the interval', async () => {
  const spans = fc.array(fc.record({ at: fc.nat(200), lasts: fc.integer({ min: 200, max: 900 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 20, max: 70 }),
      spans,
      async (interval, resend, alerts) => {
        const simulation = await simulated(config('http://127.0.0.1:1/', `${interval}s`), {
          duration: '30m',
          alerts: alerts.flatMap(({ at, lasts }, index) => {
            const labels = { alertname: `x${index}`, team: 'a' };
            const sent = Array.from({ length: Math.ceil(lasts / resend) }, (_, turn) => at + turn * resend);
            // Four resends until it times out, as Prometheus writes it, and the end once.
            return [
              ...sent.map((second) => ({
                labels,
                at: `${second}s`,
                startsAt: `${at}s`,
                endsAt: `${second + 4 * resend}s`,
              })),
              { labels, at: `${at + lasts}s`, startsAt: `${at}s`, endsAt: `${at + lasts}s` },
            ];
          }),
        });
        // No more than every begin and every end told by itself.
        expect(simulation.notifications.length).toBeLessThanOrEqual(2 * alerts.length);
        expect(linesOf(simulation).at(-1)).toMatch(/ resolved /);
      },
    ),
    { numRuns: 40 },
  );
});

it('send deadline tied to group_interval (AM#2486, AM#4348, AM#3999): a receiver that takes 20 s is told once though its group is flushed every 5 s', async () => {
  const { story, notifier, answer } = await slowReceiver();
  await notifier.pass(20_000);
  expect(story.told).toEqual([]);
  await answer();
  await notifier.pass(60_000);
  expect(story.tried).toEqual(['10s firing a']);
  expect(story.told).toEqual(['10s firing a']);
});

it('send deadline tied to group_interval (AM#3999): what changes while a receiver takes its time is told once it is done', async () => {
  const { story, notifier, answer } = await slowReceiver();
  await notifier.fire(['b'], { team: 'a' });
  await notifier.pass(9_000);
  await notifier.fire(['c'], { team: 'a' });
  await notifier.pass(9_000);
  expect(story.tried).toEqual(['10s firing a']);
  await answer();
  await notifier.pass(30_000);
  expect(story.told.map((line) => line.replace(/^\S+ /, ''))).toEqual(['firing a', 'firing a, b, c']);
});

/** A receiver that was told of `a` and takes its time; groups are flushed every 5 s. */
async function slowReceiver() {
  const story = await Story.begin(started, (url) => config(url, '5s'));
  const { notifier, sink } = story;
  let release = (): void => {};
  await sink.behave({ kind: 'accept', after: new Promise((resolve) => (release = resolve)) });
  notifier.held = 1;
  await notifier.fire(['a'], { team: 'a' });
  await notifier.pass(10_000);
  await waitFor('the attempt', () => sink.arrivals.length === 1);
  const answer = async (): Promise<void> => {
    notifier.held = 0;
    release();
    await sink.behave({ kind: 'accept' });
  };
  return { story, notifier, answer };
}
