import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type BuildInfo, BUILD_INFO_LABELS, buildInfoLabels } from '@tocsin/common/metrics/build-info';
import { counter, gauge, histogram } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';
import { type NotifierConfig } from '../config/notifier-config';
import { type DeliveryOutcome, type FailureReason } from '../delivery/delivery-outcome';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { type Integration } from '../receivers/integration';

/** Every metric of the notifier; names, types and labels of `alertmanager_*` are Alertmanager's. */
export const notifierMetrics = {
  alerts: gauge('alertmanager_alerts', 'Alerts that have not ended, by state.', ['state']),
  received: counter(
    'alertmanager_alerts_received_total',
    'Alerts received; version is v2 for the API and queue for our evaluators.',
    ['status', 'version'],
  ),
  invalid: counter('alertmanager_alerts_invalid_total', 'Alerts received that were refused.', ['version']),
  groups: gauge('alertmanager_dispatcher_aggregation_groups', 'Groups that hold alerts.'),
  notifications: counter('alertmanager_notifications_total', 'Notifications decided.', ['integration']),
  notificationsFailed: counter(
    'alertmanager_notifications_failed_total',
    'Notifications given up, by the reason of the last failure.',
    ['integration', 'reason'],
  ),
  requests: counter('alertmanager_notification_requests_total', 'Attempts to deliver a notification.', ['integration']),
  requestsFailed: counter('alertmanager_notification_requests_failed_total', 'Attempts to deliver that failed.', [
    'integration',
  ]),
  latency: histogram(
    'alertmanager_notification_latency_seconds',
    'Time one attempt to deliver takes.',
    [1, 5, 10, 15, 20],
    ['integration'],
  ),
  suppressed: counter(
    'alertmanager_notifications_suppressed_total',
    'Notifications not sent because all alerts were muted.',
    ['reason'],
  ),
  silences: gauge('alertmanager_silences', 'Silences by state.', ['state']),
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
  peerPosition: gauge(
    'alertmanager_peer_position',
    'Place of this notifier among the live ones by name; it has no effect.',
  ),
  buildInfo: gauge('alertmanager_build_info', 'Always 1; what was built and what it runs on.', BUILD_INFO_LABELS),
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
  clockSkew: gauge('tocsin_clock_skew_seconds', 'How far the shared clock is ahead of the clock of this machine.'),
  replicaPosition: gauge('tocsin_replica_position', 'Last entry of the change stream this notifier has applied.'),
} as const;

/** Integrations this version has; their series exist from the start. */
const INTEGRATION_KINDS = ['webhook'] as const;

const SUPPRESSION_REASONS = ['silence', 'inhibition', 'mute_time_interval', 'active_time_interval'] as const;

const failureReasons: Readonly<Record<FailureReason, true>> = {
  authError: true,
  rateLimited: true,
  clientError: true,
  serverError: true,
  contextCanceled: true,
  contextDeadlineExceeded: true,
  other: true,
};

/** What is read when somebody scrapes. */
export interface NotifierState {
  /** Alerts that have not ended. */
  alerts(): { active: number; suppressed: number };
  groups(): number;
  replicaPosition(): number;
  /** Null when this notifier runs alone on its own state. */
  instances(): InstanceRegistry | null;
}

/** How alerts came in. Source: Alertmanager's label `version`. */
export type Intake = 'v2' | 'queue';

type WithKind = Pick<Integration, 'kind'>;

/** Counts what the notifier does. */
export class NotifierMetrics {
  private readonly metrics;

  constructor(
    private readonly registry: MetricsRegistry,
    build: BuildInfo,
  ) {
    this.metrics = registerMetrics(registry, notifierMetrics);
    this.metrics.buildInfo.set(buildInfoLabels(build), 1);
    this.startAtZero();
  }

