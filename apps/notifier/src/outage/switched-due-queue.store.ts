import {
  type Arm,
  type Claim,
  type ClaimResult,
  type Completion,
  type CompletionResult,
  type DueQueue,
  type LaneCapacity,
  type MemberClaim,
  type MemberRevision,
} from '@tocsin/common/due-queue/due-queue';
import { type Clock } from '@tocsin/common/time/clock';
import { type RememberedDueTimes } from './remembered-due-times';
import { type StatePorts } from './state-ports';
import { type StateSwitch } from './state-switch.service';

/** The due queue that is worked on at the moment. Claims come to nothing while the state changes hands. */
export class SwitchedDueQueue implements DueQueue {
  private readonly listeners: ((lane: string, dueMs: number) => void)[] = [];
  private readonly followed = new WeakSet<StatePorts>();

  constructor(
    private readonly state: StateSwitch,
    private readonly which: 'groups' | 'deliveries',
    private readonly clock: Clock,
    private readonly remembered: RememberedDueTimes | null,
  ) {
    this.follow(state.current);
    state.onChange((_, after) => this.follow(after));
  }

  arm(arms: readonly Arm[]): Promise<void> {
    return this.run((queue) => queue.arm(arms));
  }

  async claim(lanes: readonly LaneCapacity[], leaseMs: number): Promise<ClaimResult> {
    if (!this.state.mayClaim()) return { claims: [], nextDueMs: null };
    return this.run((queue) => queue.claim(lanes, leaseMs));
  }

  claimMembers(lane: string, ids: readonly string[], leaseMs: number): Promise<readonly MemberClaim[]> {
    return this.run((queue) => queue.claimMembers(lane, ids, leaseMs));
  }

  extend(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    return this.run((queue) => queue.extend(claims, leaseMs));
  }

  async complete(completions: readonly Completion[]): Promise<readonly CompletionResult[]> {
    const results = await this.run((queue) => queue.complete(completions));
    completions.forEach(({ claim, unchanged, changed }, index) => {
      if (results[index] !== 'lost') this.note(claim.id, results[index] === 'changed' ? changed : unchanged);
    });
    return results;
  }

  removeUnchanged(members: readonly MemberRevision[]): Promise<void> {
    return this.run((queue) => queue.removeUnchanged(members));
  }

  removeLane(lane: string): Promise<void> {
    return this.run((queue) => queue.removeLane(lane));
  }

  copyLane(from: string, to: string, ids: readonly string[]): Promise<void> {
    return this.run((queue) => queue.copyLane(from, to, ids));
  }

  async dueTimes(lane: string, ids: readonly string[]): Promise<readonly (number | null)[]> {
    const dueTimes = await this.run((queue) => queue.dueTimes(lane, ids));
    ids.forEach((id, index) => this.note(id, dueTimes[index] ?? null));
    return dueTimes;
  }

  size(lanes: readonly string[]): Promise<number> {
    return this.run((queue) => queue.size(lanes));
  }

  onArmed(listener: (lane: string, dueMs: number) => void): void {
    this.listeners.push(listener);
  }

  private run<T>(work: (queue: DueQueue) => Promise<T>): Promise<T> {
    return this.state.run((ports) => work(ports[this.which]));
  }

  private note(id: string, dueMs: number | null): void {
    if (dueMs === null) this.remembered?.forget(id);
    else this.remembered?.remember(id, dueMs, this.clock.nowMs());
  }

  private follow(ports: StatePorts): void {
    if (this.followed.has(ports)) return;
    this.followed.add(ports);
    ports[this.which].onArmed((lane, dueMs) => {
      if (this.state.current === ports) for (const listener of this.listeners) listener(lane, dueMs);
    });
  }
}
