import { LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type DeliveryOutcome } from '@tocsin/notifier/delivery/delivery-outcome';
import { type Notification } from '@tocsin/notifier/receivers/integration';
import { ALERTS, type Behaviour } from './scenario';
import { type SimulatedProcess, type World } from './world';

/** One attempt to tell a receiver something. */
export interface Attempt {
  /** Of the integration and group it tells of. */
  readonly key: string;
  readonly process: SimulatedProcess;
  readonly sequence: number;
  readonly reason: string;
  /** Names, in the order told. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** What tells one message from another: alerts with their starts. */
  readonly content: string;
  /** World time at which the receiver took it in; null: it never did. */
  heardMs: number | null;
  /** Its process was killed, stood still or lost the state while it was under way, or the answer never came: it may be
   *  made again. */
  isDisturbed: boolean;
  /** World time until which it may have been heard unseen: when it was, or its process gave it up or died; Infinity: not yet. */
  untilMs: number;
  /** What it told is on record. */
  isOver: boolean;
  /** Some process knows that it is. */
  isNoted: boolean;
  /** Its process worked on its own. */
  readonly isAlone: boolean;
}

const NAMES = new Map(ALERTS.map(({ fingerprint, name }) => [fingerprint, name]));

/** `receiver/webhook/0 {}/{team="y"} {"alertname":"A"}`: what a receiver's integration calls one group. */
export function groupName(
  integration: string,
  { groupKey, groupLabels }: Pick<Notification, 'groupKey' | 'groupLabels'>,
): string {
  const labels = Object.fromEntries(Object.entries(groupLabels).sort());
  return `${integration} ${groupKey.slice(0, groupKey.lastIndexOf(':{'))} ${JSON.stringify(labels)}`;
}

/** All receivers there are: what they heard, and how they behave. */
export class Receivers {
  readonly attempts: Attempt[] = [];
  /** Attempts in the order heard. */
  readonly heard: Attempt[] = [];
  private readonly behaviours = new Map<string, Behaviour>();

  constructor(private readonly world: World) {}

  behave(integration: string, behaviour: Behaviour): void {
    this.world.tell(() => `${integration} is ${behaviour}`);
    this.behaviours.set(integration, behaviour);
  }

  behaveAll(): void {
    this.behaviours.clear();
  }

  /** What is on record and nobody knows of is not on record any more. */
  forget(): void {
    for (const attempt of this.attempts) attempt.isOver &&= attempt.isNoted;
  }

  /** Everything under way in a process may be repeated; in all of them: null. */
  disturb(process: SimulatedProcess | null): void {
    for (const attempt of this.attempts) {
      if (attempt.isOver || (process !== null && attempt.process !== process)) continue;
      attempt.isDisturbed = true;
      if (!attempt.process.isAlive) attempt.untilMs = Math.min(attempt.untilMs, this.world.nowMs);
    }
  }

  async notify(
    process: SimulatedProcess,
    integration: string,
    notification: Notification,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome> {
    const { world } = this;
    const attempt = this.begin(process, groupName(integration, notification), notification);
    if (!(await inTime(world.gate(process, `sending to ${integration}`, 'send'), signal)))
      return this.timedOut(attempt);
    const behaviour = this.behaviours.get(integration) ?? 'ok';
    world.tell(
      () => `${process.name} tells ${describe(attempt)}${behaviour === 'ok' ? '' : `, which is ${behaviour}`}`,
    );
    if (behaviour === 'ok' || behaviour === 'swallowing') {
      attempt.heardMs = world.nowMs;
      attempt.untilMs = world.nowMs;
      this.heard.push(attempt);
    }
    if (behaviour === 'hanging' || behaviour === 'swallowing') {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return this.timedOut(attempt);
    }
    if (!(await inTime(world.gate(process, `answer of ${integration}`, 'send'), signal))) return this.timedOut(attempt);
    if (behaviour === 'ok') return { kind: 'delivered' };
    attempt.isOver = true;
    if (behaviour === 'rejecting') return { kind: 'rejected', reason: 'clientError', message: 'refused' };
    const retryAfterMs = world.chance(100) ? 3_000 : 0;
    return { kind: 'retryable', reason: 'serverError', message: 'busy', retryAfterMs };
  }

  /** The receiver may have heard, and nobody knows. */
  private timedOut(attempt: Attempt): DeliveryOutcome {
    attempt.isDisturbed = true;
    attempt.untilMs = Math.min(attempt.untilMs, this.world.nowMs);
    return { kind: 'retryable', reason: 'contextDeadlineExceeded', message: 'no answer', mayBeHeard: true };
  }

  private begin(process: SimulatedProcess, key: string, { alerts, sequence, reason }: Notification): Attempt {
    const named = (isOver: boolean) => alerts.filter(({ endsAtMs }) => (endsAtMs !== 0) === isOver);
    const nameOf = ({ fingerprint }: { fingerprint: string }) => NAMES.get(fingerprint) ?? fingerprint;
    const text = (isOver: boolean) =>
      named(isOver)
        .map((alert) => `${nameOf(alert)}@${alert.startsAtMs}`)
        .sort()
        .join(' ');
    const attempt: Attempt = {
      key,
      process,
      sequence,
      reason,
      firing: named(false).map(nameOf).sort(),
      resolved: named(true).map(nameOf).sort(),
      content: `${text(false)} | ${text(true)}`,
      heardMs: null,
      // A process that stood still may hold by its own clock what has run out by another one.
      isDisturbed:
        this.world.isAway ||
        !process.isAlive ||
        process.isAlone ||
        (this.world.isSkewed && this.world.nowMs - process.pausedUntilMs < LEASE_MS),
      untilMs: Infinity,
      isOver: false,
      isNoted: false,
      isAlone: process.isAlone,
    };
    this.attempts.push(attempt);
    return attempt;
  }
}

/** A line about an attempt. */
export function describe({ key, sequence, reason, firing, resolved }: Attempt): string {
  return `${key} #${sequence % 1_000_000}: firing [${firing.join(' ')}] resolved [${resolved.join(' ')}] (${reason})`;
}

/** False when the signal came first. */
function inTime(done: Promise<void>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(false));
    void done.then(() => resolve(!signal.aborted));
  });
}
