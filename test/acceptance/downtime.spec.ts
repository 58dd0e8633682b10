import { afterEach, describe, expect, it } from 'vitest';
import { postAlerts } from '../support/alertmanager-api';
import { anAlert, ended, type PostableAlert } from '../support/alerts';
import { type RedisPlace, startRedis } from '../support/redis';
import { Started } from '../support/started';
import { sleep, waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';
import { InProcessNotifier } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

const MINUTE = 60_000;
/** Long enough for several group intervals. */
const SOME_FLUSHES_MS = 2_500;

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string) => `
route:
  receiver: team
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 24h
receivers:
  - name: team
    webhook_configs: [{ url: "${url}" }]
`;

/** Moves time on in steps an instance at work survives, with a heartbeat in each. */
async function live(clock: MovableClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10_000) {
    clock.move(10_000);
    await sleep(60);
  }
}

describe.each([
  ['embedded', async (): Promise<RedisPlace | null> => null],
  ['on Redis', async (): Promise<RedisPlace | null> => started.add(startRedis())],
])('stopped for six minutes with four-minute alerts in firing groups, state %s', (_, place) => {
  async function told(): Promise<{
    notifier: InProcessNotifier;
    sink: WebhookSink;
    clock: MovableClock;
    alerts: PostableAlert[];
  }> {
    const sink = await started.add(WebhookSink.start());
    const clock = new MovableClock();
    const notifier = await started.add(InProcessNotifier.start(config(sink.url), clock, await place()));
    const startsAtMs = clock.nowMs();
    const alerts = ['a', 'b'].map((alertname) =>
      anAlert({ alertname }, { startsAtMs, endsAtMs: startsAtMs + 4 * MINUTE }),
    );
    await postAlerts(notifier.url, alerts);
    await waitFor('both groups to be told', () => sink.accepted.length === 2);
    return { notifier, sink, clock, alerts };
  }

  it('tells nothing as resolved and nothing again', async () => {
    const { notifier, sink, clock } = await told();
    await notifier.halt();
    clock.move(6 * MINUTE);
    await notifier.resume();
    await sleep(SOME_FLUSHES_MS);
    expect(sink.accepted.map((arrival) => gist(arrival)).sort()).toEqual(['firing a', 'firing b']);
  });

  it('closes what its sender says has ended, at once', async () => {
    const { notifier, sink, clock, alerts } = await told();
    await notifier.halt();
    clock.move(6 * MINUTE);
    await notifier.resume();
    await postAlerts(notifier.url, ended(alerts.slice(0, 1), clock.nowMs()));
    await waitFor('the end to be told', () => sink.accepted.length === 3);
    await sleep(SOME_FLUSHES_MS);
    expect(sink.accepted.slice(2).map((arrival) => gist(arrival))).toEqual(['resolved a']);
  });

  it('closes what nobody speaks of any more once the lifetime it had left has passed', async () => {
    const { notifier, sink, clock } = await told();
    await notifier.halt();
    clock.move(6 * MINUTE);
    await notifier.resume();
    await live(clock, 3.5 * MINUTE);
    expect(sink.accepted).toHaveLength(2);
    await live(clock, MINUTE);
    await waitFor('both ends to be told', () => sink.accepted.length === 4);
    expect(
      sink.accepted
        .slice(2)
        .map((arrival) => gist(arrival))
        .sort(),
    ).toEqual(['resolved a', 'resolved b']);
  });
});

it('a process that was suspended for six minutes resolves nothing either', async () => {
  const sink = await started.add(WebhookSink.start());
  const clock = new MovableClock();
  const notifier = await started.add(InProcessNotifier.start(config(sink.url), clock));
  const startsAtMs = clock.nowMs();
  await postAlerts(notifier.url, [anAlert({ alertname: 'a' }, { startsAtMs, endsAtMs: startsAtMs + 4 * MINUTE })]);
  await waitFor('the group to be told', () => sink.accepted.length === 1);
  clock.move(6 * MINUTE);
  await sleep(SOME_FLUSHES_MS);
  expect(sink.accepted).toHaveLength(1);
});
