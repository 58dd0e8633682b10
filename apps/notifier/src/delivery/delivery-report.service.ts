import { type Log } from '@tocsin/common/log/log';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type DeliveryIntent } from '../pipeline/notification-record';
import { type Integration } from '../receivers/integration';
import { type Timeline, type TimelineEvent } from '../timeline/timeline-event';
import { type DeliveryOutcome, type FailureReason } from './delivery-outcome';

type Failure = Exclude<DeliveryOutcome, { kind: 'delivered' }>;

/** One notification of an integration. */
export interface Delivery {
  readonly integration: Integration;
  readonly groupId: string;
  readonly intent: DeliveryIntent;
}

/** Tells of deliveries: metrics, timeline, log. A receiver that is broken is logged when it breaks, when the reason
 *  changes and when it is over, not once a group. */
export class DeliveryReportService {
  /** Integration → what was last logged of it, until it accepts something. */
  private readonly failing = new Map<string, string>();
  private readonly givingUp = new Map<string, string>();
  private readonly degraded = new Map<string, string>();

  constructor(
    readonly metrics: NotifierMetrics,
    private readonly timeline: Timeline,
    private readonly log: Log,
  ) {}

  /** `degraded`: why it was a plain message; null for what was configured. */
  delivered(delivery: Delivery, degraded: string | null, nowMs: number): void {
    const { integration, intent } = delivery;
    const attempts = intent.attempts + 1;
    const wasFailing = this.failing.delete(integration.key);
    this.givingUp.delete(integration.key);
    this.log[wasFailing ? 'info' : 'debug']('Notify success', fieldsOf(delivery, attempts));
    const message = `${integration.key} accepted the notification (${intent.reason})`;
    if (degraded === null) {
      this.degraded.delete(integration.key);
      this.record(delivery, nowMs, 'delivered', message, { attempts });
      return;
    }
    this.metrics.deliveredDegraded(integration);
    const isNews = this.degraded.get(integration.key) !== degraded;
    this.degraded.set(integration.key, degraded);
    const fields = { ...fieldsOf(delivery, attempts), err: degraded };
    if (isNews) this.log.error('Plain notification sent, since the configured one cannot be made', fields);
    this.record(delivery, nowMs, 'delivered', `${message}, as a plain one: ${degraded}`, { attempts, degraded });
  }

  failed(delivery: Delivery, outcome: Failure, nowMs: number): void {
    const { integration, intent } = delivery;
    const attempts = intent.attempts + 1;
    const reason = `${outcome.kind} ${outcome.reason}`;
    const isNews = this.failing.get(integration.key) !== reason;
    this.failing.set(integration.key, reason);
    this.log[isNews ? 'warn' : 'debug'](
      outcome.kind === 'rejected' ? 'Notify failed for good' : 'Notify attempt failed, will retry later',
      { ...fieldsOf(delivery, attempts), err: outcome.message },
    );
    if (intent.lastError === outcome.message) return;
    const message = `${integration.key} failed: ${outcome.message}`;
    this.record(delivery, nowMs, 'attempt', message, { attempts, failure: outcome.reason });
  }

  /** `intent` counts its last attempt. */
  gaveUp(delivery: Delivery, reason: FailureReason, nowMs: number): void {
    const { integration, intent } = delivery;
    this.metrics.gaveUp(integration, reason);
    const isNews = this.givingUp.get(integration.key) !== reason;
    this.givingUp.set(integration.key, reason);
    const err = intent.lastError ?? reason;
    this.log[isNews ? 'error' : 'debug']('Notify for alerts failed', { ...fieldsOf(delivery, intent.attempts), err });
    const message = `${integration.key} was not told (${intent.reason}): ${err}`;
    this.record(delivery, nowMs, 'dead-letter', message, { attempts: intent.attempts, failure: reason });
  }

  circuit({ key, receiver, limits }: Integration, change: 'opened' | 'closed', nowMs: number): void {
    const pauseMs = limits.circuit?.pauseMs ?? 0;
    if (change === 'opened') this.log.warn('Receiver keeps failing, attempts pause', { integration: key, pauseMs });
    else this.log.info('Receiver works again', { integration: key });
    const message = change === 'opened' ? `${key} keeps failing: attempts pause` : `${key} works again`;
    this.timeline.record({ atMs: nowMs, kind: 'system', receiver, integration: key, message });
  }

  private record(
    { integration, groupId, intent }: Delivery,
    atMs: number,
    kind: TimelineEvent['kind'],
    message: string,
    detail: Readonly<Record<string, unknown>>,
  ): void {
    this.timeline.record({
      atMs,
      kind,
      fingerprints: intent.alerts.map(({ fingerprint }) => fingerprint),
      group: groupId,
      groupKey: intent.group.groupKey,
      receiver: integration.receiver,
      integration: integration.key,
      message,
      detail: { reason: intent.reason, sequence: intent.sequence, ...detail },
    });
  }
}

function fieldsOf({ integration, intent }: Delivery, attempts: number): Readonly<Record<string, unknown>> {
  return { integration: integration.key, groupKey: intent.group.groupKey, attempts };
}
