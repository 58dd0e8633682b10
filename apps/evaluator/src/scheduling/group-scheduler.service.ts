import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type Claim, type DueQueue, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type Log, onReasonChange, type RepeatedFailure } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type EvaluationOutcome } from '../evaluation/evaluate-group.service';
import { diffRules } from '../rules/rule-diff';
import { type RuleGroup } from '../rules/rule-group';
import { missedSlots, nextSlot, type Schedule, scheduleOf, slotAt } from './evaluation-slot';
import { preferredInstance } from './preferred-instance';
import { type EvaluatorMetrics } from './scheduling.metrics';

/** The lane of the due queue that holds all groups. */
export const EVALUATION_LANE = 'all';

/** How long the other instances leave a slot to the preferred one, ms. */
const GRACE_MS = 1_500;

/** Pause before a due queue that failed is asked again, ms. */
const RETRY_MS = 1_000;

/** An evaluation that ended no claimer this often in a row is worth a warning. */
const SUSPICIOUS_CLAIMS = 3;

export interface GroupEvaluator {
  evaluate(group: RuleGroup, slotMs: number, signal: AbortSignal): Promise<EvaluationOutcome>;
}

interface Entry {
  group: RuleGroup;
  schedule: Schedule;
  timer: Timer | null;
  readonly failure: RepeatedFailure;
  /** The attempt under way. */
  running: { readonly abort: AbortController; readonly done: Promise<void> } | null;
  /** Configured here no more: it is only watched until nobody else evaluates it either. */
  isRetired: boolean;
}

/**
 * Evaluates each group once a slot, over all instances.
 *
 * The due queue holds the next slot of each group; whoever claims it evaluates. The preferred instance asks for the
 * claim at the slot, the others a grace later, so that they find it taken. The claim of a dead instance ends by itself.
 */
export class GroupSchedulerService {
  private readonly entries = new Map<string, Entry>();
  private readonly claimFailure;
  private isStopped = false;

  constructor(
    private readonly dueQueue: DueQueue,
    private readonly instances: InstanceRegistry,
    private readonly evaluator: GroupEvaluator,
    /** Called when no instance has the group any more. */
    private readonly onGone: (group: RuleGroup) => Promise<void>,
    private readonly metrics: EvaluatorMetrics,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.claimFailure = onReasonChange(log);
  }

  /** The groups that run here. */
  groups(): readonly RuleGroup[] {
    return [...this.entries.values()].filter(({ isRetired }) => !isRetired).map(({ group }) => group);
  }

  /** Replaces the groups: unchanged ones do not notice, changed ones go on at their next slot. */
  async apply(wanted: readonly RuleGroup[]): Promise<void> {
    const { changed, added, removed } = diffRules(this.groups(), wanted);
    for (const group of removed) this.retire(group);
    const started = [...changed, ...added];
    for (const group of started) this.adopt(group);
    await this.arm(started);
  }

  /** Claims nothing more; what is under way ends without effect and is due at once for the others. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const running = [...this.entries.values()].map((entry) => {
      entry.timer?.cancel();
      entry.running?.abort.abort();
      return entry.running?.done;
    });
    await Promise.all(running);
  }

  private adopt(group: RuleGroup): void {
    const known = this.entries.get(group.id);
    const schedule = scheduleOf(group);
    const failure = known?.failure ?? onReasonChange(this.log);
    const entry = known ?? { group, schedule, failure, timer: null, running: null, isRetired: false };
    Object.assign(entry, { group, schedule, isRetired: false });
    this.entries.set(group.id, entry);
    this.metrics.groupKnown(group);
    if (!entry.running) this.schedule(entry, nextSlot(schedule, this.clock.nowMs()));
  }

  /** Another instance may still have it, and a renamed group may come back, so it is watched for a while. */
  private retire(group: RuleGroup): void {
    const entry = this.entries.get(group.id);
    if (!entry) return;
    entry.isRetired = true;
    this.metrics.groupGone(group);
    if (!entry.running) this.schedule(entry, this.clock.nowMs());
  }

  /** `earlier`, so that a group whose interval was shortened does not wait for the end of its old one. */
  private async arm(groups: readonly RuleGroup[]): Promise<void> {
    if (groups.length === 0) return;
    const nowMs = this.clock.nowMs();
    const lane = EVALUATION_LANE;
    const ids = groups.map(({ id }) => id);
    const arms = groups.map((group) => {
      return { lane, id: group.id, dueMs: nextSlot(scheduleOf(group), nowMs), mode: 'earlier' } as const;
    });
    try {
      await this.dueQueue.arm(arms);
      const dueTimes = await this.dueQueue.dueTimes(lane, ids);
      // What was due while nobody was there is evaluated now, not an interval later.
      dueTimes.forEach((dueMs, at) => {
        const entry = this.entries.get(ids[at] ?? '');
        if (entry && !entry.running && dueMs !== null && dueMs <= nowMs) this.schedule(entry, nowMs);
      });
    } catch (error) {
      this.claimFailure.failed('Rule groups could not be scheduled', error);
    }
  }

  private schedule(entry: Entry, dueMs: number): void {
    entry.timer?.cancel();
    if (this.isStopped) return;
    entry.timer = this.clock.setTimer(dueMs - this.clock.nowMs(), () => {
      if (this.isPreferred(entry)) this.begin(entry);
      else entry.timer = this.clock.setTimer(GRACE_MS, () => this.begin(entry));
    });
  }

