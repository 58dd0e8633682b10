import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type BuildInfo, BUILD_INFO_LABELS, buildInfoLabels } from '@tocsin/common/metrics/build-info';
import { counter, gauge, histogram } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';
import { type NotifierConfig } from '../config/notifier-config';
import { type DeliveryOutcome, type FailureReason } from '../delivery/delivery-outcome';
import { type MutedBy } from '../pipeline/muting';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { type Integration } from '../receivers/integration';
import { alertmanagerVersion } from './alertmanager-version';
import { AttemptZeroes } from './attempt-zeroes.metrics';

/** Every metric of the notifier; names, types and labels of `alertmanager_*` are Alertmanager's. */
export const notifierMetrics = {
  alerts: gauge('alertmanager_alerts', 'Alerts that have not ended, by state.', ['state', 'group_key']),
  received: counter(
    'alertmanager_alerts_received_total',
    'Alerts received; version is v2 for the API and queue for our evaluators.',
    ['status', 'version'],
  ),
  invalid: counter('alertmanager_alerts_invalid_total', 'Alerts received that were refused.', ['version']),
  perAlertLimit: gauge('alertmanager_alerts_per_alert_limit', 'Most alerts of one alertname; 0 is no limit.'),
  limited: counter('alertmanager_alerts_limited_total', 'Alerts refused because of that limit.', ['alertname']),
  groups: gauge('alertmanager_dispatcher_aggregation_groups', 'Groups that hold alerts.'),
  notifications: counter('alertmanager_notifications_total', 'Notifications decided.', [
    'integration',
    'receiver_name',
  ]),
  notificationsFailed: counter(
    'alertmanager_notifications_failed_total',
    'Notifications given up, by the reason of the last failure.',
    ['integration', 'receiver_name', 'reason'],
  ),
  requests: counter('alertmanager_notification_requests_total', 'Attempts to deliver a notification.', [
    'integration',
    'receiver_name',
  ]),
  requestsFailed: counter('alertmanager_notification_requests_failed_total', 'Attempts to deliver that failed.', [
    'integration',
    'receiver_name',
  ]),
  latency: histogram(
    'alertmanager_notification_latency_seconds',
    'Time one attempt to deliver takes.',
    [1, 5, 10, 15, 20],
    ['integration', 'receiver_name'],
  ),
  suppressed: counter(
    'alertmanager_notifications_suppressed_total',
    'Alerts left out of notifications because they were muted, at every flush.',
    ['reason'],
  ),
  configHash: gauge('alertmanager_config_hash', 'Hash of the running configuration file.'),
  reloadOk: gauge(
    'alertmanager_config_last_reload_successful',
    'Whether the last attempt to load the configuration succeeded.',
  ),
  reloadedAt: gauge(
    'alertmanager_config_last_reload_success_timestamp_seconds',
    'When the configuration was last loaded.',
  ),
  receivers: gauge('alertmanager_receivers', 'Receivers that routes use.'),
  integrations: gauge('alertmanager_integrations', 'Integrations of those receivers.'),
  inhibitionRules: gauge('alertmanager_inhibition_rules', 'Inhibition rules.'),
  httpDuration: histogram(
    'alertmanager_http_request_duration_seconds',
    'Time until an HTTP request is answered.',
    [0.05, 0.1, 0.25, 0.5, 0.75, 1, 2, 5, 20, 60],
    ['handler', 'method', 'code'],
  ),
  clusterEnabled: gauge('alertmanager_cluster_enabled', 'Whether several notifiers share their state.'),
  clusterMembers: gauge('alertmanager_cluster_members', 'Notifiers alive, this one included.'),
  clusterFailedPeers: gauge(
    'alertmanager_cluster_failed_peers',
    'Always 0: a notifier that is gone is forgotten, its work goes to the others.',
  ),
  clusterHealth: gauge(
    'alertmanager_cluster_health_score',
    'Always 0, the best score: there is no gossip that could suffer.',
  ),
  peerInfo: gauge('alertmanager_cluster_peer_info', 'Always 1, for this notifier.', ['peer']),
  aliveMessages: counter('alertmanager_cluster_alive_messages_total', 'Always 0: there is no gossip.', ['peer']),
  peerPosition: gauge(
    'alertmanager_peer_position',
    'Place of this notifier among the live ones by name; it has no effect.',
  ),
  configDivergent: gauge(
    'tocsin_cluster_config_divergent_instances',
    'Live notifiers that run on another configuration than this one.',
  ),
  buildInfo: gauge(
    'alertmanager_build_info',
    'Always 1; what was built and what it runs on. The version is that of the Alertmanager it behaves as, then its own.',
    BUILD_INFO_LABELS,
  ),
  flushLateness: histogram(
    'tocsin_flush_lateness_seconds',
    'Time between the moment a group was due and its flush.',
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
  ),
  queueDepth: gauge('tocsin_due_queue_depth', 'Members of a due queue, waiting or under way.', ['queue']),
  deadLetters: counter('tocsin_dead_letters_total', 'Notifications given up.', ['integration']),
  inFlight: gauge('tocsin_deliveries_in_flight', 'Attempts to deliver under way.', ['integration']),
  retries: counter('tocsin_delivery_retries_total', 'Attempts to deliver that failed and are tried again.', [
    'integration',
  ]),
  rateLimited: counter('tocsin_delivery_rate_limited_total', 'Times the rate limit of an integration was used up.', [
    'integration',
  ]),
  circuitOpen: gauge(
    'tocsin_delivery_circuit_open',
    'Integrations whose circuit breaker is open on this notifier: they keep failing, and attempts pause.',
    ['integration'],
  ),
  degraded: counter('tocsin_degraded_notifications_total', 'Plain notifications sent because a template failed.', [
    'integration',
  ]),
  deadLettersKept: gauge('tocsin_dead_letters', 'Dead letters there are, to be replayed or dropped.'),
  poisonMembers: counter(
    'tocsin_poison_members_total',
    'Tries of due work that had not ended in many tries before; it is tried once a minute.',
    ['queue'],
  ),
  clockSkew: gauge('tocsin_clock_skew_seconds', 'How far the shared clock is ahead of the clock of this machine.'),
  replicaPosition: gauge('tocsin_replica_position', 'Last entry of the change stream this notifier has applied.'),
  timelineEvents: counter('tocsin_timeline_events_total', 'Events handed to the timeline.'),
  timelineDropped: counter(
    'tocsin_timeline_dropped_total',
    'Events the timeline lost because it could not be written for too long.',
  ),
} as const;

