import { type DeliveryReportService } from '../delivery/delivery-report.service';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type FlushDecision } from '../pipeline/decide-flush';
import { type MutedBy } from '../pipeline/muting';
import { type NotificationRecord } from '../pipeline/notification-record';
import { type Integration } from '../receivers/integration';
import { type Timeline } from '../timeline/timeline-event';
import { type GroupRef } from './groups';
import { VerdictEvents } from './verdict-events';

/** One flush that was written. */
export interface FlushedGroup {
  readonly group: GroupRef;
  readonly integrations: readonly Integration[];
  /** In flush order. */
  readonly members: readonly { readonly fingerprint: string }[];
  readonly muted: ReadonlyMap<string, MutedBy>;
  /** As they were before. */
  readonly records: ReadonlyMap<string, NotificationRecord>;
  readonly decision: FlushDecision;
  readonly nowMs: number;
}

/** Tells of flushes: metrics and timeline. */
export class FlushReportService {
  private readonly verdicts = new VerdictEvents();

  constructor(
    private readonly metrics: Pick<NotifierMetrics, 'flushStarted' | 'suppressed' | 'decided'>,
    private readonly timeline: Timeline,
    private readonly deliveries: Pick<DeliveryReportService, 'gaveUp'>,
  ) {}

  started(lateMs: number): void {
    this.metrics.flushStarted(lateMs);
  }

  flushed(flush: FlushedGroup): void {
    const { group, integrations, muted, records, decision, nowMs } = flush;
    const members = flush.members.map(({ fingerprint }) => fingerprint);
    for (const [kind, alerts] of countKinds(muted.values())) this.metrics.suppressed(kind, alerts);
    integrations.forEach((integration, index) => this.metrics.decided(integration, decision.verdicts[index] ?? 'none'));
    for (const event of this.verdicts.of({
      group,
      integrations,
      members,
      muted,
      records,
      verdicts: decision.verdicts,
      nowMs,
    })) {
      this.timeline.record(event);
    }
    this.tellGivenUp(flush);
  }

  /** Intents that failed until this decision replaced them. */
  private tellGivenUp({ group, integrations, records, decision, nowMs }: FlushedGroup): void {
    for (const { integration: key, record } of decision.changes) {
      const before = records.get(key);
      if (!before?.intent || before.deadLetter === record.deadLetter) continue;
      const integration = integrations.find((one) => one.key === key);
      if (integration === undefined) continue;
      this.deliveries.gaveUp(
        { integration, groupId: group.id, intent: before.intent },
        'contextDeadlineExceeded',
        nowMs,
      );
    }
  }
}

function countKinds(mutes: Iterable<MutedBy>): ReadonlyMap<MutedBy['kind'], number> {
  const counts = new Map<MutedBy['kind'], number>();
  for (const { kind } of mutes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
