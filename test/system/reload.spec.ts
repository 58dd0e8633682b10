import { afterEach, expect, it } from 'vitest';
import { postAlerts } from '../support/alertmanager-api';
import { anAlert } from '../support/alerts';
import { Started } from '../support/started';
import { startStandalone } from '../support/tocsin';
import { sleep, waitFor } from '../support/wait-for';
import { type Arrival, gist, WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterEach(() => started.stopAll());

const RELOADS = process.env['TOCSIN_LONG'] === '1' ? 60 : 20;

const GROUP_WAIT_MS = 3_500;
const GROUP_INTERVAL_MS = 4_000;
const REPEAT_INTERVAL_MS = 9_000;
const LATE_MS = 1_500;

/** The same way for our alerts; every other time with a new route in front, and another receiver. */
const config = (sinkUrl: string, turn: number) => `
route:
  receiver: sink
  group_by: [group]
  group_wait: ${GROUP_WAIT_MS}ms
  group_interval: ${GROUP_INTERVAL_MS}ms
  repeat_interval: ${REPEAT_INTERVAL_MS}ms
  ${turn % 2 === 0 ? '' : 'routes: [{ receiver: other, matchers: [\'team="nobody"\'] }]'}
receivers:
  ${turn % 2 === 0 ? '' : '- name: other'}
  - name: sink
    webhook_configs: [{ url: "${sinkUrl}" }]
`;

it(`6 a reload every second for ${RELOADS} s changes no timer and sends nothing`, async () => {
  const sink = await started.add(WebhookSink.start());
  const tocsin = await started.add(startStandalone({ config: config(sink.url, 0) }));
  let reloads = 0;
  const reloading = (async () => {
    for (; reloads < RELOADS; reloads++) {
      await sleep(1_000);
      tocsin.writeConfig(config(sink.url, reloads + 1));
      if (reloads % 3 === 2) tocsin.process.signal('SIGHUP');
      else expect((await tocsin.reload()).status).toBe(200);
    }
  })();

  const postedAtMs = Date.now();
  await postAlerts(tocsin.url, [anAlert({ alertname: 'a', group: 'g' }), anAlert({ alertname: 'x', group: 'quiet' })]);
  const first = await waitFor('group_wait to pass', () => sink.ofGroup('g')[0]);
  expectBetween('group_wait', first.atMs - postedAtMs, GROUP_WAIT_MS);
  await postAlerts(tocsin.url, [anAlert({ alertname: 'b', group: 'g' })]);
  const second = await waitFor('group_interval to pass', () => sink.ofGroup('g')[1]);
  expectBetween('group_interval', second.atMs - first.atMs, GROUP_INTERVAL_MS);
  await reloading;

  const repeatMs = Math.ceil(REPEAT_INTERVAL_MS / GROUP_INTERVAL_MS) * GROUP_INTERVAL_MS;
  for (const [group, log] of [
    ['g', sink.ofGroup('g').slice(1)],
    ['quiet', sink.ofGroup('quiet')],
  ] as const) {
    expect(new Set(log.map((arrival) => gist(arrival))).size, `${group}: only repeats`).toBe(1);
    gapsOf(log).forEach((gapMs) => expectBetween(`${group}: repeat_interval`, gapMs, repeatMs));
    const untilEndMs = postedAtMs + RELOADS * 1_000 - (log[0]?.atMs ?? 0);
    expect(log.length, `${group}: repeats in ${untilEndMs} ms`).toBeGreaterThanOrEqual(
      Math.floor((untilEndMs - LATE_MS) / repeatMs),
    );
  }
});

function gapsOf(log: readonly Arrival[]): number[] {
  return log.slice(1).map(({ atMs }, index) => atMs - (log[index]?.atMs ?? 0));
}

function expectBetween(what: string, ms: number, expectedMs: number): void {
  expect(ms, what).toBeGreaterThanOrEqual(expectedMs - LATE_MS);
  expect(ms, what).toBeLessThanOrEqual(expectedMs + LATE_MS);
}
