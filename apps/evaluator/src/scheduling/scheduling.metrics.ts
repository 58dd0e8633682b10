import { type BuildInfo, BUILD_INFO_LABELS, buildInfoLabels } from '@tocsin/common/metrics/build-info';
import { counter, gauge, histogram } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';
import { Summary } from 'prom-client';
import { groupKey, type RuleGroup } from '../rules/rule-group';

const DURATION_BUCKETS = [0.01, 0.1, 1, 10, 100] as const;

/** Every metric of the evaluator but the summaries; names, types and labels of `prometheus_*` are Prometheus'. */
export const evaluatorMetrics = {
  ruleDurationHistogram: histogram(
    'prometheus_rule_evaluation_duration_histogram_seconds',
    'Time one rule takes.',
    DURATION_BUCKETS,
  ),
  groupDurationHistogram: histogram(
    'prometheus_rule_group_duration_histogram_seconds',
    'Time all rules of a group take.',
    DURATION_BUCKETS,
  ),
  iterations: counter('prometheus_rule_group_iterations_total', 'Evaluations of a group that were due.', [
    'rule_group',
  ]),
  missed: counter(
    'prometheus_rule_group_iterations_missed_total',
    'Evaluations of a group that were skipped because the one before was still under way or nobody was there.',
    ['rule_group'],
  ),
  evaluations: counter('prometheus_rule_evaluations_total', 'Evaluations of rules.', ['rule_group']),
  failures: counter('prometheus_rule_evaluation_failures_total', 'Evaluations of rules that failed.', ['rule_group']),
  interval: gauge('prometheus_rule_group_interval_seconds', 'Interval of a group.', ['rule_group']),
  rules: gauge('prometheus_rule_group_rules', 'Rules of a group.', ['rule_group']),
  samples: gauge('prometheus_rule_group_last_evaluation_samples', 'Samples the last evaluation of a group got.', [
    'rule_group',
  ]),
  evaluatedAt: gauge(
    'prometheus_rule_group_last_evaluation_timestamp_seconds',
    'When the last evaluation of a group began.',
    ['rule_group'],
  ),
  duration: gauge('prometheus_rule_group_last_duration_seconds', 'Time the last evaluation of a group took.', [
    'rule_group',
  ]),
  ruleDurationSum: gauge(
    'prometheus_rule_group_last_rule_duration_sum_seconds',
    'Sum of the times the rules of a group took in its last evaluation.',
    ['rule_group'],
  ),
  reloadOk: gauge('prometheus_config_last_reload_successful', 'Whether the last attempt to load the files succeeded.'),
  reloadedAt: gauge('prometheus_config_last_reload_success_timestamp_seconds', 'When the files were last loaded.'),
  buildInfo: gauge('prometheus_build_info', 'Always 1; what was built and what it runs on.', BUILD_INFO_LABELS),
  lateness: histogram(
    'tocsin_rule_group_lateness_seconds',
    'Time between a slot and the start of its evaluation.',
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
  ),
  incomplete: counter(
    'tocsin_rule_evaluations_incomplete_total',
    'Evaluations of rules whose datasource could not reach all data: alerts missing in the result were kept.',
    ['rule_group'],
  ),
  alertsSent: counter(
    'prometheus_notifications_sent_total',
    'Alerts handed to a receiver; `queue` is the notifier of the installation.',
    ['alertmanager'],
  ),
  sendErrors: counter(
    'prometheus_notifications_errors_total',
    'Alerts in requests that failed; they are tried again.',
    ['alertmanager'],
  ),
  alertsDropped: counter(
    'prometheus_notifications_dropped_total',
    'Alerts given up because newer ones filled the queue or the receiver refused them.',
    ['alertmanager'],
  ),
  sendLatency: histogram(
    'prometheus_notifications_latency_histogram_seconds',
    'Time one request with alerts takes.',
    [0.01, 0.1, 1, 10],
    ['alertmanager'],
  ),
  sendQueue: gauge('prometheus_notifications_queue_length', 'Alerts that wait to be sent.', ['alertmanager']),
  sendCapacity: gauge('prometheus_notifications_queue_capacity', 'Most alerts that may wait for one receiver.'),
  receivers: gauge('prometheus_notifications_alertmanagers_discovered', 'Receivers alerts are sent to by HTTP.'),
} as const;

/** Quantiles over the last ten minutes, as Prometheus keeps them. */
export const evaluatorSummaries = {
  ruleDuration: {
    name: 'prometheus_rule_evaluation_duration_seconds',
    help: 'Time one rule takes.',
    percentiles: [0.5, 0.9, 0.99],
  },
  groupDuration: {
    name: 'prometheus_rule_group_duration_seconds',
    help: 'Time all rules of a group take.',
    percentiles: [0.01, 0.05, 0.5, 0.9, 0.99],
  },
} as const;

export interface GroupEvaluation {
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly sampleCount: number;
  readonly rules: readonly { readonly durationMs: number; readonly health: 'ok' | 'err' }[];
}

