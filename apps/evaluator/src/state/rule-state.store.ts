/**
 * Keeps the alerts of rule groups between evaluations, restarts and instances. Values are texts the store does not read.
 *
 * The slot is the version of a group: it only grows, and a save for one that is not newer is refused.
 */
export interface RuleStateStore {
  /** What is stored of a group if that is newer than the slot the caller knows it as of (null: knows nothing). */
  load(groupId: string, knownSlotMs: number | null): Promise<LoadedGroup>;
  /** Durable when it resolves. `late`: the group is stored as of this slot or a newer one, and nothing was written. */
  save(groupId: string, change: GroupChange): Promise<'saved' | 'late'>;
  /** Forgets a group. */
  remove(groupId: string): Promise<void>;
}

/** `known`: stored as of the caller's slot. `missing`: not stored, or only as of an older slot. */
export type LoadedGroup = { kind: 'newer'; group: StoredGroup } | { kind: 'known' } | { kind: 'missing' };

export interface StoredGroup {
  /** The last slot that was evaluated, epoch ms. */
  readonly slotMs: number;
  readonly summary: string;
  /** By rule id. */
  readonly rules: ReadonlyMap<string, string>;
}

export interface GroupChange {
  readonly slotMs: number;
  readonly summary: string;
  /** Rules to store, by id; the others stay as they are. */
  readonly written: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** How long a group that is not evaluated any more is kept, ms. */
export const GROUP_RETENTION_MS = 7 * 24 * 3_600_000;
