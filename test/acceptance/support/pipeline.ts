import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Alert } from '@tocsin/common/alert/alert';
import { type Claim, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type LeasedClaim } from '@tocsin/common/due-queue/due-runner.service';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { type TableStore } from '@tocsin/common/embedded/embedded-table';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { EmbeddedAlertBook } from '@tocsin/notifier/alerts/embedded-alert-book.store';
import { IngestAlertsService } from '@tocsin/notifier/alerts/ingest-alerts.service';
import { type ActiveConfig } from '@tocsin/notifier/config/active-config';
import { DeliverDueService } from '@tocsin/notifier/delivery/deliver-due.service';
import { DeliveryReportService } from '@tocsin/notifier/delivery/delivery-report.service';
import { type DeliveryOutcome } from '@tocsin/notifier/delivery/delivery-outcome';
import { FlushReportService } from '@tocsin/notifier/grouping/flush-report.service';
import { FlushGroupService } from '@tocsin/notifier/grouping/flush-group.service';
import { GroupIndex } from '@tocsin/notifier/grouping/groups';
import { NotifierMetrics } from '@tocsin/notifier/metrics/notifier.metrics';
import { EmbeddedNotificationLog } from '@tocsin/notifier/pipeline/embedded-notification-log.store';
import { InhibitionIndex } from '@tocsin/notifier/inhibition/inhibition-index';
import { NO_MUTING } from '@tocsin/notifier/pipeline/muting';
import { NO_TIMELINE } from '@tocsin/notifier/timeline/timeline-event';
import { type Integration, type Notification } from '@tocsin/notifier/receivers/integration';
import { IntegrationRegistry } from '@tocsin/notifier/receivers/integration-registry';
import { type RouteTree } from '@tocsin/notifier/routing/route';
import { buildRouteTree, type RouteSpec } from '@tocsin/notifier/routing/route-tree';
import { aNotifierConfig, aRoute, anIntegration } from '@tocsin/notifier/testing/a-config';

/** What the receiver heard: `firing a,b` or `resolved a`, in order. */
export type Heard = string[];

/** Called before and after every call of a port, with a running number: where a test interferes. */
export type Pause = (point: number, what: string) => Promise<void>;

export const GROUP_WAIT_MS = 1_000;
export const GROUP_INTERVAL_MS = 5_000;

const route = aRoute({
  receiver: 'team',
  groupWaitMs: GROUP_WAIT_MS,
  groupIntervalMs: GROUP_INTERVAL_MS,
  repeatIntervalMs: 3_600_000,
});

/**
 * The notifier between ingestion and receiver on embedded state, without HTTP and timers: the test says when due work is
 * claimed, may step in at every await of a port, and may give the process up there and start another one on its state.
 */
export class Pipeline {
  readonly heard: Heard = [];
  /** What the receiver answers; told before the notification counts as heard. */
  answer: (notification: Notification, index: number) => Promise<DeliveryOutcome> = async () => ({ kind: 'delivered' });
  pause: Pause = async () => {};

  private points = 0;

  private constructor(
    readonly clock: FakeClock,
    private readonly store: TableStore,
    private readonly release: () => Promise<void>,
    private readonly integrations: number,
    private readonly routes: RouteTree,
    private parts: Parts,
  ) {}

  /** A receiver with so many integrations; what those after the first hear begins with their index. */
  static async open(integrations = 1): Promise<Pipeline> {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-pipeline-'));
    const store = await EmbeddedStore.open(folder);
    return Pipeline.on(store, integrations, {}, async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** One integration, on a route of the test's and on a store that writes nothing to disk: for many or long stories. */
  static inMemory(routeOverrides: Partial<RouteSpec> = {}): Pipeline {
    return Pipeline.on(new MemoryStore(), 1, routeOverrides, async () => {});
  }

  private static on(
    store: TableStore,
    integrations: number,
    routeOverrides: Partial<RouteSpec>,
    release: () => Promise<void>,
  ): Pipeline {
    const routes = buildRouteTree({ ...route, ...routeOverrides });
    const pipeline = new Pipeline(new FakeClock(), store, release, integrations, routes, undefined as never);
    pipeline.parts = pipeline.assemble();
    return pipeline;
  }

  close(): Promise<void> {
    return this.release();
  }

  /** Notes what the receiver took, also where it will not say so. */
  hear(notification: Notification, index = 0): void {
    this.heard.push((index > 0 ? `${index}: ` : '') + gist(notification));
  }

  /** Another process on the same state: everything that was only in memory is gone. */
  async restart(): Promise<void> {
    await this.store.committed();
    this.parts = this.assemble();
  }

  async fire(...names: string[]): Promise<void> {
    await this.fireFor(3_600_000, ...names);
  }

  async fireFor(ms: number, ...names: string[]): Promise<void> {
    await this.ingest(names.map((name) => this.alert(name, this.clock.nowMs() + ms)));
  }

  async resolve(...names: string[]): Promise<void> {
    await this.ingest(names.map((name) => this.alert(name, this.clock.nowMs())));
  }

  /** Claims and handles everything that is due now, until nothing is. */
  async work(): Promise<void> {
    for (let busy = true; busy;) {
      const flushed = await this.flush();
      const delivered = await this.deliver();
      busy = flushed + delivered > 0;
    }
  }

  async flush(): Promise<number> {
    const { groups, flusher, active } = this.parts;
    const { claims } = await groups.claim([{ lane: active.config.routes.lane, max: 10 }], LEASE_MS);
    if (claims.length > 0) await flusher.flush(claims.map((claim) => this.leased(claim)));
    return claims.length;
  }

  async deliver(): Promise<number> {
    const { deliveries, deliverer } = this.parts;
    const { claims } = await deliveries.claim(deliverer.lanes(), LEASE_MS);
    if (claims.length > 0) await deliverer.deliver(claims.map((claim) => this.leased(claim)));
    return claims.length;
  }

  /** Lets time pass in steps, working at each. */
  async workFor(ms: number, stepMs = 500): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.set(this.clock.nowMs() + stepMs);
      await this.work();
    }
  }