/** Their series exist from the start. Source: Alertmanager. */
const INTEGRATION_KINDS = [
  'email',
  'msteams',
  'msteamsv2',
  'pagerduty',
  'wechat',
  'pushover',
  'slack',
  'opsgenie',
  'webhook',
  'victorops',
  'sns',
  'telegram',
  'discord',
  'webex',
  'jira',
  'rocketchat',
  'mattermost',
  'incidentio',
] as const;

const ALERT_STATES = ['active', 'suppressed', 'unprocessed'] as const;

const SUPPRESSION_REASONS = ['silence', 'inhibition', 'mute_time_interval', 'active_time_interval'] as const;

interface AlertCounts {
  readonly active: number;
  readonly suppressed: number;
}

/** What is read when somebody scrapes. */
export interface NotifierState {
  /** Alerts that have not ended. */
  alerts(): AlertCounts;
  /** The same by group key. */
  alertsByGroup(): Iterable<AlertCounts & { readonly groupKey: string }>;
  groups(): number;
  replicaPosition(): number;
  /** Null when this notifier runs alone on its own state. */
  instances(): InstanceRegistry | null;
}

/** How alerts came in. Source: Alertmanager's label `version`. */
export type Intake = 'v2' | 'queue';

type WithKind = Pick<Integration, 'kind'>;
type WithReceiver = Pick<Integration, 'kind' | 'receiver'>;

/** Labels that are left out unless asked for. Source: Alertmanager, `--enable-feature`. */
export interface MetricFeatures {
  readonly receiverNameInMetrics: boolean;
  readonly alertNamesInMetrics: boolean;
  readonly groupKeyInMetrics: boolean;
}

const NO_FEATURES: MetricFeatures = {
  receiverNameInMetrics: false,
  alertNamesInMetrics: false,
  groupKeyInMetrics: false,
};

