/**
 * One mechanism for everything that happens at a time: group flushes, deliveries, rule-group evaluations.
 *
 * A lane is a set of members ordered by due time. A member is waiting (its score is its due time) or leased (its score
 * is the end of the lease, so that a claimer that dies makes it due again by itself).
 */
export interface DueQueue {
  /** Adds work to members: bumps the revision of each, and sets or moves its due time as `mode` says. */
  arm(arms: readonly Arm[]): Promise<void>;

  /** Claims members due now, oldest due first, at most `max` of each lane. */
  claim(lanes: readonly LaneCapacity[], leaseMs: number): Promise<ClaimResult>;

  /** Claims these members where they are due now; tells the due time of those that are not (null: unknown member). */
  claimMembers(lane: string, ids: readonly string[], leaseMs: number): Promise<readonly MemberClaim[]>;

  /** Renews leases; returns the claims that were lost (another claimer has the member, or it is gone). */
  extend(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]>;

  /** Ends claims: each member goes to its next due time or away, unless its claim was lost meanwhile. */
  complete(completions: readonly Completion[]): Promise<readonly CompletionResult[]>;

  /** Removes waiting members whose revision is still the given one; a leased or changed member stays. */
  removeUnchanged(members: readonly MemberRevision[]): Promise<void>;

  /** Forgets a lane nobody works on any more, with all its members. */
  removeLane(lane: string): Promise<void>;

  /** Copies the members named from one lane to another with their due times. Where both hold a member the later due time
   *  counts: the earlier one is of a lane that nobody works on any more. A leased member of the target stays as it is. */
  copyLane(from: string, to: string, ids: readonly string[]): Promise<void>;

  /** Due times of members as stored (the end of the lease for a leased one); null for an unknown member. */
  dueTimes(lane: string, ids: readonly string[]): Promise<readonly (number | null)[]>;

  /** How many members these lanes hold, waiting or leased. */
  size(lanes: readonly string[]): Promise<number>;

  /** Calls back when work was armed, with its due time (epoch ms), so that a sleeper can wake earlier. */
  onArmed(listener: (lane: string, dueMs: number) => void): void;
}

export interface Arm {
  lane: string;
  id: string;
  /** Epoch ms. */
  dueMs: number;
  /** `keep`: an existing member keeps its due time. `earlier`: it is moved if this is earlier; when it is leased, the
   *  wish is kept and `complete` honours it. `set`: a waiting member is moved, whatever its due time; a leased one is not. */
  mode: 'keep' | 'earlier' | 'set';
}

export interface LaneCapacity {
  lane: string;
  max: number;
}

export interface Claim {
  lane: string;
  id: string;
  /** Fencing token: grows with every claim of the member. */
  token: number;
  /** Revision of the member when it was claimed. */
  revision: number;
  /** Earlier claims in a row that never completed. */
  unfinished: number;
  /** When it was due, epoch ms. */
  dueMs: number;
}

export interface ClaimResult {
  claims: readonly Claim[];
  /** Earliest due time left in these lanes (leases included), epoch ms; null when they are empty. */
  nextDueMs: number | null;
}

export type MemberClaim = { kind: 'claimed'; claim: Claim } | { kind: 'not-due'; id: string; dueMs: number | null };

export interface Completion {
  claim: Claim;
  /** Next due time if nobody added work since the claim; null removes the member. */
  unchanged: number | null;
  /** Next due time if work was added since the claim (an `earlier` wish may move it forward). */
  changed: number;
}

/** `lost`: the claim's token is no longer the member's; nothing was done. */
export type CompletionResult = 'done' | 'changed' | 'lost';

export interface MemberRevision {
  lane: string;
  id: string;
  revision: number;
}

/** Lease of every claim, ms. Short, because what a dead claimer held waits for it; renewed while work goes on. */
export const LEASE_MS = 4_000;

/** From this many unfinished claims on, a member is handled alone and in the plainest way: it may be what killed its
 *  claimers. */
export const SUSPECT_CLAIMS = 3;

/** From this many on, it is tried only once in so many ms. */
export const POISON_CLAIMS = 5;
export const POISON_INTERVAL_MS = 60_000;
