import { LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { DueRunner } from '@tocsin/common/due-queue/due-runner.service';
import { type Alert } from '@tocsin/common/alert/alert';
import { nullLog } from '@tocsin/common/log/log';
import { ForgetAlertsService } from '@tocsin/notifier/alerts/forget-alerts.service';
import { IngestAlertsService } from '@tocsin/notifier/alerts/ingest-alerts.service';
import { type ActiveConfig } from '@tocsin/notifier/config/active-config';
import { type NotifierConfig } from '@tocsin/notifier/config/notifier-config';
import { DeliverDueService } from '@tocsin/notifier/delivery/deliver-due.service';
import { DeliveryReportService } from '@tocsin/notifier/delivery/delivery-report.service';
import { FlushGroupService } from '@tocsin/notifier/grouping/flush-group.service';
import { FlushReportService } from '@tocsin/notifier/grouping/flush-report.service';
import { GroupTimersService } from '@tocsin/notifier/grouping/group-timers.service';
import { GroupIndex } from '@tocsin/notifier/grouping/groups';
import { InhibitionIndex } from '@tocsin/notifier/inhibition/inhibition-index';
import { type NotifierMetrics } from '@tocsin/notifier/metrics/notifier.metrics';
import { CurrentMuting } from '@tocsin/notifier/pipeline/current-muting';
import { type NotificationLog } from '@tocsin/notifier/pipeline/notification-log';
import { knownGroups } from '@tocsin/notifier/outage/known-groups';
import { type SwitchedState } from '@tocsin/notifier/outage/switched-state';
import { type IntegrationRegistry } from '@tocsin/notifier/receivers/integration-registry';
import { type Silence } from '@tocsin/notifier/silences/silence';
import { SilencedBy } from '@tocsin/notifier/silences/silenced-by';
import { NO_TIMELINE } from '@tocsin/notifier/timeline/timeline-event';
import { connect, type ConnectionOptions } from './connection';
import { type SimulatedProcess } from './world';

const FORGET_INTERVAL_MS = 15_000;
const MAX_FLUSHES = 64;

/** What a notifier is made of, and who watches it. */
export interface ModelNotifierOptions extends ConnectionOptions {
  readonly config: NotifierConfig;
  readonly integrations: IntegrationRegistry;
  readonly metrics: NotifierMetrics;
  readonly sharers: number;
  /** Gathers what flushes ask the notification log for. */
  readonly flushLoads: WeakSet<object>;
  readonly onPoison: () => void;
}

/** One notifier between ingestion and receivers, as `main.ts` puts it together, over a state shared with others. */
export class ModelNotifier {
  readonly process: SimulatedProcess;
  readonly active: ActiveConfig;
  isReady = false;
  private readonly state: SwitchedState;
  private readonly ingestion: IngestAlertsService;
  private readonly timers: GroupTimersService;
  private readonly runners: readonly DueRunner[];
  private readonly forgetter: ForgetAlertsService;

  constructor(options: ModelNotifierOptions) {
    const { process, config, integrations, metrics, sharers, onPoison } = options;
    this.process = process;
    const { world } = process;
    const connection = connect(options, () => knownGroups(this.active));
    this.state = connection;
    const { book, silences, log, groups, deliveries } = connection.ports;
    const silencedBy = new SilencedBy([]);
    silences.onChange((changes) => silencedBy.apply(changes));
    const active: ActiveConfig = {
      config,
      groups: new GroupIndex(config.routes),
      inhibition: new InhibitionIndex(config.inhibitRules, []),
      integrations,
      incoming: null,
    };
    this.active = active;
    book.onChange((changes) => {
      active.groups.apply(changes);
      active.inhibition.apply(changes);
    });
    const deliveryReport = new DeliveryReportService(metrics, NO_TIMELINE, nullLog);
    const flushReport = new FlushReportService(metrics, NO_TIMELINE, deliveryReport);
    const muting = new CurrentMuting(active, silencedBy);
    const flusher = new FlushGroupService(
      process,
      active,
      book,
      noting(log, options.flushLoads),
      groups,
      muting,
      flushReport,
    );
    const deliverer = new DeliverDueService(
      process,
      active,
      book,
      log,
      groups,
      deliveries,
      deliveryReport,
      () => world.random.integer(0, 999) / 1_000,
      () => sharers,
    );
    this.ingestion = new IngestAlertsService(book, active);
    this.timers = new GroupTimersService(groups, active, book, process, nullLog);
    const run = { clock: process, leaseMs: LEASE_MS, mayClaim: () => this.isReady, onPoison, log: nullLog };
    const flushRunner: DueRunner = new DueRunner({
      ...run,
      queue: groups,
      lanes: () => [{ lane: config.routes.lane, max: MAX_FLUSHES - flushRunner.load }],
      handle: (claims) => flusher.flush(claims),
    });
    const deliveryRunner = new DueRunner({
      ...run,
      queue: deliveries,
      lanes: () => deliverer.lanes(),
      handle: (claims) => deliverer.deliver(claims),
    });
    deliverer.onCapacity = (atMs) => deliveryRunner.wakeAt(atMs);
    this.state.state.onChange(() => void this.timers.arm());
    this.runners = [flushRunner, deliveryRunner];
    this.forgetter = new ForgetAlertsService(book, process, nullLog, FORGET_INTERVAL_MS, (fingerprint) =>
      active.groups.isMember(fingerprint),
    );
  }

  async start(): Promise<void> {
    this.state.mode.start();
    await this.state.mode.started;
    this.isReady = true;
    for (const runner of this.runners) runner.start();
    this.forgetter.start();
    await this.timers.start();
  }

  /** As if somebody had put it; false: it was changed at the same time. */
  async putSilence(silence: Silence): Promise<boolean> {
    const { silences } = this.state.ports;
    const expectedVersion = silences.silences.get(silence.id)?.version ?? 0;
    const result = await silences.write([{ kind: 'store', expectedVersion, silence }], Infinity);
    return result === 'written';
  }

  /** As if a sender had posted it; resolves once it is acknowledged. */
  async post(alerts: readonly Alert[]): Promise<void> {
    const nowMs = this.process.nowMs();
    await this.ingestion.ingest(
      alerts.map((alert) => ({ ...alert, updatedAtMs: nowMs })),
      nowMs,
    );
  }
}

/** The log, as flushes see it. */
function noting(log: NotificationLog, loads: WeakSet<object>): NotificationLog {
  return {
    load: (groupIds) => {
      loads.add(groupIds);
      return log.load(groupIds);
    },
    write: (writes) => log.write(writes),
    expire: (groups) => log.expire(groups),
  };
}
