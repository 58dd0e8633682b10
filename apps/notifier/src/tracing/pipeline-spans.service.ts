import { type Clock } from '@tocsin/common/time/clock';
import { type AroundAttempt } from '../delivery/deliver-due.service';
import { type FlushedGroup, type FlushReportService } from '../grouping/flush-report.service';
import { type MutedBy } from '../pipeline/muting';
import { type TraceCauses } from './trace-causes';
import { type SpanAttributes, type Tracer } from './tracer';

/** Tells of flushes, and makes a span of each: with what every stage made of the group, and linked to the requests that
 *  led to it. */
export class TracedFlushReport implements Pick<FlushReportService, 'started' | 'flushed'> {
  constructor(
    private readonly tracer: Tracer,
    private readonly causes: TraceCauses,
    private readonly clock: Clock,
    /** How many alerts are in a group. */
    private readonly sizeOf: (groupId: string) => number,
    private readonly inner: Pick<FlushReportService, 'started' | 'flushed'>,
  ) {}

  started(lateMs: number): void {
    this.inner.started(lateMs);
  }

  flushed(flush: FlushedGroup): void {
    this.inner.flushed(flush);
    if (this.tracer.isOn) this.trace(flush);
  }

  private trace(flush: FlushedGroup): void {
    const { group, decision, nowMs } = flush;
    const span = this.tracer.begin({
      name: 'dispatch.AggregationGroup.flush',
      kind: 'internal',
      parent: null,
      links: this.causes.takePosts(group.id),
      startMs: nowMs,
    });
    if (span.isRecording) span.set(flushAttributes(flush, this.sizeOf(group.id)));
    if (span.ref !== null && decision.deliveries.length > 0) this.causes.flushed(group.id, span.ref);
    span.end(this.clock.nowMs());
  }
}

function flushAttributes({ group, integrations, muted, decision }: FlushedGroup, members: number): SpanAttributes {
  return {
    'alerting.aggregation_group.key': group.key,
    'alerting.alerts.count': members,
    'alerting.route.receiver.name': group.route.receiver,
    ...mutedCounts(muted.values()),
    'tocsin.verdicts': integrations.map(({ key }, index) => `${key}: ${decision.verdicts[index] ?? 'none'}`),
  };
}

function mutedCounts(muted: Iterable<MutedBy>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of muted) counts[`tocsin.muted.${kind}`] = (counts[`tocsin.muted.${kind}`] ?? 0) + 1;
  return counts;
}

/** A span for each attempt to deliver, a part of the flush that decided it. */
export function attemptSpans(tracer: Tracer, causes: TraceCauses): AroundAttempt {
  return ({ integration, groupId, intent }, notification, attempt) => {
    if (!tracer.isOn) return attempt();
    const attributes = {
      'alerting.notify.integration.name': integration.kind,
      'alerting.route.receiver.name': integration.receiver,
      'alerting.aggregation_group.key': notification.groupKey,
      'alerting.alerts.count': notification.alerts.length,
      'tocsin.integration': integration.key,
      'tocsin.reason': notification.reason,
      'tocsin.attempt': intent.attempts + 1,
    };
    const parent = causes.flushOf(groupId);
    return tracer.run({ name: 'notify.Integration.Notify', kind: 'client', parent, attributes }, async (span) => {
      const outcome = await attempt();
      span.set({ 'tocsin.outcome': outcome.kind, 'alerting.notify.error.recoverable': outcome.kind === 'retryable' });
      if (outcome.kind !== 'delivered') span.fail(outcome.message);
      return outcome;
    });
  };
}
