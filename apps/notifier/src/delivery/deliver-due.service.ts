import { MicroBatch } from '@tocsin/common/async/micro-batch';
import {
  type Completion,
  type CompletionResult,
  type DueQueue,
  type LaneCapacity,
} from '@tocsin/common/due-queue/due-queue';
import { type LeasedClaim } from '@tocsin/common/due-queue/due-runner.service';
import { type Log } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook } from '../alerts/alert-book';
import { type ActiveConfig } from '../config/active-config';
import { recordExpiryMs } from '../grouping/flush-group.service';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type NotificationLog, type RecordWrite, type RecordWriteResult } from '../pipeline/notification-log';
import { type DeliveryIntent, NO_RECORD, type NotificationRecord } from '../pipeline/notification-record';
import { type Integration, type Notification } from '../receivers/integration';
import { afterDelivery, afterFailure, deliveryStep, settledByDelivery } from './delivery-intent';
import { type DeliveryOutcome, type FailureReason } from './delivery-outcome';

/** Attempts one integration has under way at most. */
const MAX_IN_FLIGHT = 128;
/** Limit of one attempt, ms; an integration's own `timeout` is usually shorter. */
const ATTEMPT_TIMEOUT_MS = 30_000;
const MAX_BATCH = 128;

/** Delivers due intents: claim, send, record what was told. Every integration has its own lane and its own limit, so a
 *  receiver that hangs slows nobody else. */