  private isPreferred({ group }: Entry): boolean {
    return preferredInstance(group.id, this.instances.live()) === this.instances.self.name;
  }

  private begin(entry: Entry): void {
    const abort = new AbortController();
    entry.timer = null;
    const done = this.attempt(entry, abort).then((nextMs) => {
      entry.running = null;
      if (entry.isRetired) this.metrics.groupGone(entry.group);
      if (nextMs !== null) this.schedule(entry, nextMs);
    });
    entry.running = { abort, done };
  }

  /** Evaluates the group if it can be claimed; answers when to try next, null when it is gone. */
  private async attempt(entry: Entry, abort: AbortController): Promise<number | null> {
    try {
      if (entry.isRetired) return await this.watch(entry);
      const [answer] = await this.dueQueue.claimMembers(EVALUATION_LANE, [entry.group.id], LEASE_MS);
      this.claimFailure.recovered('Rule groups can be claimed again');
      if (answer?.kind === 'claimed') return await this.run(entry, answer.claim, abort);
      const nowMs = this.clock.nowMs();
      const slotMs = nextSlot(entry.schedule, nowMs);
      // Somebody else has it, until the end of the lease or much shorter, or had it before us.
      if (answer?.dueMs != null) return Math.min(Math.max(answer.dueMs, nowMs + 1), slotMs);
      await this.arm([entry.group]);
      return slotMs;
    } catch (error) {
      this.claimFailure.failed('Rule groups could not be claimed', error);
      return this.clock.nowMs() + RETRY_MS;
    }
  }

  private async run(entry: Entry, claim: Claim, abort: AbortController): Promise<number> {
    const stopRenewing = this.keepLease(claim, abort);
    try {
      const slotMs = await this.evaluateSlot(entry, claim, abort.signal);
      stopRenewing();
      // The slot after this one, though it may have passed: then the latest one is evaluated at once.
      const nextMs = abort.signal.aborted ? claim.dueMs : nextSlot(entry.schedule, slotMs);
      await this.dueQueue.complete([{ claim, unchanged: nextMs, changed: nextMs }]);
      entry.failure.recovered('Rule group can be evaluated again', fieldsOf(entry.group));
      return nextMs;
    } catch (error) {
      entry.failure.failed('Evaluating a rule group failed', error, fieldsOf(entry.group));
      // The claim ends by itself; what fails here may work elsewhere, so others are let before.
      const isAlone = this.instances.live().length === 1;
      return this.clock.nowMs() + LEASE_MS + (isAlone ? 0 : 2 * GRACE_MS);
    } finally {
      stopRenewing();
    }
  }

  private async evaluateSlot({ group, schedule }: Entry, claim: Claim, signal: AbortSignal): Promise<number> {
    const nowMs = this.clock.nowMs();
    const slotMs = slotAt(schedule, nowMs);
    if (claim.unfinished >= SUSPICIOUS_CLAIMS) {
      this.log.warn('Evaluations of a rule group did not end', { ...fieldsOf(group), claims: claim.unfinished });
    }
    this.metrics.slotStarted(group, missedSlots(schedule, claim.dueMs, slotMs), nowMs - slotMs);
    await this.evaluator.evaluate(group, slotMs, signal);
    return slotMs;
  }

  /** Removes a retired group if nobody evaluates it any more: if it has been due for two intervals. */
  private async watch(entry: Entry): Promise<number | null> {
    const { group } = entry;
    const nowMs = this.clock.nowMs();
    const [dueMs = null] = await this.dueQueue.dueTimes(EVALUATION_LANE, [group.id]);
    const silentUntilMs = (dueMs ?? -Infinity) + 2 * group.intervalMs;
    if (silentUntilMs > nowMs) return silentUntilMs;
    const changed = nextSlot(entry.schedule, nowMs);
    const [answer] = await this.dueQueue.claimMembers(EVALUATION_LANE, [group.id], LEASE_MS);
    if (answer?.kind === 'not-due' && answer.dueMs !== null) return answer.dueMs;
    if (answer?.kind === 'claimed') {
      const [result] = await this.dueQueue.complete([{ claim: answer.claim, unchanged: null, changed }]);
      if (result !== 'done') return changed;
    }
    if (!entry.isRetired) {
      // It came back meanwhile.
      await this.arm([entry.group]);
      return nextSlot(entry.schedule, nowMs);
    }
    this.entries.delete(group.id);
    await this.onGone(group);
    return null;
  }

  /** Renews the claim while its evaluation goes on; ends the evaluation when the claim was lost. */
  private keepLease(claim: Claim, abort: AbortController): () => void {
    let timer: Timer | null = null;
    const renew = async (): Promise<void> => {
      try {
        const lost = await this.dueQueue.extend([claim], LEASE_MS);
        if (lost.length > 0) abort.abort();
      } catch {
        // The next renewal may come in time; if not, another instance takes over and the store refuses our save.
      }
      if (timer !== null) timer = this.clock.setTimer(LEASE_MS / 3, () => void renew());
    };
    timer = this.clock.setTimer(LEASE_MS / 3, () => void renew());
    return () => {
      timer?.cancel();
      timer = null;
    };
  }
}

function fieldsOf(group: RuleGroup): { file: string; group: string } {
  return { file: group.file, group: group.name };
}