  /** How many groups still have a due time. */
  async groupsLeft(): Promise<number> {
    const { groups, active } = this.parts;
    const { nextDueMs } = await groups.claim([{ lane: active.config.routes.lane, max: 0 }], LEASE_MS);
    return nextDueMs === null ? 0 : 1;
  }

  private async ingest(alerts: readonly Alert[]): Promise<void> {
    await this.parts.ingest.ingest(alerts, this.clock.nowMs());
  }

  private alert(name: string, endsAtMs: number): Alert {
    const labels = { alertname: name };
    const nowMs = this.clock.nowMs();
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
  }

  private leased(claim: Claim): LeasedClaim {
    const untilMs = this.clock.nowMs() + LEASE_MS;
    return { ...claim, isHeld: () => this.clock.nowMs() < untilMs };
  }

  private assemble(): Parts {
    const { clock, store, routes } = this;
    const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
    const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
    const book = new EmbeddedAlertBook(store, groups, clock);
    const log = new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => book.position });
    const active: ActiveConfig = {
      config: aNotifierConfig({ routes }),
      groups: new GroupIndex(routes, book.alerts.values()),
      integrations: new IntegrationRegistry(
        Array.from({ length: this.integrations }, (_, index) => this.integration(index)),
      ),
      inhibition: new InhibitionIndex([], []),
      incoming: null,
    };
    book.onChange((changes) => active.groups.apply(changes));
    const metrics = new NotifierMetrics(new MetricsRegistry(), NO_BUILD);
    const report = new DeliveryReportService(metrics, NO_TIMELINE, nullLog);
    const [pausedBook, pausedLog] = [this.pausing(book), this.pausing(log)];
    const [pausedGroups, pausedDeliveries] = [this.pausing(groups), this.pausing(deliveries)];
    return {
      groups,
      deliveries,
      active,
      ingest: new IngestAlertsService(book, active),
      flusher: new FlushGroupService(
        clock,
        active,
        pausedBook,
        pausedLog,
        pausedGroups,
        { at: () => NO_MUTING },
        new FlushReportService(metrics, NO_TIMELINE, report),
      ),
      deliverer: new DeliverDueService(
        clock,
        active,
        pausedBook,
        pausedLog,
        pausedGroups,
        pausedDeliveries,
        report,
        () => 0.5,
        () => 1,
      ),
    };
  }

  private integration(index: number): Integration {
    return anIntegration({
      receiver: 'team',
      index,
      notify: async (notification) => {
        await this.pause(++this.points, 'before sending');
        const outcome = await this.answer(notification, index);
        if (outcome.kind === 'delivered') this.hear(notification, index);
        await this.pause(++this.points, 'after sending');
        return outcome;
      },
    });
  }

  /** The port, with a pause before and after each of its calls. */
  private pausing<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        if (!PAUSED.has(String(property))) return member.bind(target) as unknown;
        return async (...args: unknown[]) => {
          await this.pause(++this.points, `before ${String(property)}`);
          const result: unknown = await member.apply(target, args);
          await this.pause(++this.points, `after ${String(property)}`);
          return result;
        };
      },
    });
  }

  /** Starts counting pauses anew. */
  countFromHere(): void {
    this.points = 0;
  }
}

interface Parts {
  groups: EmbeddedDueQueue;
  deliveries: EmbeddedDueQueue;
  active: ActiveConfig;
  ingest: IngestAlertsService;
  flusher: FlushGroupService;
  deliverer: DeliverDueService;
}

const PAUSED = new Set(['load', 'write', 'expire', 'commit', 'reached', 'complete', 'removeUnchanged']);

function gist({ alerts }: Notification): string {
  const names = (isWanted: (endsAtMs: number) => boolean) =>
    alerts
      .filter(({ endsAtMs }) => isWanted(endsAtMs))
      .map(({ labels }) => labels['alertname'])
      .sort()
      .join(',');
  const firing = names((endsAtMs) => endsAtMs === 0);
  const resolved = names((endsAtMs) => endsAtMs !== 0);
  return [firing && `firing ${firing}`, resolved && `resolved ${resolved}`].filter(Boolean).join('; ');
}
