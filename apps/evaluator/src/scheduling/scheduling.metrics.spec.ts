import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { beforeEach, describe, expect, it } from 'vitest';
import { type RuleGroup } from '../rules/rule-group';
import { EvaluatorMetrics, evaluatorMetrics, evaluatorSummaries } from './scheduling.metrics';

const build = {
  version: '1.2.3',
  revision: 'abc',
  branch: 'main',
  buildUser: 'me',
  buildDate: '20260101',
  runtime: 'node20',
  platform: 'linux',
  arch: 'x64',
};

const group: RuleGroup = {
  id: 'a1',
  file: 'rules.yml',
  name: 'disks',
  intervalMs: 15_000,
  queryOffsetMs: 0,
  limit: 0,
  rules: [],
};
const of = '{rule_group="rules.yml;disks"}';

let registry: MetricsRegistry;
let metrics: EvaluatorMetrics;

beforeEach(() => {
  registry = new MetricsRegistry();
  metrics = new EvaluatorMetrics(registry, build);
});

/** Samples of our own metrics: `name{labels}` → value. */
async function scrape(): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => /^(prometheus|tocsin)_/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

it('are all documented, and nothing else is', () => {
  const summaries = Object.values(evaluatorSummaries).map(
    ({ name, help, percentiles }) => `| \`${name}\` | summary | \`quantile\` (${percentiles.join(', ')}) | ${help} |`,
  );
  const rows = [...Object.values(evaluatorMetrics).map(documentedAs), ...summaries];
  expect(documentedMetrics('Evaluator')).toEqual(rows);
});

describe('of a group', () => {
  it('exist at zero from the moment it is known', async () => {
    metrics.groupKnown(group);
    expect(await scrape()).toMatchObject({
      [`prometheus_rule_group_iterations_total${of}`]: 0,
      [`prometheus_rule_group_iterations_missed_total${of}`]: 0,
      [`prometheus_rule_evaluations_total${of}`]: 0,
      [`prometheus_rule_evaluation_failures_total${of}`]: 0,
      [`tocsin_rule_evaluations_incomplete_total${of}`]: 0,
      [`prometheus_rule_group_interval_seconds${of}`]: 15,
      [`prometheus_rule_group_rules${of}`]: 0,
    });
  });

  it('count slots that were skipped as due, too', async () => {
    metrics.slotStarted(group, 3, 40);
    expect(await scrape()).toMatchObject({
      [`prometheus_rule_group_iterations_total${of}`]: 4,
      [`prometheus_rule_group_iterations_missed_total${of}`]: 3,
      tocsin_rule_group_lateness_seconds_sum: 0.04,
    });
  });

  it('tell how the last evaluation went', async () => {
    const rules = [
      { durationMs: 500, health: 'ok' },
      { durationMs: 1_000, health: 'err' },
    ] as const;
    metrics.groupEvaluated(group, { startedAtMs: 90_000, durationMs: 1_600, sampleCount: 7, rules });
    expect(await scrape()).toMatchObject({
      [`prometheus_rule_evaluations_total${of}`]: 2,
      [`prometheus_rule_evaluation_failures_total${of}`]: 1,
      [`prometheus_rule_group_last_evaluation_samples${of}`]: 7,
      [`prometheus_rule_group_last_evaluation_timestamp_seconds${of}`]: 90,
      [`prometheus_rule_group_last_duration_seconds${of}`]: 1.6,
      [`prometheus_rule_group_last_rule_duration_sum_seconds${of}`]: 1.5,
      prometheus_rule_evaluation_duration_seconds_count: 2,
      prometheus_rule_group_duration_seconds_sum: 1.6,
      prometheus_rule_evaluation_duration_histogram_seconds_sum: 1.5,
      prometheus_rule_group_duration_histogram_seconds_count: 1,
    });
  });

  it('go with it', async () => {
    metrics.groupKnown(group);
    metrics.slotStarted(group, 0, 0);
    metrics.incompleteResult(group);
    metrics.groupEvaluated(group, { startedAtMs: 0, durationMs: 1, sampleCount: 0, rules: [] });
    metrics.groupGone(group);
    expect(Object.keys(await scrape()).filter((sample) => sample.includes('rule_group='))).toEqual([]);
  });
});

describe('of a receiver', () => {
  const alertmanager = 'http://am:9093/api/v2/alerts';
  const at = `{alertmanager="${alertmanager}"}`;

  it('exist at zero once it is configured', async () => {
    metrics.receiversKnown([alertmanager], 10_000);
    expect(await scrape()).toMatchObject({
      prometheus_notifications_alertmanagers_discovered: 1,
      prometheus_notifications_queue_capacity: 10_000,
      [`prometheus_notifications_sent_total${at}`]: 0,
      [`prometheus_notifications_errors_total${at}`]: 0,
      [`prometheus_notifications_dropped_total${at}`]: 0,
      [`prometheus_notifications_queue_length${at}`]: 0,
    });
  });

  it('count alerts, not requests', async () => {
    metrics.requestEnded(alertmanager, 200, true, 500);
    metrics.requestEnded(alertmanager, 30, false, 500);
    metrics.dropped(alertmanager, 4);
    metrics.waiting(alertmanager, 9);
    expect(await scrape()).toMatchObject({
      [`prometheus_notifications_sent_total${at}`]: 200,
      [`prometheus_notifications_errors_total${at}`]: 30,
      [`prometheus_notifications_dropped_total${at}`]: 4,
      [`prometheus_notifications_queue_length${at}`]: 9,
      [`prometheus_notifications_latency_histogram_seconds_sum${at}`]: 1,
    });
  });

  it('go with it', async () => {
    metrics.receiversKnown([alertmanager], 10_000);
    metrics.requestEnded(alertmanager, 1, true, 1);
    metrics.receiverGone(alertmanager);
    expect(Object.keys(await scrape()).filter((sample) => sample.includes('alertmanager='))).toEqual([]);
  });
});

it('tell whether the files that run are the ones on disk', async () => {
  metrics.reloaded(1_500);
  metrics.reloadFailed();
  expect(await scrape()).toMatchObject({
    prometheus_config_last_reload_successful: 0,
    prometheus_config_last_reload_success_timestamp_seconds: 1.5,
  });
});
