import { EmbeddedLineLog } from '../embedded/embedded-line-log';
import { committedIfPossible, type TableStore } from '../embedded/embedded-table';
import { type Clock } from '../time/clock';
import { DueHeap, type HeapEntry } from './due-heap';
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
  POISON_CLAIMS,
  POISON_INTERVAL_MS,
} from './due-queue';

interface Member {
  readonly id: string;
  /** When it is claimed next: its due time, or the end of its lease. */
  nextMs: number;
  /** Its due time, also while it is leased. */
  dueMs: number;
  /** Its valid place in the heap. */
  place: HeapEntry<Member> | null;
  token: number;
  revision: number;
  /** Claims in a row that did not complete; 0 while it waits. */
  unfinished: number;
  /** Earliest due time asked for since it was leased. */
  wishMs: number | null;
}

interface Lane {
  readonly members: Map<string, Member>;
  readonly heap: DueHeap<Member>;
}

export interface EmbeddedDueQueueOptions {
  queue: string;
  store: TableStore;
  clock: Clock;
}

/**
 * A due queue of one process: in memory, with due time, revision and unfinished claims of each member in the store.
 * Leases end with the process, since nobody else can hold one.
 */
export class EmbeddedDueQueue implements DueQueue {
  private readonly lanes = new Map<string, Lane>();
  /** Due time, revision and unfinished claims of each member. */
  private readonly log: EmbeddedLineLog;
  private readonly listeners: ((lane: string, dueMs: number) => void)[] = [];
  private placed = 0;
  /** Last token or revision handed out. Starts above every one of earlier processes, also of members removed since. */
  private lastNumber: number;

  constructor(private readonly options: EmbeddedDueQueueOptions) {
    this.log = new EmbeddedLineLog(options.store.textTable(`due-log-${options.queue}`), (key) => this.textOf(key));
    this.lastNumber = options.clock.nowMs() * 1_000;
    for (const [key, text] of this.log.load()) {
      const { lane, id } = readKey(key);
      const [dueMs = 0, revision = 0, unfinished = 0] = text.split(' ').map(Number);
      if (Number.isNaN(dueMs + revision + unfinished)) {
        this.log.skip(key, 'no due time');
        continue;
      }
      this.lastNumber = Math.max(this.lastNumber, revision);
      const member = this.insert(lane, id, revision, unfinished);
      // What keeps killing the process must not do so right after every start.
      const pauseMs = unfinished >= POISON_CLAIMS ? options.clock.nowMs() + POISON_INTERVAL_MS : dueMs;
      this.place(this.laneOf(lane), member, Math.max(dueMs, pauseMs), dueMs);
    }
  }

  onArmed(listener: (lane: string, dueMs: number) => void): void {
    this.listeners.push(listener);
  }

  arm(arms: readonly Arm[]): Promise<void> {
    this.armNow(arms);
    return this.options.store.committed();
  }

  /** Arms at once; durable with whatever else is written to the store in this event-loop turn. */
  armNow(arms: readonly Arm[]): void {
    for (const { lane: name, id, dueMs, mode } of arms) {
      const lane = this.laneOf(name);
      const headMs = this.headMs(lane);
      const known = lane.members.get(id);
      const member = known ?? this.insert(name, id, 0, 0);
      member.revision = ++this.lastNumber;
      if (!known || (member.unfinished === 0 && isMoved(mode, dueMs, member.dueMs))) {
        this.place(lane, member, dueMs);
      } else if (mode === 'earlier' && member.unfinished > 0) {
        member.wishMs = Math.min(member.wishMs ?? dueMs, dueMs);
      }
      if (headMs === null || member.nextMs < headMs) this.tell(name, member.nextMs);
    }
    this.save(arms);
  }