/** Counts what the evaluator does. */
export class EvaluatorMetrics {
  private readonly metrics;
  private readonly ruleDuration;
  private readonly groupDuration;

  constructor(registry: MetricsRegistry, build: BuildInfo) {
    this.metrics = registerMetrics(registry, evaluatorMetrics);
    this.metrics.buildInfo.set(buildInfoLabels(build), 1);
    const aged = { maxAgeSeconds: 600, ageBuckets: 5, registers: [registry] };
    const { ruleDuration, groupDuration } = evaluatorSummaries;
    this.ruleDuration = new Summary({ ...ruleDuration, percentiles: [...ruleDuration.percentiles], ...aged });
    this.groupDuration = new Summary({ ...groupDuration, percentiles: [...groupDuration.percentiles], ...aged });
  }

  /** The series of a group exist from the moment it is known. */
  groupKnown(group: RuleGroup): void {
    const { metrics } = this;
    const labels = labelsOf(group);
    for (const each of [metrics.iterations, metrics.missed, metrics.evaluations, metrics.failures, metrics.incomplete])
      each.inc(labels, 0);
    metrics.interval.set(labels, group.intervalMs / 1000);
    metrics.rules.set(labels, group.rules.length);
  }

  groupGone(group: RuleGroup): void {
    const { metrics } = this;
    const byGroup = [
      ...[metrics.iterations, metrics.missed, metrics.evaluations, metrics.failures, metrics.incomplete],
      ...[metrics.interval, metrics.rules, metrics.samples, metrics.evaluatedAt, metrics.duration],
      metrics.ruleDurationSum,
    ];
    for (const each of byGroup) each.remove(labelsOf(group));
  }

  slotStarted(group: RuleGroup, missed: number, lateMs: number): void {
    const labels = labelsOf(group);
    this.metrics.iterations.inc(labels, 1 + missed);
    this.metrics.missed.inc(labels, missed);
    this.metrics.lateness.observe(Math.max(0, lateMs) / 1000);
  }

  groupEvaluated(group: RuleGroup, { startedAtMs, durationMs, sampleCount, rules }: GroupEvaluation): void {
    const { metrics } = this;
    const labels = labelsOf(group);
    let ruleSumMs = 0;
    let failed = 0;
    for (const rule of rules) {
      ruleSumMs += rule.durationMs;
      if (rule.health === 'err') failed++;
      this.ruleDuration.observe(rule.durationMs / 1000);
      metrics.ruleDurationHistogram.observe(rule.durationMs / 1000);
    }
    metrics.evaluations.inc(labels, rules.length);
    metrics.failures.inc(labels, failed);
    metrics.samples.set(labels, sampleCount);
    metrics.evaluatedAt.set(labels, startedAtMs / 1000);
    metrics.duration.set(labels, durationMs / 1000);
    metrics.ruleDurationSum.set(labels, ruleSumMs / 1000);
    this.groupDuration.observe(durationMs / 1000);
    metrics.groupDurationHistogram.observe(durationMs / 1000);
  }

  incompleteResult(group: RuleGroup): void {
    this.metrics.incomplete.inc(labelsOf(group));
  }

  reloaded(nowMs: number): void {
    this.metrics.reloadOk.set(1);
    this.metrics.reloadedAt.set(nowMs / 1000);
  }

  reloadFailed(): void {
    this.metrics.reloadOk.set(0);
  }

  /** `alertmanager` is its URL without credentials. */
  receiversKnown(alertmanagers: readonly string[], capacity: number): void {
    this.metrics.receivers.set(alertmanagers.length);
    this.metrics.sendCapacity.set(capacity);
    for (const alertmanager of alertmanagers) {
      this.receiverKnown(alertmanager);
      this.waiting(alertmanager, 0);
    }
  }

  /** The counters of a receiver exist from the moment it is known. */
  receiverKnown(alertmanager: string): void {
    const { alertsSent, sendErrors, alertsDropped } = this.metrics;
    for (const each of [alertsSent, sendErrors, alertsDropped]) each.inc({ alertmanager }, 0);
  }

  receiverGone(alertmanager: string): void {
    const { alertsSent, sendErrors, alertsDropped, sendLatency, sendQueue } = this.metrics;
    for (const each of [alertsSent, sendErrors, alertsDropped, sendLatency, sendQueue]) each.remove({ alertmanager });
  }

  requestEnded(alertmanager: string, alerts: number, isOk: boolean, durationMs: number): void {
    this.metrics.sendLatency.observe({ alertmanager }, durationMs / 1000);
    const result = isOk ? this.metrics.alertsSent : this.metrics.sendErrors;
    result.inc({ alertmanager }, alerts);
  }

  dropped(alertmanager: string, alerts: number): void {
    this.metrics.alertsDropped.inc({ alertmanager }, alerts);
  }

  waiting(alertmanager: string, alerts: number): void {
    this.metrics.sendQueue.set({ alertmanager }, alerts);
  }
}

function labelsOf(group: RuleGroup): { rule_group: string } {
  return { rule_group: groupKey(group) };
}
