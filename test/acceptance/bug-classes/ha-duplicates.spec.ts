import { afterEach, describe, expect, it } from 'vitest';
import { postAlerts } from '../../support/alertmanager-api';
import { anAlert, ended } from '../../support/alerts';
import { startRedis, type RedisPlace } from '../../support/redis';
import { Started } from '../../support/started';
import { sleep, waitFor } from '../../support/wait-for';
import { gist, WebhookSink } from '../../support/webhook-sink';
import { InProcessNotifier } from '../support/in-process-notifier';
import { MovableClock } from '../support/movable-clock';

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string, delivery = 'circuit_breaker: off') => `
global: { delivery: { ${delivery} } }
route: { receiver: team, group_by: [alertname], group_wait: 500ms, group_interval: 1s, repeat_interval: 24h }
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

interface Cluster {
  readonly notifiers: readonly InProcessNotifier[];
  readonly sink: WebhookSink;
  readonly redis: RedisPlace;
}

async function cluster(size: number, delivery?: string): Promise<Cluster> {
  const redis = await started.add(startRedis());
  const sink = await started.add(WebhookSink.start());
  const notifiers: InProcessNotifier[] = [];
  for (let count = 0; count < size; count++) {
    notifiers.push(await started.add(InProcessNotifier.start(config(sink.url, delivery), new MovableClock(), redis)));
  }
  return { notifiers, sink, redis };
}

const gists = (sink: WebhookSink): string[] => sink.accepted.map((arrival) => gist(arrival)).sort();

describe('HA duplicates (AM#1005, AM#2447, AM#4008, PR#3283, G#55938, G PR#64635)', () => {
  it('three notifiers that are all sent every alert tell each group of its begin once, and of its end once', async () => {
    const { notifiers, sink } = await cluster(3);
    const names = Array.from({ length: 25 }, (_, index) => `a${index}`);
    const alerts = names.map((alertname) => anAlert({ alertname }));
    await Promise.all(notifiers.map(({ url }) => postAlerts(url, alerts)));
    await waitFor('all begins', () => sink.accepted.length >= names.length);
    await Promise.all(notifiers.map(({ url }) => postAlerts(url, alerts)));
    await sleep(1_500);
    expect(gists(sink)).toEqual(names.map((name) => `firing ${name}`).sort());
    // At three moments, as senders with clocks of their own do it.
    for (const { url } of notifiers) {
      await postAlerts(url, ended(alerts));
      await sleep(200);
    }
    await waitFor('all ends', () => sink.accepted.length >= 2 * names.length);
    await sleep(1_500);
    expect(gists(sink)).toEqual(names.flatMap((name) => [`firing ${name}`, `resolved ${name}`]).sort());
  });

  it('a notifier that comes and one that goes in the middle of it change nothing', async () => {
    const { notifiers, sink, redis } = await cluster(2);
    const names = Array.from({ length: 25 }, (_, index) => `a${index}`);
    await postAlerts(
      notifiers[0]?.url ?? '',
      names.map((alertname) => anAlert({ alertname })),
    );
    const [, newer] = await Promise.all([
      notifiers[0]?.halt(),
      started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), redis)),
    ]);
    await waitFor('all', () => sink.accepted.length >= names.length);
    await postAlerts(
      newer.url,
      names.map((alertname) => anAlert({ alertname })),
    );
    await sleep(1_500);
    expect(gists(sink)).toEqual(names.map((name) => `firing ${name}`).sort());
  });
});

describe('two replicas after a failed send (AM#3865)', () => {
  it('only one tries at a time, no more often than one alone, and it is told once', async () => {
    const tries = async (size: number): Promise<WebhookSink> => {
      const { notifiers, sink } = await cluster(size);
      await sink.behave({ kind: 'status', status: 500 });
      await Promise.all(notifiers.map(({ url }) => postAlerts(url, [anAlert({ alertname: 'a' })])));
      await sleep(3_000);
      await sink.behave({ kind: 'accept' });
      await waitFor('the page', () => sink.accepted.length > 0, { limitMs: 10_000 });
      await sleep(1_500);
      return sink;
    };
    const [alone, together] = await Promise.all([tries(1), tries(3)]);
    expect(gists(together)).toEqual(['firing a']);
    // The jitter of the pauses lets two runs differ, but not by a factor.
    expect(together.arrivals.length).toBeLessThanOrEqual(alone.arrivals.length + 6);
    for (const [index, { atMs }] of together.arrivals.entries()) {
      const before = together.arrivals[index - 1];
      if (before !== undefined) expect(atMs).toBeGreaterThanOrEqual(before.answeredAtMs ?? Infinity);
    }
  });

  it('one that stops while its attempt hangs is followed by one attempt of another', async () => {
    const { notifiers, sink } = await cluster(2, 'timeout: 2s');
    await sink.behave({ kind: 'hang' });
    await postAlerts(notifiers[0]?.url ?? '', [anAlert({ alertname: 'a' })]);
    await waitFor('an attempt', () => sink.arrivals.length === 1);
    await sink.behave({ kind: 'accept' });
    await notifiers[0]?.halt();
    await waitFor('the page', () => sink.accepted.length === 1, { limitMs: 20_000 });
    await sleep(2_000);
    expect(gists(sink)).toEqual(['firing a']);
    expect(sink.arrivals.length).toBeLessThanOrEqual(2);
  });
});
