import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type Claim, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { DueRunner } from '@tocsin/common/due-queue/due-runner.service';
import { labelValue } from '@tocsin/common/labels/label-set';
import { type Clock } from '@tocsin/common/time/clock';
import { AlertnameLimit } from './alerts/alertname-limit';
import { AlertsProcessor } from './alerts/alerts.processor';
import { ForgetAlertsService } from './alerts/forget-alerts.service';
import { IngestAlertsService } from './alerts/ingest-alerts.service';
import { OutageGuardService } from './alerts/outage-guard.service';
import { type ActiveConfig } from './config/active-config';
import { DeliverDueService } from './delivery/deliver-due.service';
import { DeliveryReportService } from './delivery/delivery-report.service';
import { poisonEvent } from './delivery/poison-event';
import { CloseVanishedService } from './grouping/close-vanished.service';
import { FlushGroupService } from './grouping/flush-group.service';
import { FlushReportService } from './grouping/flush-report.service';
import { GroupTimersService } from './grouping/group-timers.service';
import { type RouteLabelsOf } from './grouping/route-labels';
import { type NotifierMetrics } from './metrics/notifier.metrics';
import { type NotifierOptions } from './notifier-options';
import { CurrentMuting } from './pipeline/current-muting';
import { SilencedBy } from './silences/silenced-by';
import { type NotifierStores } from './state.module';
import { type Timeline } from './timeline/timeline-event';
import { attemptSpans, TracedFlushReport } from './tracing/pipeline-spans.service';
import { TraceCauses } from './tracing/trace-causes';
import { TracedIngest, tracedBook } from './tracing/traced-ingest.service';
import { type Tracer } from './tracing/tracer';

/** What the pipeline stands on. */
export interface PipelineParts {
  readonly options: NotifierOptions;
  readonly stores: NotifierStores;
  readonly active: ActiveConfig;
  readonly metrics: NotifierMetrics;
  readonly timeline: Timeline;
  readonly tracer: Tracer;
  readonly instances: () => InstanceRegistry | null;
  readonly startedAtMs: number;
  readonly routeLabelsOf: RouteLabelsOf;
}

export type Pipeline = ReturnType<typeof assemblePipeline>;

/** Groups under way at once, over all claims. */
const MAX_FLUSHES = 512;
/** How long attempts to deliver may go on once the process is to end, ms. */
const CANCEL_AFTER_MS = 3_000;

/** From an alert that comes in to the receiver that is told; nothing of it has started yet. */
export function assemblePipeline({
  options,
  stores,
  active,
  metrics,
  timeline,
  tracer,
  instances,
  startedAtMs,
  routeLabelsOf,
}: PipelineParts) {
  const { backend, log } = options;
  const { clock } = backend;
  const { book, log: records, groups, deliveries } = stores;

  const silencedBy = new SilencedBy(stores.silences.silences.values());
  stores.silences.onChange((changes) => silencedBy.apply(changes));
  const muting = new CurrentMuting(active, silencedBy);

  const timers = new GroupTimersService(groups, active, book, clock, log);
  const guard = new OutageGuardService(book, stores.liveness, clock, log, options.instance);
  const causes = new TraceCauses();
  const limit = limitOf(options, stores, metrics);
  const ingest = new TracedIngest(
    tracer,
    new IngestAlertsService(tracedBook(tracer, causes, book), active, timeline, limit),
  );
  const report = new DeliveryReportService(metrics, timeline, log);
  const flusher = new FlushGroupService(
    clock,
    active,
    book,
    records,
    groups,
    muting,
    new TracedFlushReport(
      tracer,
      causes,
      clock,
      (groupId) => active.groups.members(groupId).size,
      new FlushReportService(metrics, timeline, report),
    ),
    routeLabelsOf,
  );
  const deliverer = new DeliverDueService(
    clock,
    active,
    book,
    records,
    groups,
    deliveries,
    report,
    Math.random,
    () => instances()?.live().length ?? 1,
    attemptSpans(tracer, causes),
  );
  const vanished = new CloseVanishedService(
    active,
    book,
    records,
    groups,
    deliveries,
    () => instances()?.live() ?? null,
    clock,
    log,
    timeline,
    routeLabelsOf,
  );

  const common = {
    clock,
    leaseMs: LEASE_MS,
    mayClaim: () => guard.isClear(clock.nowMs()) && clock.nowMs() >= startedAtMs + options.dispatchStartDelayMs,
    log,
  };
  const onPoison = (queue: 'groups' | 'deliveries') => (claim: Claim) => {
    metrics.poisonTried(queue);
    timeline.record(poisonEvent(queue, claim, clock.nowMs()));
  };
  const flushes: DueRunner = new DueRunner({
    ...common,
    queue: groups,
    lanes: () => [{ lane: active.config.routes.lane, max: MAX_FLUSHES - flushes.load }],
    handle: (claims) => flusher.flush(claims),
    onPoison: onPoison('groups'),
  });
  const sends = new DueRunner({
    ...common,
    queue: deliveries,
    lanes: () => deliverer.lanes(),
    handle: (claims) => deliverer.deliver(claims),
    onPoison: onPoison('deliveries'),
  });
  deliverer.onCapacity = (atMs) => sends.wakeAt(atMs);
  const stopSends = async (): Promise<void> => {
    const cancelling = clock.setTimer(CANCEL_AFTER_MS, () => deliverer.cancelAttempts());
    await sends.stop();
    cancelling.cancel();
  };

  return {
    muting,
    timers,
    guard,
    ingest,
    processor: new AlertsProcessor(ingest, clock, metrics),
    deliverer,
    vanished,
    flushes,
    sends: { start: () => sends.start(), stop: stopSends },
    forgetter: forgetterOf(options, stores, active, clock),
  };
}

function forgetterOf(
  { log, forgetIntervalMs }: NotifierOptions,
  { book }: NotifierStores,
  active: ActiveConfig,
  clock: Clock,
) {
  return new ForgetAlertsService(book, clock, log, forgetIntervalMs, (fingerprint) =>
    active.groups.isMember(fingerprint),
  );
}

function limitOf({ perAlertnameLimit, log }: NotifierOptions, { book }: NotifierStores, metrics: NotifierMetrics) {
  metrics.perAlertLimit(perAlertnameLimit ?? 0);
  if (perAlertnameLimit === null) return null;
  const alerts = new AlertnameLimit(perAlertnameLimit, book.alerts.values());
  book.onChange((changes) => alerts.apply(changes));
  return {
    alerts,
    onRefused: ({ labels, fingerprint }: { labels: Readonly<Record<string, string>>; fingerprint: string }) => {
      const alertname = labelValue(labels, 'alertname') ?? '';
      metrics.alertLimited(alertname);
      log.warn('Alert refused: there are too many of its name', { alertname, fingerprint, limit: perAlertnameLimit });
    },
  };
}