  async claim(capacities: readonly LaneCapacity[], leaseMs: number): Promise<ClaimResult> {
    const nowMs = this.options.clock.nowMs();
    const claims: Claim[] = [];
    let nextDueMs: number | null = null;
    for (const { lane: name, max } of capacities) {
      const lane = this.lanes.get(name);
      if (!lane) continue;
      const due: Member[] = [];
      for (let head = this.head(lane); head && head.dueMs <= nowMs && due.length < max; head = this.head(lane)) {
        lane.heap.pop();
        head.item.place = null;
        due.push(head.item);
      }
      for (const member of due) claims.push(this.lease(name, lane, member, nowMs + leaseMs));
      nextDueMs = earlier(nextDueMs, this.headMs(lane));
    }
    claims.sort((a, b) => a.dueMs - b.dueMs);
    if (claims.length > 0) await this.countClaims(claims);
    return { claims, nextDueMs };
  }

  async claimMembers(name: string, ids: readonly string[], leaseMs: number): Promise<readonly MemberClaim[]> {
    const nowMs = this.options.clock.nowMs();
    const lane = this.lanes.get(name);
    const results = ids.map((id): MemberClaim => {
      const member = lane?.members.get(id);
      if (!lane || !member || member.nextMs > nowMs) return { kind: 'not-due', id, dueMs: member?.nextMs ?? null };
      return { kind: 'claimed', claim: this.lease(name, lane, member, nowMs + leaseMs) };
    });
    const claims = results.flatMap((result) => (result.kind === 'claimed' ? [result.claim] : []));
    if (claims.length > 0) await this.countClaims(claims);
    return results;
  }

  async extend(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    const untilMs = this.options.clock.nowMs() + leaseMs;
    return claims.filter((claim) => {
      const member = this.held(claim);
      if (member) this.place(this.laneOf(claim.lane), member, untilMs, member.dueMs);
      return !member;
    });
  }

  async complete(completions: readonly Completion[]): Promise<readonly CompletionResult[]> {
    const results = completions.map(({ claim, unchanged, changed }): CompletionResult => {
      const member = this.held(claim);
      if (!member) return 'lost';
      const isChanged = member.revision !== claim.revision;
      const nextMs = isChanged ? Math.min(changed, member.wishMs ?? changed) : unchanged;
      if (nextMs === null) this.remove(claim.lane, member);
      else this.release(claim.lane, member, nextMs);
      return isChanged ? 'changed' : 'done';
    });
    this.save(completions.map(({ claim }) => claim));
    await committedIfPossible(this.options.store);
    return results;
  }

  async removeUnchanged(members: readonly MemberRevision[]): Promise<void> {
    for (const { lane, id, revision } of members) {
      const member = this.lanes.get(lane)?.members.get(id);
      if (member?.revision === revision && member.unfinished === 0) this.remove(lane, member);
    }
    this.save(members);
    await committedIfPossible(this.options.store);
  }

  async removeLane(lane: string): Promise<void> {
    const members = [...(this.lanes.get(lane)?.members.values() ?? [])];
    for (const member of members) this.remove(lane, member);
    this.save(members.map(({ id }) => ({ lane, id })));
    await committedIfPossible(this.options.store);
  }

  async copyLane(from: string, to: string, ids: readonly string[]): Promise<void> {
    const source = this.lanes.get(from)?.members;
    const target = this.laneOf(to);
    const arms: Arm[] = [];
    for (const id of ids) {
      const member = source?.get(id);
      if (!member) continue;
      const held = target.members.get(id);
      if (!held) arms.push({ lane: to, id, dueMs: member.nextMs, mode: 'keep' });
      else if (held.unfinished === 0 && held.nextMs < member.nextMs) this.release(to, held, member.nextMs);
    }
    this.save(ids.map((id) => ({ lane: to, id })));
    await this.arm(arms);
  }

  async dueTimes(lane: string, ids: readonly string[]): Promise<readonly (number | null)[]> {
    const members = this.lanes.get(lane)?.members;
    return ids.map((id) => members?.get(id)?.nextMs ?? null);
  }

