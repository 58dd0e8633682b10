import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { type TableStore } from '@tocsin/common/embedded/embedded-table';
import { type Log } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { EmbeddedAlertBook } from '../alerts/embedded-alert-book.store';
import { IngestAlertsService } from '../alerts/ingest-alerts.service';
import { type ActiveConfig } from '../config/active-config';
import { type NotifierConfig } from '../config/notifier-config';
import { DeliverDueService } from '../delivery/deliver-due.service';
import { DeliveryReportService } from '../delivery/delivery-report.service';
import { FlushReportService } from '../grouping/flush-report.service';
import { FlushGroupService } from '../grouping/flush-group.service';
import { GroupIndex } from '../grouping/groups';
import { InhibitionIndex } from '../inhibition/inhibition-index';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { CurrentMuting } from '../pipeline/current-muting';
import { EmbeddedNotificationLog } from '../pipeline/embedded-notification-log.store';
import { type IntegrationRegistry } from '../receivers/integration-registry';
import { type Timeline } from '../timeline/timeline-event';

/** What a pipeline is made of. */
export interface SimulatedPipelineOptions {
  readonly store: TableStore;
  readonly clock: Clock;
  readonly config: NotifierConfig;
  readonly integrations: IntegrationRegistry;
  readonly silences: ConstructorParameters<typeof CurrentMuting>[1];
  readonly metrics: NotifierMetrics;
  readonly timeline: Timeline;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  /** What stands between the services and each port: a test that interferes, or nothing. */
  readonly wrap: <Port extends object>(port: Port) => Port;
}

/** What stands between the reception of alerts and the receivers. */
export interface SimulatedPipeline {
  readonly book: EmbeddedAlertBook;
  readonly records: EmbeddedNotificationLog;
  readonly groups: EmbeddedDueQueue;
  readonly deliveries: EmbeddedDueQueue;
  readonly active: ActiveConfig;
  readonly ingest: IngestAlertsService;
  readonly flusher: FlushGroupService;
  readonly deliverer: DeliverDueService;
}

/** The services that a notifier runs, over embedded state, without anything that claims by itself: whoever wants work to
 *  be done claims it. */
export function assembleSimulatedPipeline(options: SimulatedPipelineOptions): SimulatedPipeline {
  const { store, clock, config, integrations, silences, metrics, timeline, log, random, wrap } = options;
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  const book = new EmbeddedAlertBook(store, groups, clock);
  const records = new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => book.position });
  const active: ActiveConfig = {
    config,
    groups: new GroupIndex(config.routes, book.alerts.values()),
    inhibition: new InhibitionIndex(config.inhibitRules, book.alerts.values()),
    integrations,
    incoming: null,
  };
  book.onChange((changes) => {
    active.groups.apply(changes);
    active.inhibition.apply(changes);
  });
  const muting = new CurrentMuting(active, silences);
  const report = new DeliveryReportService(metrics, timeline, log);
  const ports = { book: wrap(book), records: wrap(records), groups: wrap(groups), deliveries: wrap(deliveries) };
  return {
    book,
    records,
    groups,
    deliveries,
    active,
    ingest: new IngestAlertsService(book, active, timeline),
    flusher: new FlushGroupService(
      clock,
      active,
      ports.book,
      ports.records,
      ports.groups,
      muting,
      new FlushReportService(metrics, timeline, report),
    ),
    deliverer: new DeliverDueService(
      clock,
      active,
      ports.book,
      ports.records,
      ports.groups,
      ports.deliveries,
      report,
      random,
      () => 1,
    ),
  };
}
