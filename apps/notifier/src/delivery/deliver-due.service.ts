import { MicroBatch } from '@tocsin/common/async/micro-batch';
import {
  type Completion,
  type CompletionResult,
  type DueQueue,
  LEASE_MS,
  type LaneCapacity,
  SUSPECT_CLAIMS,
} from '@tocsin/common/due-queue/due-queue';
import { type LeasedClaim } from '@tocsin/common/due-queue/due-runner.service';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook } from '../alerts/alert-book';
import { cutBatches } from '../alerts/cut-batches';
import { takeBackWrites } from '../alerts/take-back';
import { type ActiveConfig } from '../config/active-config';
import { recordExpiryMs } from '../grouping/flush-group.service';
import {
  type LoadedRecords,
  type NotificationLog,
  type RecordWrite,
  type RecordWriteResult,
} from '../pipeline/notification-log';
import {
  type DeliveryIntent,
  type FrozenAlert,
  mustStillHear,
  NO_RECORD,
  type NotificationRecord,
} from '../pipeline/notification-record';
import { type Integration, type Notification } from '../receivers/integration';
import { DeliveryGate, type Pass } from './delivery-gate';
import {
  afterDelivery,
  afterFailure,
  deliveryStep,
  maybeHeard,
  receiverDataFor,
  settledByDelivery,
} from './delivery-intent';
import { DEFAULT_LIMITS, type DeliveryLimits, limitsOfOne } from './delivery-limits';
import { type Delivered, type DeliveryOutcome } from './delivery-outcome';
import { type Delivery, type DeliveryReportService } from './delivery-report.service';

const MAX_BATCH = 128;

/** A claim with what is known of its integration and group. */
interface Claimed {
  readonly claim: LeasedClaim;
  readonly record: NotificationRecord;
  readonly integration: Integration;
  readonly pass: Pass;
}

/** Has an attempt made, and watches how it ends. */
export type AroundAttempt = (
  delivery: Delivery,
  notification: Notification,
  attempt: () => Promise<DeliveryOutcome>,
) => Promise<DeliveryOutcome>;

/** Delivers due intents: claim, send, record what was told. Every integration has its own lane and its own limits, which
 *  are asked before anything is claimed: a receiver that hangs or is down slows nobody else. */
