import { AppError } from '@tocsin/common/errors/app-error';
import { type Log, type LogFields, nullLog } from '@tocsin/common/log/log';
import { type RuleGroup } from '../rules/rule-group';
import { type RuleState } from './alert-state';
import { decodeRuleState, decodeSummary, encodeRuleState, encodeSummary, type GroupSummary } from './rule-state-codec';
import { type RuleStateStore, type StoredGroup } from './rule-state.store';

/** A group as of its last evaluated slot. */
export interface GroupState {
  readonly slotMs: number;
  readonly summary: GroupSummary;
  /** By rule id; a rule without alerts may be missing. */
  readonly rules: ReadonlyMap<string, RuleState>;
}

/** The states of all groups: in memory as long as nobody else evaluated the group meanwhile, else from the store. */
export class GroupStatesService {
  private readonly warm = new Map<string, GroupState>();
  /** Groups of which the store lacks more than the next change, because a save failed or the store lost them. */
  private readonly unsaved = new Set<string>();

  constructor(
    private readonly store: RuleStateStore,
    private readonly log: Log = nullLog,
  ) {}

  /** Null: the group was never evaluated. */
  async load(groupId: string): Promise<GroupState | null> {
    const warm = this.warm.get(groupId) ?? null;
    const loaded = await this.store.load(groupId, warm?.slotMs ?? null);
    if (loaded.kind === 'newer') {
      const state = this.decode(groupId, loaded.group);
      if (state === null) return null;
      this.warm.set(groupId, state);
      this.unsaved.delete(groupId);
      return state;
    }
    if (loaded.kind === 'missing' && warm) this.unsaved.add(groupId);
    return warm;
  }

  /** The same for somebody who only looks: when the store does not answer, what is in memory. */
  view(groupId: string): Promise<GroupState | null> {
    return this.load(groupId).catch(() => this.warm.get(groupId) ?? null);
  }

  /** Stores a group as of a newer slot. What cannot be stored now is kept and stored with the next slot. */
  async save(group: RuleGroup, next: GroupState, changedRules: ReadonlySet<string>, removed: readonly string[]) {
    const rules = this.unsaved.has(group.id) ? [...next.rules.keys()] : changedRules;
    const written = new Map<string, string>();
    const gone = [...removed];
    for (const ruleId of rules) {
      const state = next.rules.get(ruleId);
      if (state && state.size > 0) written.set(ruleId, encodeRuleState(state));
      else gone.push(ruleId);
    }
    this.warm.set(group.id, next);
    this.unsaved.add(group.id);
    const change = { slotMs: next.slotMs, summary: encodeSummary(next.summary), written, removed: gone };
    const result = await this.store.save(group.id, change);
    if (result === 'late') this.warm.delete(group.id);
    this.unsaved.delete(group.id);
    return result;
  }

  /** Forgets a group that is configured nowhere any more. */
  async remove(groupId: string): Promise<void> {
    this.forget(groupId);
    await this.store.remove(groupId);
  }

  /** Null: it cannot be read, and is as if it had never been evaluated. A rule that cannot be read begins anew alone. */
  private decode(groupId: string, { slotMs, summary, rules }: StoredGroup): GroupState | null {
    const states = Array.from(rules).flatMap(([id, text]): [string, RuleState][] => {
      const state = this.readable({ groupId, ruleId: id }, () => decodeRuleState(text));
      return state === null ? [] : [[id, state]];
    });
    const head = this.readable({ groupId }, () => decodeSummary(summary));
    return head && { slotMs, summary: head, rules: new Map(states) };
  }

  /** Null: it says nothing. What a newer version wrote is not for this one to leave out. */
  private readable<T>(key: LogFields, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.log.error('A stored rule state cannot be read, and is left out', { ...key, err: error });
      return null;
    }
  }

  /** Drops what is in memory of a group. */
  forget(groupId: string): void {
    this.warm.delete(groupId);
    this.unsaved.delete(groupId);
  }
}