  async size(lanes: readonly string[]): Promise<number> {
    return lanes.reduce((total, lane) => total + (this.lanes.get(lane)?.members.size ?? 0), 0);
  }

  /** A claim is handed out once it is counted, so that a member that kills the process is known by its count. A disk
   *  that cannot be written stops no notification: the store reports it and the count is in memory. */
  private async countClaims(claims: readonly Claim[]): Promise<void> {
    this.save(claims);
    await committedIfPossible(this.options.store);
  }

  private lease(name: string, lane: Lane, member: Member, untilMs: number): Claim {
    const { id, revision, unfinished, dueMs } = member;
    member.token = ++this.lastNumber;
    member.unfinished++;
    member.wishMs = null;
    this.place(lane, member, untilMs, dueMs);
    return { lane: name, id, token: member.token, revision, unfinished, dueMs };
  }

  private release(name: string, member: Member, dueMs: number): void {
    member.unfinished = 0;
    member.wishMs = null;
    this.place(this.laneOf(name), member, dueMs);
    this.tell(name, dueMs);
  }

  private held({ lane, id, token }: Claim): Member | null {
    const member = this.lanes.get(lane)?.members.get(id);
    return member?.token === token && member.unfinished > 0 ? member : null;
  }

  private insert(lane: string, id: string, revision: number, unfinished: number): Member {
    const member: Member = { id, nextMs: 0, dueMs: 0, place: null, token: 0, revision, unfinished, wishMs: null };
    this.laneOf(lane).members.set(id, member);
    return member;
  }

  private remove(name: string, member: Member): void {
    const lane = this.laneOf(name);
    member.place = null;
    lane.members.delete(member.id);
    if (lane.members.size === 0) this.lanes.delete(name);
  }

  private place(lane: Lane, member: Member, nextMs: number, dueMs: number = nextMs): void {
    member.dueMs = dueMs;
    member.nextMs = nextMs;
    member.place = { dueMs: nextMs, order: this.placed++, item: member };
    lane.heap.push(member.place);
    if (lane.heap.size > 2 * lane.members.size + 64) lane.heap.retain(isValid);
  }

  /** First valid place; those that members have left are dropped on the way. */
  private head(lane: Lane): HeapEntry<Member> | null {
    for (let head = lane.heap.peek(); head; head = lane.heap.peek()) {
      if (isValid(head)) return head;
      lane.heap.pop();
    }
    return null;
  }

  private headMs(lane: Lane): number | null {
    return this.head(lane)?.dueMs ?? null;
  }

  private laneOf(name: string): Lane {
    let lane = this.lanes.get(name);
    if (!lane) this.lanes.set(name, (lane = { members: new Map(), heap: new DueHeap() }));
    return lane;
  }

  /** Writes these members as they are now; those that are gone are forgotten. */
  private save(members: readonly { lane: string; id: string }[]): void {
    this.log.write(members.map(({ lane, id }) => writeKey(lane, id)));
  }

  private textOf(key: string): string | null {
    const { lane, id } = readKey(key);
    const member = this.lanes.get(lane)?.members.get(id);
    return member === undefined ? null : `${member.dueMs} ${member.revision} ${member.unfinished}`;
  }

  private tell(lane: string, dueMs: number): void {
    for (const listener of this.listeners) listener(lane, dueMs);
  }
}

function isValid(entry: HeapEntry<Member>): boolean {
  return entry.item.place === entry;
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** Lane and member may hold any character, so the lane's length parts them. */
function writeKey(lane: string, id: string): string {
  return `${lane.length}:${lane}${id}`;
}

function readKey(key: string): { lane: string; id: string } {
  const start = key.indexOf(':') + 1;
  const end = start + Number(key.slice(0, start - 1));
  return { lane: key.slice(start, end), id: key.slice(end) };
}

function isMoved(mode: Arm['mode'], dueMs: number, knownMs: number): boolean {
  return mode === 'set' || (mode === 'earlier' && dueMs < knownMs);
}