export class DeliverDueService {
  private readonly gates = new Map<string, DeliveryGate>();
  /** Attempts. */
  private readonly underWay = new Set<AbortController>();
  private readonly writes: MicroBatch<RecordWrite, RecordWriteResult>;
  private readonly completions: MicroBatch<Completion, CompletionResult>;
  /** Called with the instant (epoch ms; -Infinity: now) at which an integration that was at its limits can take more. */
  onCapacity: (atMs: number) => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly active: Pick<ActiveConfig, 'integrations' | 'groups'>,
    private readonly book: Pick<AlertBook, 'alerts' | 'commit' | 'reached'>,
    private readonly log: NotificationLog,
    private readonly groups: Pick<DueQueue, 'removeUnchanged'>,
    deliveries: Pick<DueQueue, 'complete'>,
    private readonly report: DeliveryReportService,
    private readonly random: () => number,
    /** Notifiers that share the work, this one included. */
    private readonly sharers: () => number,
    private readonly around: AroundAttempt = (_delivery, _notification, attempt) => attempt(),
  ) {
    this.writes = new MicroBatch((items) => log.write(items), MAX_BATCH);
    this.completions = new MicroBatch((items) => deliveries.complete(items), MAX_BATCH);
  }

  /** What may be claimed now, by integration. */
  lanes(): LaneCapacity[] {
    const nowMs = this.clock.nowMs();
    const lanes: LaneCapacity[] = [];
    const integrations = this.active.integrations.all();
    if (this.gates.size > integrations.length) this.forgetGates();
    for (const integration of integrations) {
      const { max, againMs, isRateLimited } = this.gateOf(integration.key).capacity(this.limitsOf(integration), nowMs);
      if (max > 0) lanes.push({ lane: integration.key, max });
      if (againMs !== null) this.onCapacity(againMs);
      if (isRateLimited) this.report.metrics.rateLimited(integration);
    }
    return lanes;
  }

  /** Integrations whose circuit breaker is open. */
  openCircuits(): Integration[] {
    return this.active.integrations.all().filter(({ key }) => this.gates.get(key)?.isOpen);
  }

  /** Ends attempts that are under way: they count as failed, and are made again. */
  cancelAttempts(): void {
    for (const attempt of this.underWay) attempt.abort();
  }

  /** Handles claims of one round; each runs by itself once the records are loaded. */
  async deliver(claims: readonly LeasedClaim[]): Promise<void> {
    const entered = claims.map((claim) => {
      const gate = this.gateOf(claim.lane);
      return { claim, gate, pass: gate.enter(this.limitsOf(this.integrationOf(claim)), this.clock.nowMs()) };
    });
    const loading = this.log.load(claims.map((claim) => claim.id));
    // All of them end before the first failure is told, because then nobody renews these claims any more.
    const results = await Promise.allSettled(
      entered.map(async ({ claim, gate, pass }) => {
        try {
          const { records } = await loading;
          await this.deliverOne(claim, records.get(claim.id)?.get(claim.lane) ?? NO_RECORD, pass);
        } finally {
          this.leave(gate, pass);
        }
      }),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async deliverOne(claim: LeasedClaim, record: NotificationRecord, pass: Pass): Promise<void> {
    const integration = this.integrationOf(claim);
    const nowMs = this.clock.nowMs();
    if (integration === undefined) return this.end(claim, nowMs);
    const step = deliveryStep(record, integration.sendResolved, nowMs);
    switch (step.kind) {
      case 'nothing':
        return this.end(claim, null);
      case 'send':
        return this.attempt({ claim, record, integration, pass }, step);
      default: {
        const result = await this.write(claim, record, step.next);
        if (result === 'written' && step.kind === 'expired' && record.intent !== null) {
          const intent = { ...record.intent, lastError: step.next.deadLetter?.error ?? null };
          this.report.gaveUp({ integration, groupId: claim.id, intent }, 'contextDeadlineExceeded', nowMs);
        }
        return this.end(claim, result === 'written' ? null : nowMs);
      }
    }
  }

  private async attempt(
    claimed: Claimed,
    { intent, alerts }: { intent: DeliveryIntent; alerts: DeliveryIntent['alerts'] },
  ): Promise<void> {
    const { claim, record, integration, pass } = claimed;
    // A process that was paused may have lost the member to another one, which sends it in its place.
    if (!claim.isHeld()) return;
    const startedMs = this.clock.nowMs();
    const { reason, sequence, group } = intent;
    const notification = {
      reason,
      sequence,
      alerts: alerts.map(copyOf),
      groupKey: group.groupKey,
      groupLabels: { ...group.groupLabels },
      routeLabels: { ...group.routeLabels },
      receiverData: receiverDataFor(intent, record.told),
      before: record.told,
      // Whatever makes the message may be what never comes to an end.
      ...(claim.unfinished >= SUSPECT_CLAIMS && { plain: true as const }),
    };
    const delivery: Delivery = { integration, groupId: claim.id, intent };
    const outcome = await this.around(delivery, notification, () => this.send(integration, notification));
    const endedMs = this.clock.nowMs();
    this.report.metrics.attempted(integration, outcome, endedMs - startedMs);
    const limits = this.limitsOf(integration);
    const gate = this.gateOf(claim.lane);
    const change = gate.attempted(pass, outcome, limits, endedMs);
    // The receiver is free for the next one; noting down what became of this one is no business of its limits.
    this.leave(gate, pass);
    if (change !== null) this.report.circuit(integration, change, endedMs);
    if (outcome.kind === 'delivered') await this.delivered(claimed, intent, outcome);
    else await this.failed(claimed, intent, outcome);
  }

  private async send(integration: Integration, notification: Notification): Promise<DeliveryOutcome> {
    const limit = new AbortController();
    this.underWay.add(limit);
    const { attemptTimeoutMs } = integration.limits;
    const timer = this.clock.setTimer(attemptTimeoutMs, () => limit.abort(new DOMException('', 'TimeoutError')));
    this.report.metrics.deliveryStarted(integration);
    try {
      return await integration.notify(notification, limit.signal);
    } finally {
      timer.cancel();
      this.underWay.delete(limit);
      this.report.metrics.deliveryEnded(integration);
    }
  }

  private async delivered(
    { claim, record, integration }: Claimed,
    intent: DeliveryIntent,
    { degraded, receiverData }: Delivered,
  ): Promise<void> {
    const toldMs = this.clock.nowMs();
    this.report.delivered({ integration, groupId: claim.id, intent }, degraded ?? null, toldMs);
    await this.noteHeard(claim, record, intent, (current) => afterDelivery(current, intent, toldMs, receiverData));
    await this.settle(claim.id, intent, toldMs);
    await this.end(claim, null);
  }

  /** Notes what the receiver has heard, or may have, whatever became of the record and the claim meanwhile. */
  private async noteHeard(
    claim: LeasedClaim,
    record: NotificationRecord,
    intent: DeliveryIntent,
    change: (current: NotificationRecord) => NotificationRecord,
  ): Promise<void> {
    let fence: RecordWrite['fence'] = { queue: 'deliveries', claim };
    let current = record;
    for (;;) {
      const result = await this.write(claim, current, change(current), fence);
      // Again, because the state may have changed hands between the two.
      if (result === 'written') return fence === null ? this.takeBack(claim.id, intent) : undefined;
      if (result === 'lost') fence = null;
      let loaded: LoadedRecords;
      do loaded = await this.log.load([claim.id]);
      while (fence === null && !(await this.book.reached(loaded.position, LEASE_MS)));
      current = loaded.records.get(claim.id)?.get(claim.lane) ?? NO_RECORD;
      if (fence === null) await this.takeBack(claim.id, intent);
    }
  }

  /**
   * While a claim was lost, others may have let alerts go that nobody was known to have heard of: what was told as
   * firing and is over joins its group again, whose next flush tells how it ended.
   *
   * Done before the record says what was heard, and again where that was written to meanwhile: who lets alerts go
   * writes there as well.
   */
  private async takeBack(groupId: string, { alerts, group }: DeliveryIntent): Promise<void> {
    const nowMs = this.clock.nowMs();
    const firing = alerts.filter(({ endsAtMs }) => endsAtMs === 0).map(({ fingerprint }) => fingerprint);
    const arm = { lane: group.lane, id: groupId, dueMs: nowMs, mode: 'earlier' as const };
    for (const writes of cutBatches(takeBackWrites(this.book.alerts, firing, nowMs))) {
      await this.book.commit({ writes, arms: [arm] });
    }
  }

  private async failed(
    { claim, record, integration }: Claimed,
    intent: DeliveryIntent,
    outcome: Exclude<DeliveryOutcome, { kind: 'delivered' }>,
  ): Promise<void> {
    const nowMs = this.clock.nowMs();
    const { next, retryAtMs } = afterFailure(record, intent, outcome, nowMs, this.random());
    const delivery: Delivery = { integration, groupId: claim.id, intent };
    this.report.failed(delivery, outcome, nowMs);
    // A conflict means that a newer decision replaced the intent: its attempt starts at once.
    const result = await this.write(claim, record, next);
    if (result !== 'written' && next.told !== record.told) {
      await this.noteHeard(claim, record, intent, (current) => maybeHeard(current, intent, outcome, nowMs));
    }
    if (result === 'written' && retryAtMs === null) {
      const last = { ...intent, attempts: intent.attempts + 1, lastError: outcome.message };
      this.report.gaveUp({ ...delivery, intent: last }, outcome.reason, nowMs);
    }
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
    const route = this.active.groups.group(groupId)?.route;
    const intervals = route ?? { repeatIntervalMs: intent.group.repeatIntervalMs, groupIntervalMs: 0 };
    await this.log.expire([{ groupId, expiresAtMs: recordExpiryMs(nowMs, intervals) }]);
    // Last: while the group has its time, somebody comes back to it should this end half-way.
    await this.groups.removeUnchanged([{ lane, id: groupId, revision }]);
  }

  private write(
    claim: LeasedClaim,
    current: NotificationRecord,
    next: NotificationRecord,
    fence: RecordWrite['fence'] = { queue: 'deliveries', claim },
  ): Promise<RecordWriteResult> {
    if (next === current) return Promise.resolve('written');
    const change = { integration: claim.lane, expectedRevision: current.revision, record: next };
    // What is told of a group that has ended does not keep its records for ever.
    return this.writes.add({ groupId: claim.id, fence, changes: [change], arms: [], isAside: true });
  }

  private async end(claim: LeasedClaim, nextMs: number | null): Promise<void> {
    await this.completions.add({ claim, unchanged: nextMs, changed: this.clock.nowMs() });
  }

  private integrationOf({ lane }: { lane: string }): Integration | undefined {
    return this.active.integrations.byKey(lane);
  }

  private limitsOf(integration: Integration | undefined): DeliveryLimits {
    return limitsOfOne(integration?.limits ?? DEFAULT_LIMITS, this.sharers());
  }

  private gateOf(lane: string): DeliveryGate {
    let gate = this.gates.get(lane);
    if (gate === undefined) this.gates.set(lane, (gate = new DeliveryGate()));
    return gate;
  }

  private leave(gate: DeliveryGate, pass: Pass): void {
    if (gate.leave(pass)) this.onCapacity(-Infinity);
  }

  /** Those of integrations that a reload took away. */
  private forgetGates(): void {
    for (const [lane, gate] of this.gates) {
      if (gate.isIdle && this.integrationOf({ lane }) === undefined) this.gates.delete(lane);
    }
  }
}

/** Whatever a receiver does to its message changes neither the alert book nor what others are told. */
function copyOf(alert: FrozenAlert): FrozenAlert {
  return { ...alert, labels: { ...alert.labels }, annotations: { ...alert.annotations } };
}
