import { type Alert } from '@tocsin/common/alert/alert';
import { type Claim, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { DueRunner, type LeasedClaim } from '@tocsin/common/due-queue/due-runner.service';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Log, type LogFields, nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { EmbeddedAlertBook } from '../../alerts/embedded-alert-book.store';
import { IngestAlertsService } from '../../alerts/ingest-alerts.service';
import { type ActiveConfig } from '../../config/active-config';
import { FlushReportService } from '../../grouping/flush-report.service';
import { FlushGroupService } from '../../grouping/flush-group.service';
import { GroupIndex } from '../../grouping/groups';
import { InhibitionIndex } from '../../inhibition/inhibition-index';
import { NotifierMetrics } from '../../metrics/notifier.metrics';
import { EmbeddedNotificationLog } from '../../pipeline/embedded-notification-log.store';
import { NO_MUTING } from '../../pipeline/muting';
import { type Integration, type Notification } from '../../receivers/integration';
import { IntegrationRegistry } from '../../receivers/integration-registry';
import { buildRouteTree, type RouteSpec } from '../../routing/route-tree';
import { aNotifierConfig, anIntegration, aRoute } from '../../testing/a-config';
import { type TimelineEvent } from '../../timeline/timeline-event';
import { DeadLettersService } from '../dead-letters.service';
import { DeliverDueService } from '../deliver-due.service';
import { DEFAULT_LIMITS, type DeliveryLimits } from '../delivery-limits';
import { type DeliveryOutcome } from '../delivery-outcome';
import { DeliveryReportService } from '../delivery-report.service';

export const DELIVERED: DeliveryOutcome = { kind: 'delivered' };
export const BUSY = {
  kind: 'retryable',
  reason: 'serverError',
  message: 'unexpected status code 503',
} as const satisfies DeliveryOutcome;

/** An attempt a receiver was asked to make. */
export interface Asked {
  /** Since the start. */
  readonly atMs: number;
  /** `firing a` or `resolved a`. */
  readonly gist: string;
  readonly notification: Notification;
}

/** Flushes and deliveries of one route (a group by alertname, receiver `team`) under a clock that the test moves. */
export class DeliveryFixture {
  readonly clock = new FakeClock();
  readonly startMs = this.clock.nowMs();
  readonly asked: Asked[] = [];
  readonly logged: { level: string; message: string; fields: LogFields | undefined }[] = [];
  readonly events: TimelineEvent[] = [];
  /** What the receiver answers. */
  answer: (notification: Notification, signal: AbortSignal) => Promise<DeliveryOutcome> = async () => DELIVERED;

  readonly store = new MemoryStore();
  readonly groups = new EmbeddedDueQueue({ queue: 'groups', store: this.store, clock: this.clock });
  readonly deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store: this.store, clock: this.clock });
  readonly book = new EmbeddedAlertBook(this.store, this.groups, this.clock);
  readonly log = new EmbeddedNotificationLog({
    store: this.store,
    clock: this.clock,
    groups: this.groups,
    deliveries: this.deliveries,
    position: () => this.book.position,
  });
  readonly registry = new MetricsRegistry();
  readonly active: ActiveConfig;
  readonly deliverer: DeliverDueService;
  readonly deadLetters: DeadLettersService;
  private readonly ingest: IngestAlertsService;
  private readonly flusher: FlushGroupService;
  private runners: DueRunner[] = [];

  constructor(limits: Partial<DeliveryLimits> = {}, route: Partial<RouteSpec> = {}, own: Partial<Integration> = {}) {
    const { clock, book, log, groups, deliveries } = this;
    const routes = buildRouteTree(aRoute({ receiver: 'team', groupBy: ['alertname'], groupWaitMs: 1_000, ...route }));
    const integration = anIntegration({
      receiver: 'team',
      limits: { ...DEFAULT_LIMITS, ...limits },
      notify: (notification, signal) => {
        this.asked.push({ atMs: this.sinceStart(), gist: gistOf(notification), notification });
        return this.answer(notification, signal);
      },
      ...own,
    });
    this.active = {
      config: aNotifierConfig({ routes }),
      groups: new GroupIndex(routes),
      integrations: new IntegrationRegistry([integration]),
      inhibition: new InhibitionIndex([], []),
      incoming: null,
    };
    book.onChange((changes) => this.active.groups.apply(changes));
    const metrics = new NotifierMetrics(this.registry, NO_BUILD);
    const timeline = { record: (event: TimelineEvent) => void this.events.push(event) };
    const report = new DeliveryReportService(metrics, timeline, this.recordingLog());
    this.ingest = new IngestAlertsService(book, this.active);
    this.flusher = new FlushGroupService(
      clock,
      this.active,
      book,
      log,
      groups,
      { at: () => NO_MUTING },
      new FlushReportService(metrics, timeline, report),
    );
    this.deliverer = new DeliverDueService(
      clock,
      this.active,
      book,
      log,
      groups,
      deliveries,
      report,
      () => 0.5,
      () => 1,
    );
    this.deadLetters = new DeadLettersService(this.active, log, log, groups, clock, timeline);
  }

  /** From now on flushes and deliveries happen by themselves when time passes. */
  start(): void {
    const { clock, groups, deliveries, flusher, deliverer } = this;
    const common = { clock, leaseMs: LEASE_MS, mayClaim: () => true, onPoison: () => undefined, log: nullLog };
    const { lane } = this.active.config.routes;
    const flushes = new DueRunner({
      ...common,
      queue: groups,
      lanes: () => [{ lane, max: 100 }],
      handle: (claims) => flusher.flush(claims),
    });
    const sends = new DueRunner({
      ...common,
      queue: deliveries,
      lanes: () => deliverer.lanes(),
      handle: (claims) => deliverer.deliver(claims),
    });
    deliverer.onCapacity = (atMs) => sends.wakeAt(atMs);
    this.runners = [flushes, sends];
    for (const runner of this.runners) runner.start();
  }

  async stop(): Promise<void> {
    const stopping = this.runners.map((runner) => runner.stop(0));
    await this.clock.advance(0);
    await Promise.all(stopping);
  }

  /** Claims and handles what is due, until nothing is; for tests without `start`. */
  async work(): Promise<void> {
    for (let busy = true; busy;) {
      const { lane } = this.active.config.routes;
      const flushes = (await this.groups.claim([{ lane, max: 100 }], LEASE_MS)).claims;
      if (flushes.length > 0) await this.flusher.flush(flushes.map(leased));
      const sends = (await this.deliveries.claim(this.deliverer.lanes(), LEASE_MS)).claims;
      if (sends.length > 0) await this.deliverer.deliver(sends.map(leased));
      busy = flushes.length + sends.length > 0;
    }
  }

  /** Flushes one claimed group. */
  async flush(claim: Claim): Promise<void> {
    await this.flusher.flush([leased(claim)]);
  }

  async fire(...names: string[]): Promise<void> {
    await this.put(names, this.clock.nowMs() + 30 * 24 * 3_600_000);
  }

  async resolve(...names: string[]): Promise<void> {
    await this.put(names, this.clock.nowMs());
  }

  /** What the receiver was asked, in order. */
  gists(): string[] {
    return this.asked.map(({ gist }) => gist);
  }

  sinceStart(): number {
    return this.clock.nowMs() - this.startMs;
  }

  /** Lines of these levels: message and integration. */
  lines(...levels: string[]): string[] {
    return this.logged.filter(({ level }) => levels.includes(level)).map(({ message }) => message);
  }

  private async put(names: readonly string[], endsAtMs: number): Promise<void> {
    const nowMs = this.clock.nowMs();
    const alerts = names.map((name): Alert => {
      const labels = { alertname: name };
      return {
        fingerprint: fingerprint(labels),
        labels,
        annotations: {},
        startsAtMs: nowMs - 1,
        endsAtMs,
        updatedAtMs: nowMs,
        generatorURL: '',
        timeout: false,
        startsAtOffsetMin: 0,
        endsAtOffsetMin: 0,
      };
    });
    await this.ingest.ingest(alerts, nowMs);
  }

  private recordingLog(): Log {
    const at = (level: string) => (message: string, fields?: LogFields) =>
      void this.logged.push({ level, message, fields });
    const log: Log = {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: () => log,
    };
    return log;
  }
}

function leased(claim: Claim): LeasedClaim {
  return { ...claim, isHeld: () => true };
}

function gistOf({ alerts }: Notification): string {
  return alerts
    .map(({ labels, endsAtMs }) => `${endsAtMs === 0 ? 'firing' : 'resolved'} ${labels['alertname']}`)
    .join(', ');
}