/** Counts what the notifier does. */
export class NotifierMetrics {
  private readonly metrics;
  private readonly zeroes: AttemptZeroes;

  constructor(
    private readonly registry: MetricsRegistry,
    build: BuildInfo,
    private readonly features: MetricFeatures = NO_FEATURES,
  ) {
    this.metrics = registerMetrics(registry, notifierMetrics);
    this.metrics.buildInfo.set({ ...buildInfoLabels(build), version: alertmanagerVersion(build.version) }, 1);
    this.zeroes = new AttemptZeroes(this.metrics);
    this.startAtZero();
  }

  /** From now on the gauges of alerts, groups and cluster show this state. */
  observeState(state: NotifierState): void {
    const { metrics } = this;
    this.registry.beforeScrape(() => {
      this.setAlerts(state);
      metrics.groups.set(state.groups());
      metrics.replicaPosition.set(state.replicaPosition());
      const instances = state.instances();
      if (instances === null) return;
      const names = instances.live().map(({ name }) => name);
      const config = instances.self.details?.['config'];
      metrics.configDivergent.set(instances.live().filter(({ details }) => details?.['config'] !== config).length);
      metrics.peerInfo.set({ peer: instances.self.name }, 1);
      metrics.aliveMessages.inc({ peer: instances.self.name }, 0);
      metrics.clusterEnabled.set(1);
      metrics.clusterMembers.set(names.length);
      metrics.peerPosition.set(names.filter((name) => name < instances.self.name).length);
    });
  }

  /** An alert was refused because there are too many of its name. */
  alertLimited(alertname: string): void {
    this.metrics.limited.inc(this.features.alertNamesInMetrics ? { alertname } : {});
  }

  perAlertLimit(limit: number): void {
    this.metrics.perAlertLimit.set(limit);
  }

  /** Before validation: refused alerts count, too. */
  alertsReceived(intake: Intake, received: { firing: number; resolved: number }): void {
    if (received.firing > 0) this.metrics.received.inc({ status: 'firing', version: intake }, received.firing);
    if (received.resolved > 0) this.metrics.received.inc({ status: 'resolved', version: intake }, received.resolved);
  }

  alertsInvalid(intake: Intake, count: number): void {
    if (count > 0) this.metrics.invalid.inc({ version: intake }, count);
  }

  flushStarted(lateMs: number): void {
    this.metrics.flushLateness.observe(Math.max(0, lateMs) / 1000);
  }

  decided(integration: WithReceiver, verdict: NotifyVerdict): void {
    if (verdict !== 'none' && verdict !== 'muted') this.metrics.notifications.inc(this.labelsOf(integration));
  }

  /** Alerts were left out of what their group tells. */
  suppressed(reason: MutedBy['kind'], alerts: number): void {
    this.metrics.suppressed.inc({ reason }, alerts);
  }

  deliveryStarted({ kind }: WithKind): void {
    this.metrics.inFlight.inc({ integration: kind });
  }

  deliveryEnded({ kind }: WithKind): void {
    this.metrics.inFlight.dec({ integration: kind });
  }

  attempted(integration: WithReceiver, outcome: DeliveryOutcome, durationMs: number): void {
    const labels = this.labelsOf(integration);
    this.metrics.requests.inc(labels);
    this.metrics.latency.observe(labels, durationMs / 1000);
    if (outcome.kind !== 'delivered') this.metrics.requestsFailed.inc(labels);
    if (outcome.kind === 'retryable') this.metrics.retries.inc({ integration: integration.kind });
  }

  deliveredDegraded({ kind }: WithKind): void {
    this.metrics.degraded.inc({ integration: kind });
  }

  rateLimited({ kind }: WithKind): void {
    this.metrics.rateLimited.inc({ integration: kind });
  }

  /** All of them, one by one. */
  openCircuits(integrations: readonly WithKind[]): void {
    this.metrics.circuitOpen.reset();
    for (const integration of INTEGRATION_KINDS) this.metrics.circuitOpen.set({ integration }, 0);
    for (const { kind } of integrations) this.metrics.circuitOpen.inc({ integration: kind });
  }

  deadLettersKept(count: number): void {
    this.metrics.deadLettersKept.set(count);
  }