export class DeliverDueService {
  private readonly inFlight = new Map<string, number>();
  private readonly writes: MicroBatch<RecordWrite, RecordWriteResult>;
  private readonly completions: MicroBatch<Completion, CompletionResult>;
  /** Called when an integration that was at its limit can take more. */
  onFreed: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly active: ActiveConfig,
    private readonly book: AlertBook,
    private readonly log: NotificationLog,
    private readonly groups: DueQueue,
    deliveries: DueQueue,
    private readonly metrics: NotifierMetrics,
    private readonly logger: Log,
    private readonly random: () => number,
  ) {
    this.writes = new MicroBatch((items) => log.write(items), MAX_BATCH);
    this.completions = new MicroBatch((items) => deliveries.complete(items), MAX_BATCH);
  }

  /** What may be claimed now, by integration. */
  lanes(): LaneCapacity[] {
    return this.active.integrations
      .all()
      .map(({ key }) => ({ lane: key, max: MAX_IN_FLIGHT - (this.inFlight.get(key) ?? 0) }))
      .filter(({ max }) => max > 0);
  }

  /** Handles claims of one round; each runs by itself once the records are loaded. */
  async deliver(claims: readonly LeasedClaim[]): Promise<void> {
    for (const { lane } of claims) this.inFlight.set(lane, (this.inFlight.get(lane) ?? 0) + 1);
    const loading = this.log.load(claims.map((claim) => claim.id));
    // All of them end before the first failure is told, because then nobody renews these claims any more.
    const results = await Promise.allSettled(
      claims.map(async (claim) => {
        try {
          const { records } = await loading;
          await this.deliverOne(claim, records.get(claim.id)?.get(claim.lane) ?? NO_RECORD);
        } finally {
          this.free(claim.lane);
        }
      }),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async deliverOne(claim: LeasedClaim, record: NotificationRecord): Promise<void> {
    const integration = this.active.integrations.byKey(claim.lane);
    const nowMs = this.clock.nowMs();
    if (integration === undefined) return this.end(claim, nowMs);
    const step = deliveryStep(record, integration.sendResolved, nowMs);
    switch (step.kind) {
      case 'nothing':
        return this.end(claim, null);
      case 'send':
        return this.attempt(claim, record, integration, step);
      default: {
        if (step.kind === 'expired') this.gaveUp(integration, record.intent, 'contextDeadlineExceeded');
        const result = await this.write(claim, record, step.next);
        return this.end(claim, result === 'written' ? null : nowMs);
      }
    }
  }

  private async attempt(
    claim: LeasedClaim,
    record: NotificationRecord,
    integration: Integration,
    { intent, alerts }: { intent: DeliveryIntent; alerts: DeliveryIntent['alerts'] },
  ): Promise<void> {
    // A process that was paused may have lost the member to another one, which sends it in its place.
    if (!claim.isHeld()) return;
    const startedMs = this.clock.nowMs();
    const { reason, sequence, group } = intent;
    const notification = {
      reason,
      sequence,
      alerts,
      groupKey: group.groupKey,
      groupLabels: group.groupLabels,
      routeLabels: group.routeLabels,
    };
    const outcome = await this.send(integration, notification);
    const endedMs = this.clock.nowMs();
    this.metrics.attempted(integration, outcome, endedMs - startedMs);
    if (outcome.kind === 'delivered') await this.delivered(claim, record, integration, intent);
    else await this.failed(claim, record, integration, intent, outcome);
  }

  private async send(integration: Integration, notification: Notification): Promise<DeliveryOutcome> {
    const limit = new AbortController();
    const timer = this.clock.setTimer(ATTEMPT_TIMEOUT_MS, () => limit.abort(new DOMException('', 'TimeoutError')));
    this.metrics.deliveryStarted(integration);
    try {
      return await integration.notify(notification, limit.signal);
    } finally {
      timer.cancel();
      this.metrics.deliveryEnded(integration);
    }
  }

  private async delivered(
    claim: LeasedClaim,
    record: NotificationRecord,
    integration: Integration,
    intent: DeliveryIntent,
  ): Promise<void> {
    this.logger.debug('Notify success', {
      integration: integration.key,
      groupKey: intent.group.groupKey,
      attempts: intent.attempts + 1,
    });
    const toldMs = this.clock.nowMs();
    await this.writeUntilAccepted(claim, record, (current) => afterDelivery(current, intent, toldMs));
    await this.settle(claim.id, intent, toldMs);
    await this.end(claim, null);
  }

  private async failed(
    claim: LeasedClaim,
    record: NotificationRecord,
    integration: Integration,
    intent: DeliveryIntent,
    outcome: Exclude<DeliveryOutcome, { kind: 'delivered' }>,
  ): Promise<void> {
    const nowMs = this.clock.nowMs();
    const { next, retryAtMs } = afterFailure(record, intent, outcome, nowMs, this.random());
    const fields = {
      integration: integration.key,
      groupKey: intent.group.groupKey,
      attempts: intent.attempts + 1,
      err: outcome.message,
    };
    if (intent.lastError !== outcome.message) {
      this.logger.warn(
        outcome.kind === 'rejected' ? 'Notify failed for good' : 'Notify attempt failed, will retry later',
        fields,
      );
    }
    // A conflict means that a newer decision replaced the intent: its attempt starts at once.
    const result = await this.write(claim, record, next);
    if (result === 'written' && retryAtMs === null) this.gaveUp(integration, next.intent ?? intent, outcome.reason);
    await this.end(claim, result === 'written' ? retryAtMs : nowMs);
  }

  /** Once the end of alerts was told and nothing else is to be told of the group, they leave it. */
  private async settle(groupId: string, intent: DeliveryIntent, nowMs: number): Promise<void> {
    const { alerts, groupIsEmpty } = settledByDelivery(intent);
    if (alerts.length === 0) return;
    const { records } = await this.log.load([groupId]);
    const ended = new Set(alerts.map(({ fingerprint }) => fingerprint));
    for (const integration of this.active.integrations.ofReceiver(intent.group.receiver)) {
      const record = records.get(groupId)?.get(integration.key);
      if (record !== undefined && mustStillHear(record, ended)) return;
    }
    const { lane, revision } = intent.group;
    for (let start = 0; start < alerts.length; start += MAX_BATCH) {
      const writes = alerts
        .slice(start, start + MAX_BATCH)
        .map(({ fingerprint, version }) => ({ kind: 'settle' as const, fingerprint, version, groupId }));
      await this.book.commit({ writes, arms: [] });
    }
    if (!groupIsEmpty) return;
    await this.groups.removeUnchanged([{ lane, id: groupId, revision }]);
    const route = this.active.groups.group(groupId)?.route;
    const intervals = route ?? { repeatIntervalMs: intent.group.repeatIntervalMs, groupIntervalMs: 0 };
    await this.log.expire([{ groupId, expiresAtMs: recordExpiryMs(nowMs, intervals) }]);
  }

  private async writeUntilAccepted(
    claim: LeasedClaim,
    record: NotificationRecord,
    change: (current: NotificationRecord) => NotificationRecord,
  ): Promise<void> {
    let current = record;
    while ((await this.write(claim, current, change(current))) === 'conflict') {
      const { records } = await this.log.load([claim.id]);
      current = records.get(claim.id)?.get(claim.lane) ?? NO_RECORD;
    }
  }

  private write(claim: LeasedClaim, current: NotificationRecord, next: NotificationRecord): Promise<RecordWriteResult> {
    if (next === current) return Promise.resolve('written');
    const change = { integration: claim.lane, expectedRevision: current.revision, record: next };
    return this.writes.add({ groupId: claim.id, fence: null, changes: [change], arms: [] });
  }

  private async end(claim: LeasedClaim, nextMs: number | null): Promise<void> {
    await this.completions.add({ claim, unchanged: nextMs, changed: this.clock.nowMs() });
  }

  private gaveUp(integration: Integration, intent: DeliveryIntent | null, reason: FailureReason): void {
    this.metrics.gaveUp(integration, reason);
    this.logger.error('Notify for alerts failed', {
      integration: integration.key,
      groupKey: intent?.group.groupKey ?? '',
      attempts: intent?.attempts ?? 0,
      err: intent?.lastError ?? reason,
    });
  }

  private free(lane: string): void {
    const before = this.inFlight.get(lane) ?? 0;
    this.inFlight.set(lane, before - 1);
    if (before === MAX_IN_FLIGHT) this.onFreed();
  }
}

/** Whether an integration has yet to be told of these ends: then the group decides again at its next flush. */
function mustStillHear(record: NotificationRecord, ended: ReadonlySet<string>): boolean {
  if (record.intent !== null || record.withdrawn) return true;
  return record.told?.firing.some((fingerprint) => ended.has(fingerprint)) ?? false;
}
