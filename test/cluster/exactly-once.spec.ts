import { afterEach, describe, expect, it } from 'vitest';
import { postAlerts } from '../support/alertmanager-api';
import { anAlert, ended } from '../support/alerts';
import { webhookConfig } from '../support/configs';
import { canFakeTime, clockOffBy } from '../support/fake-time';
import { FakeQueryApi } from '../support/fake-query-api';
import { startRedis } from '../support/redis';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { startEvaluator, startNotifier } from '../support/tocsin';
import { sleep, waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterEach(() => started.stopAll());

const GROUPS = Array.from({ length: 100 }, (_, n) => `group-${n}`);
const RULE_GROUPS = Array.from({ length: 10 }, (_, n) => n);
const GROUP_WAIT_MS = 1_500;
const GROUP_INTERVAL_MS = 2_000;

const RULES = `groups:\n${RULE_GROUPS.map(
  (n) =>
    `  - { name: g${n}, interval: 1s, rules: [{ alert: rule-${n}, expr: 'metric_${n} > 0', labels: { group: rules } }] }`,
).join('\n')}\n`;

/** Clocks of the second notifier and the second evaluator, seconds off. */
const CLOCKS = [
  ['all clocks right', 0],
  ['one notifier and one evaluator 30 s ahead', 30],
  ['one notifier and one evaluator 30 s behind', -30],
] as const;

describe.each(CLOCKS)('2 two evaluators and two notifiers on one Redis, %s', (_, offSeconds) => {
  const env = () => (offSeconds === 0 ? {} : { env: clockOffBy(offSeconds) });

  async function startNotifiers() {
    const redis = await started.add(startRedis());
    const sink = await started.add(WebhookSink.start());
    const config = webhookConfig(sink.url, { groupWaitMs: GROUP_WAIT_MS, groupIntervalMs: GROUP_INTERVAL_MS });
    const right = await started.add(startNotifier({ config, redis }));
    const wrong = await started.add(startNotifier({ config, redis, ...env() }));
    return { redis, sink, urls: [right.url, wrong.url] };
  }

  it.skipIf(offSeconds !== 0 && !canFakeTime)(
    'alerts posted to both notifiers are notified exactly once over 100 groups, firing and resolved, in time',
    async () => {
      const { sink, urls } = await startNotifiers();
      const alerts = GROUPS.flatMap((group) => ['a', 'b', 'c'].map((alertname) => anAlert({ alertname, group })));
      const postedAtMs = Date.now();
      await Promise.all(urls.map((url) => postAlerts(url, alerts)));
      await waitFor('100 groups to be told', () => sink.groupNames.length >= GROUPS.length);
      const lastMs = Math.max(...sink.arrivals.map(({ atMs }) => atMs));
      const firstMs = Math.min(...sink.arrivals.map(({ atMs }) => atMs));
      expect(firstMs - postedAtMs, 'group_wait cut short').toBeGreaterThanOrEqual(GROUP_WAIT_MS - 100);
      expect(lastMs - postedAtMs, 'group_wait exceeded').toBeLessThan(GROUP_WAIT_MS + 3_000);

      // As Prometheus does it: the same again while it fires, then its end.
      await Promise.all(urls.map((url) => postAlerts(url, alerts)));
      await sleep(GROUP_INTERVAL_MS + 500);
      expect(told(sink), 'after a re-send').toEqual(everyGroup(['firing a, b, c']));
      await Promise.all(urls.map((url) => postAlerts(url, ended(alerts))));
      await waitFor('100 groups to be closed', () => sink.arrivals.length >= 2 * GROUPS.length);
      await sleep(GROUP_INTERVAL_MS + 500);
      expect(told(sink), 'at the end').toEqual(everyGroup(['firing a, b, c', 'resolved a, b, c']));
    },
  );

  it.skipIf(offSeconds !== 0 && !canFakeTime)(
    'each rule group is evaluated once per slot, and its alert told once',
    async () => {
      const { redis, sink } = await startNotifiers();
      const datasource = await started.add(FakeQueryApi.start());
      datasource.answers(() => [{ labels: { instance: 'here' }, value: 1 }]);
      const ruleFile = (await started.add(new TempFolder())).write('rules.yml', RULES);
      const evaluator = { ruleFile, datasourceUrl: datasource.url, redis };
      await started.add(startEvaluator(evaluator));
      await started.add(startEvaluator({ ...evaluator, ...env() }));
      await waitFor('the rules to fire', () => sink.ofGroup('rules').length > 0);
      await sleep(8_000);

      for (const n of RULE_GROUPS) {
        const slots = datasource.seen.filter(({ expr }) => expr.includes(`metric_${n} `)).map(({ slotMs }) => slotMs);
        expect(new Set(slots).size, `group g${n}: a slot was evaluated twice`).toBe(slots.length);
        expect(slots, `group g${n}: slots out of order`).toEqual([...slots].sort((a, b) => a - b));
        expect(slots.length, `group g${n}: evaluations`).toBeGreaterThanOrEqual(7);
        expect(gaps(slots), `group g${n}: time between slots`).toEqual(slots.slice(1).map(() => 1_000));
      }
      for (const { slotMs, atMs } of datasource.seen)
        expect(Math.abs(atMs - slotMs), 'slot far from real time').toBeLessThan(5_000);
      const toldNames = sink
        .ofGroup('rules')
        .flatMap(({ body }) => body.alerts.map(({ labels }) => labels['alertname']));
      expect(new Set(toldNames).size, 'rules told').toBe(RULE_GROUPS.length);
      expect(sink.ofGroup('rules').every(({ body }) => body.status === 'firing')).toBe(true);
      expect(new Set(sink.ofGroup('rules').map((arrival) => gist(arrival))).size, 'the same told twice').toBe(
        sink.ofGroup('rules').length,
      );
    },
  );
});

function told(sink: WebhookSink): Record<string, string[]> {
  return Object.fromEntries(sink.groupNames.map((name) => [name, sink.ofGroup(name).map((arrival) => gist(arrival))]));
}

function everyGroup(log: string[]): Record<string, string[]> {
  return Object.fromEntries(GROUPS.map((name) => [name, log]));
}

function gaps(slots: readonly number[]): number[] {
  return slots.slice(1).map((slotMs, index) => slotMs - (slots[index] ?? 0));
}
