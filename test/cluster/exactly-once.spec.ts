import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const GROUPS = Array.from({ length: 100 }, (_, n) => `group-${n}`);
const RULE_GROUPS = Array.from({ length: 10 }, (_, n) => n);
const GROUP_WAIT_MS = 1_500;
const GROUP_INTERVAL_MS = 2_000;
const LATE_MS = 3_000;

const RULES = `groups:\n${RULE_GROUPS.map(
  (n) =>
    `  - { name: g${n}, interval: 1s, rules: [{ alert: rule-${n}, expr: metric_${n}, labels: { group: rules } }] }`,
).join('\n')}\n`;

/** Clocks of the second notifier and the second evaluator, seconds off. */
const CLOCKS = [
  ['all clocks right', 0, 0],
  ['one notifier 30 s ahead, one evaluator 30 s behind', 30, -30],
  ['one notifier 30 s behind, one evaluator 30 s ahead', -30, 30],
] as const;

describe.each(CLOCKS)('2 two evaluators and two notifiers on one Redis, %s', (_, notifierOff, evaluatorOff) => {
  const needsFakeTime = notifierOff !== 0 || evaluatorOff !== 0;
  const started = new Started();
  let sink: WebhookSink;
  let datasource: FakeQueryApi;
  let urls: string[];

  beforeAll(async () => {
    if (needsFakeTime && !canFakeTime) return;
    sink = await started.add(WebhookSink.start());
    datasource = await started.add(FakeQueryApi.start());
    datasource.answers(() => [{ labels: { instance: 'here' }, value: 1 }]);
    const redis = await started.add(startRedis());
    const ruleFile = (await started.add(new TempFolder())).write('rules.yml', RULES);
    const config = webhookConfig(sink.url, { groupWaitMs: GROUP_WAIT_MS, groupIntervalMs: GROUP_INTERVAL_MS });
    const notifier = { config, redis };
    const evaluator = { ruleFile, datasourceUrl: datasource.url, redis };
    const notifiers = await Promise.all([
      started.add(startNotifier(notifier)),
      started.add(startNotifier({ ...notifier, env: clockEnv(notifierOff) })),
      started.add(startEvaluator(evaluator)),
      started.add(startEvaluator({ ...evaluator, env: clockEnv(evaluatorOff) })),
    ]);
    urls = notifiers.slice(0, 2).map(({ url }) => url);
  });
  afterAll(() => started.stopAll());

  it.skipIf(needsFakeTime && !canFakeTime)(
    'alerts posted to both notifiers are notified exactly once over 100 groups, firing and resolved, in time',
    async () => {
      const alerts = GROUPS.flatMap((group) => ['a', 'b', 'c'].map((alertname) => anAlert({ alertname, group })));
      const postedAtMs = Date.now();
      await Promise.all(urls.map((url) => postAlerts(url, alerts)));
      const postedForMs = Date.now() - postedAtMs;
      await waitFor('100 groups to be told', () => told(sink).size === GROUPS.length);
      const times = [...told(sink).keys()].map((name) => sink.ofGroup(name)[0]?.atMs ?? 0);
      expect(Math.min(...times) - postedAtMs, 'group_wait cut short').toBeGreaterThanOrEqual(GROUP_WAIT_MS - 100);
      expect(Math.max(...times) - postedAtMs, 'group_wait exceeded').toBeLessThan(
        GROUP_WAIT_MS + postedForMs + LATE_MS,
      );

      // As Prometheus does it: the same again while it fires, then its end.
      await Promise.all(urls.map((url) => postAlerts(url, alerts)));
      await sleep(GROUP_INTERVAL_MS + 500);
      expect(told(sink), 'after a re-send').toEqual(everyGroup(['firing a, b, c']));
      await Promise.all(urls.map((url) => postAlerts(url, ended(alerts))));
      await waitFor('100 groups to be closed', () => [...told(sink).values()].every((log) => log.length > 1));
      await sleep(GROUP_INTERVAL_MS + 500);
      expect(told(sink), 'at the end').toEqual(everyGroup(['firing a, b, c', 'resolved a, b, c']));
    },
  );

  it.skipIf(needsFakeTime && !canFakeTime)(
    'each rule group is evaluated once per slot, and its alert told once',
    async () => {
      await waitFor('the rules to be evaluated for a while', () => slotsOf(datasource, 9).length >= 8);
      for (const n of RULE_GROUPS) {
        const slots = slotsOf(datasource, n);
        expect(new Set(slots).size, `group g${n}: a slot was evaluated twice`).toBe(slots.length);
        expect(slots, `group g${n}: slots out of order`).toEqual([...slots].sort((a, b) => a - b));
        expect(slots.length, `group g${n}: evaluations`).toBeGreaterThanOrEqual(5);
        // A busy machine may skip a slot; the phase of the group never changes.
        expect(new Set(slots.map((slotMs) => slotMs % 1_000)).size, `group g${n}: phases`).toBe(1);
      }
      const farthestMs = Math.max(...datasource.seen.map(({ slotMs, atMs }) => Math.abs(atMs - slotMs)));
      expect(farthestMs, 'slots far from real time').toBeLessThan(10_000);

      const everyRule = RULE_GROUPS.map((n) => `rule-${n}`).join(', ');
      await waitFor('every rule to be told', () =>
        sink.ofGroup('rules').some((arrival) => gist(arrival) === `firing ${everyRule}`),
      );
      const log = sink.ofGroup('rules').map((arrival) => gist(arrival));
      expect(new Set(log).size, `something told twice: ${log.join('; ')}`).toBe(log.length);
      expect(
        log.every((text) => !text.includes('resolved')),
        `something told as resolved: ${log.join('; ')}`,
      ).toBe(true);
    },
  );
});

function clockEnv(offSeconds: number): Record<string, string> {
  return offSeconds === 0 ? {} : clockOffBy(offSeconds);
}

/** What was told of each posted group, in order. */
function told(sink: WebhookSink): Map<string, string[]> {
  const posted = sink.groupNames.filter((name) => name !== 'rules');
  return new Map(posted.map((name) => [name, sink.ofGroup(name).map((arrival) => gist(arrival))]));
}

function everyGroup(log: string[]): Map<string, string[]> {
  return new Map(GROUPS.map((name) => [name, log]));
}

function slotsOf(datasource: FakeQueryApi, n: number): number[] {
  return datasource.seen.filter(({ expr }) => expr === `metric_${n}`).map(({ slotMs }) => slotMs);
}
