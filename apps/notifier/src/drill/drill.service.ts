import { type Log, reasonOf } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type ActiveConfig } from '../config/active-config';
import { type Receiver } from '../config/notifier-config';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type Bucket, nextTokenMs, refill, wholeTokens } from '../delivery/token-bucket';
import { type Integration, type Notification } from '../receivers/integration';
import { type Timeline } from '../timeline/timeline-event';
import { type Drill, drillEnd, drillNotification, isEndedAtOnce } from './drill';

/** What became of a drill with one integration. */
export interface DrillOutcome {
  /** `receiver/kind/index`. */
  readonly integration: string;
  readonly durationMs: number;
  readonly result:
    /** `degraded`: why it was a plain message; null: it was the configured one. `isEnded`: the end was told, too. */
    | { readonly kind: 'delivered'; readonly degraded: string | null; readonly isEnded: boolean }
    | { readonly kind: 'failed'; readonly error: string };
}

/** What became of a drill. */
export type DrillResult =
  | { readonly kind: 'no such receiver' }
  /** `has`: those that there are. */
  | { readonly kind: 'no such integration'; readonly has: readonly string[] }
  | { readonly kind: 'too soon'; readonly againMs: number }
  | { readonly kind: 'done'; readonly outcomes: readonly DrillOutcome[] };

/** Drills of one receiver: three at once, then one every 20 s. */
const RATE = { perSecond: 1 / 20, burst: 3 };

/** Tells receivers of drills, whether a route uses them or not. What is known of alerts and of what was told stays as it is:
 *  a drill is remembered by the timeline only. */
export class DrillService {
  private readonly buckets = new Map<string, Bucket>();
  private readonly underWay = new Set<AbortController>();

  constructor(
    private readonly active: Pick<ActiveConfig, 'config' | 'integrations'>,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
    private readonly log: Log,
  ) {}

  async run(name: string, drill: Drill): Promise<DrillResult> {
    const { config, integrations } = this.active;
    const receiver = config.receivers.find((one) => one.name === name);
    if (receiver === undefined) return { kind: 'no such receiver' };
    const has = entriesOf(receiver);
    const told = has.filter((entry) => drill.integration === null || entry === drill.integration);
    if (told.length === 0) return { kind: 'no such integration', has };
    const againMs = this.tooSoon(name);
    if (againMs !== null) return { kind: 'too soon', againMs };
    const outcomes = await Promise.all(
      told.map(async (entry) => {
        const key = `${name}/${entry}`;
        const integration = integrations.byKey(key);
        const startedMs = this.clock.nowMs();
        const notification = drillNotification(drill, name, startedMs);
        const result: DrillOutcome['result'] = integration
          ? await this.tell(integration, notification, isEndedAtOnce(drill, integration.kind))
          : { kind: 'failed', error: integrations.whyUnusable(key) ?? 'it could not be built' };
        const outcome = { integration: key, durationMs: this.clock.nowMs() - startedMs, result };
        this.report(name, notification, outcome);
        return outcome;
      }),
    );
    return { kind: 'done', outcomes };
  }

  /** Ends what is under way: it counts as failed. */
  stop(): void {
    for (const attempt of this.underWay) attempt.abort();
  }

  /** Takes a token; ms until there is one again where there is none, else null. */
  private tooSoon(receiver: string): number | null {
    const nowMs = this.clock.nowMs();
    const bucket = refill(this.buckets.get(receiver) ?? null, RATE, nowMs);
    if (wholeTokens(bucket) === 0) return nextTokenMs(bucket, RATE) - nowMs;
    this.buckets.set(receiver, { ...bucket, tokens: bucket.tokens - 1 });
    return null;
  }

  private async tell(
    integration: Integration,
    notification: Notification,
    isEnded: boolean,
  ): Promise<DrillOutcome['result']> {
    const begun = await this.attempt(integration, notification);
    if (begun.kind !== 'delivered') return { kind: 'failed', error: begun.message };
    if (!isEnded) return { kind: 'delivered', degraded: begun.degraded ?? null, isEnded };
    const end = drillEnd(notification, begun.receiverData ?? {}, this.clock.nowMs());
    const ended = await this.attempt(integration, end);
    if (ended.kind !== 'delivered') return { kind: 'failed', error: `its end could not be told: ${ended.message}` };
    return { kind: 'delivered', degraded: begun.degraded ?? ended.degraded ?? null, isEnded };
  }

  /** One attempt within its time; the circuit breaker is neither asked nor told. */
  private async attempt(integration: Integration, notification: Notification): Promise<DeliveryOutcome> {
    const limit = new AbortController();
    this.underWay.add(limit);
    const { attemptTimeoutMs } = integration.limits;
    const timer = this.clock.setTimer(attemptTimeoutMs, () => limit.abort(new DOMException('', 'TimeoutError')));
    try {
      return await integration.notify(notification, limit.signal);
    } catch (error) {
      // What the others came to is to be told all the same.
      this.log.error('Drill failed', { integration: integration.key, err: reasonOf(error) });
      return { kind: 'rejected', reason: 'other', message: 'internal error; the log says more' };
    } finally {
      timer.cancel();
      this.underWay.delete(limit);
    }
  }

  private report(
    receiver: string,
    { groupKey, alerts }: Notification,
    { integration, result, durationMs }: DrillOutcome,
  ) {
    const isDelivered = result.kind === 'delivered';
    const plain = isDelivered && result.degraded !== null ? `, as a plain message: ${result.degraded}` : '';
    this.log.info('Receiver tested by a drill', { integration, outcome: result.kind, durationMs });
    this.timeline.record({
      atMs: this.clock.nowMs(),
      kind: isDelivered ? 'delivered' : 'attempt',
      fingerprints: alerts.map(({ fingerprint }) => fingerprint),
      groupKey,
      receiver,
      integration,
      message: isDelivered
        ? `drill: ${integration} accepted it${plain}`
        : `drill: ${integration} failed: ${result.error}`,
      detail: {
        drill: true,
        durationMs,
        ...(isDelivered && result.degraded !== null && { degraded: result.degraded }),
      },
    });
  }
}

/** `kind/index` of what a receiver has. */
function entriesOf({ integrations }: Receiver): string[] {
  return integrations.map(({ kind, index }) => `${kind}/${index}`);
}