  /** From now on the gauges of alerts, groups and cluster show this state. */
  observeState(state: NotifierState): void {
    const { metrics } = this;
    this.registry.beforeScrape(() => {
      const { active, suppressed } = state.alerts();
      metrics.alerts.set({ state: 'active' }, active);
      metrics.alerts.set({ state: 'suppressed' }, suppressed);
      metrics.groups.set(state.groups());
      metrics.replicaPosition.set(state.replicaPosition());
      const instances = state.instances();
      if (instances === null) return;
      const names = instances.live().map(({ name }) => name);
      metrics.clusterEnabled.set(1);
      metrics.clusterMembers.set(names.length);
      metrics.peerPosition.set(names.filter((name) => name < instances.self.name).length);
    });
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

  decided({ kind }: WithKind, verdict: NotifyVerdict): void {
    if (verdict !== 'none') this.metrics.notifications.inc({ integration: kind });
  }

  deliveryStarted({ kind }: WithKind): void {
    this.metrics.inFlight.inc({ integration: kind });
  }

  deliveryEnded({ kind }: WithKind): void {
    this.metrics.inFlight.dec({ integration: kind });
  }

  attempted({ kind }: WithKind, outcome: DeliveryOutcome, durationMs: number): void {
    const labels = { integration: kind };
    this.metrics.requests.inc(labels);
    this.metrics.latency.observe(labels, durationMs / 1000);
    if (outcome.kind !== 'delivered') this.metrics.requestsFailed.inc(labels);
    if (outcome.kind === 'retryable') this.metrics.retries.inc(labels);
  }

  gaveUp({ kind }: WithKind, reason: FailureReason): void {
    this.metrics.notificationsFailed.inc({ integration: kind, reason });
    this.metrics.deadLetters.inc({ integration: kind });
  }

  configLoaded(config: NotifierConfig, nowMs: number): void {
    const { metrics } = this;
    const used = new Set([...config.routes.byId.values()].map(({ receiver }) => receiver));
    const receivers = config.receivers.filter(({ name }) => used.has(name));
    metrics.receivers.set(receivers.length);
    metrics.integrations.set(receivers.reduce((count, { webhooks }) => count + webhooks.length, 0));
    metrics.configHash.set(config.hash);
    metrics.reloadOk.set(1);
    metrics.reloadedAt.set(nowMs / 1000);
  }

  configReloadFailed(): void {
    this.metrics.reloadOk.set(0);
  }

  /** `handler` is the path's pattern; Alertmanager labels its API by what follows `/api/v2`. */
  httpAnswered(request: { handler: string; method: string; status: number; durationMs: number }): void {
    const labels = {
      handler: request.handler.replace(/^\/api\/v2/, '').replace(/:\w+/, '{silenceID}'),
      method: request.method.toLowerCase(),
      code: request.status,
    };
    this.metrics.httpDuration.observe(labels, request.durationMs / 1000);
  }

  dueQueueDepth(queue: string, members: number): void {
    this.metrics.queueDepth.set({ queue }, members);
  }

  clockSkew(aheadMs: number): void {
    this.metrics.clockSkew.set(aheadMs / 1000);
  }

  /** Counters that have not counted yet must exist, or the first increase is invisible to `rate`. */
  private startAtZero(): void {
    const { metrics } = this;
    for (const state of ['active', 'suppressed', 'unprocessed']) metrics.alerts.set({ state }, 0);
    for (const state of ['active', 'pending', 'expired']) metrics.silences.set({ state }, 0);
    for (const version of ['v2', 'queue'] satisfies Intake[]) {
      for (const status of ['firing', 'resolved']) metrics.received.inc({ status, version }, 0);
      metrics.invalid.inc({ version }, 0);
    }
    for (const reason of SUPPRESSION_REASONS) metrics.suppressed.inc({ reason }, 0);
    for (const queue of ['groups', 'deliveries']) metrics.queueDepth.set({ queue }, 0);
    for (const integration of INTEGRATION_KINDS) {
      const counters = [
        metrics.notifications,
        metrics.requests,
        metrics.requestsFailed,
        metrics.deadLetters,
        metrics.retries,
      ];
      for (const each of counters) each.inc({ integration }, 0);
      for (const reason of Object.keys(failureReasons)) metrics.notificationsFailed.inc({ integration, reason }, 0);
      metrics.inFlight.set({ integration }, 0);
      metrics.latency.zero({ integration });
    }
    metrics.clusterMembers.set(1);
  }
}