  poisonTried(queue: string): void {
    this.metrics.poisonMembers.inc({ queue });
  }

  gaveUp(integration: WithReceiver, reason: FailureReason): void {
    this.metrics.notificationsFailed.inc({ ...this.labelsOf(integration), reason });
    this.metrics.deadLetters.inc({ integration: integration.kind });
  }

  configLoaded(config: NotifierConfig, nowMs: number): void {
    const { metrics } = this;
    const used = new Set([...config.routes.byId.values()].map(({ receiver }) => receiver));
    const receivers = config.receivers.filter(({ name }) => used.has(name));
    metrics.receivers.set(receivers.length);
    metrics.integrations.set(receivers.reduce((count, { integrations }) => count + integrations.length, 0));
    // Which receivers there are is known only now.
    if (this.features.receiverNameInMetrics) {
      for (const { name, integrations } of receivers)
        for (const { kind } of integrations) this.zeroes.add(this.labelsOf({ kind, receiver: name }));
    }
    metrics.configHash.set(config.hash);
    metrics.reloadOk.set(1);
    metrics.reloadedAt.set(nowMs / 1000);
  }

  configReloadFailed(): void {
    this.metrics.reloadOk.set(0);
  }

  /** `handler` is the path's pattern. */
  httpAnswered(request: { handler: string; method: string; status: number; durationMs: number }): void {
    const labels = {
      handler: request.handler.replace(/:(\w+)/g, '{$1}'),
      method: request.method.toLowerCase(),
      code: request.status,
    };
    this.metrics.httpDuration.observe(labels, request.durationMs / 1000);
  }

  timelineKept(events: number): void {
    this.metrics.timelineEvents.inc(events);
  }

  timelineDropped(events: number): void {
    this.metrics.timelineDropped.inc(events);
  }

  dueQueueDepth(queue: string, members: number): void {
    this.metrics.queueDepth.set({ queue }, members);
  }

  clockSkew(aheadMs: number): void {
    this.metrics.clockSkew.set(aheadMs / 1000);
  }

  private setAlerts(state: NotifierState): void {
    const { alerts } = this.metrics;
    const { active, suppressed } = state.alerts();
    if (!this.features.groupKeyInMetrics) {
      alerts.set({ state: 'active' }, active);
      alerts.set({ state: 'suppressed' }, suppressed);
      return;
    }
    alerts.reset();
    for (const { groupKey, ...counts } of state.alertsByGroup()) {
      alerts.set({ state: 'active', group_key: groupKey }, counts.active);
      alerts.set({ state: 'suppressed', group_key: groupKey }, counts.suppressed);
      alerts.set({ state: 'unprocessed', group_key: groupKey }, 0);
    }
  }

  private labelsOf({ kind, receiver }: WithReceiver): { integration: string; receiver_name?: string } {
    return this.features.receiverNameInMetrics ? { integration: kind, receiver_name: receiver } : { integration: kind };
  }

  /** Counters that have not counted yet must exist, or the first increase is invisible to `rate`. */
  private startAtZero(): void {
    const { metrics } = this;
    if (!this.features.alertNamesInMetrics) metrics.limited.inc(0);
    for (const state of ALERT_STATES) metrics.alerts.set({ state }, 0);
    for (const version of ['v2', 'queue'] satisfies Intake[]) {
      for (const status of ['firing', 'resolved']) metrics.received.inc({ status, version }, 0);
      metrics.invalid.inc({ version }, 0);
    }
    for (const reason of SUPPRESSION_REASONS) metrics.suppressed.inc({ reason }, 0);
    for (const queue of ['groups', 'deliveries']) {
      metrics.queueDepth.set({ queue }, 0);
      metrics.poisonMembers.inc({ queue }, 0);
    }
    this.openCircuits([]);
    for (const integration of INTEGRATION_KINDS) {
      const ours = [metrics.deadLetters, metrics.degraded, metrics.retries, metrics.rateLimited];
      for (const each of ours) each.inc({ integration }, 0);
      metrics.inFlight.set({ integration }, 0);
      if (!this.features.receiverNameInMetrics) this.zeroes.add({ integration });
    }
    metrics.clusterMembers.set(1);
  }
}
