import type { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { type EmbeddedTable, readRow } from '@tocsin/common/embedded/embedded-table';
import { type Clock } from '@tocsin/common/time/clock';
import { type GroupChange, GROUP_RETENTION_MS, type LoadedGroup, type RuleStateStore } from './rule-state.store';

interface KnownGroup {
  slotMs: number;
  readonly ruleIds: Set<string>;
}

/** Rule states in the store of this process; in memory is only which rules there are. */
export class EmbeddedRuleStateStore implements RuleStateStore {
  private readonly table: EmbeddedTable<string>;
  private readonly groups = new Map<string, KnownGroup>();

  constructor(
    private readonly store: EmbeddedStore,
    clock: Clock,
  ) {
    this.table = store.textTable('rule-state');
    for (const { key, value } of this.table.entries()) {
      const [groupId = '', ruleId] = key.split('/');
      const known = this.known(groupId);
      // Without its head a group is forgotten below.
      if (ruleId === undefined) known.slotMs = readRow(this.table, key, () => readHead(value).slotMs) ?? -Infinity;
      else known.ruleIds.add(ruleId);
    }
    for (const [groupId, { slotMs }] of this.groups) {
      if (slotMs < clock.nowMs() - GROUP_RETENTION_MS) this.drop(groupId);
    }
  }

  async load(groupId: string, knownSlotMs: number | null): Promise<LoadedGroup> {
    const known = this.groups.get(groupId);
    if (!known || known.slotMs < (knownSlotMs ?? -Infinity)) return { kind: 'missing' };
    if (known.slotMs === knownSlotMs) return { kind: 'known' };
    const rules = new Map<string, string>();
    for (const ruleId of known.ruleIds) rules.set(ruleId, this.table.get(ruleKey(groupId, ruleId)) ?? '');
    return { kind: 'newer', group: { ...readHead(this.table.get(groupId) ?? ''), rules } };
  }

  async save(groupId: string, { slotMs, summary, written, removed }: GroupChange): Promise<'saved' | 'late'> {
    const known = this.known(groupId);
    if (slotMs <= known.slotMs) return 'late';
    known.slotMs = slotMs;
    this.table.put(groupId, `${slotMs} ${summary}`);
    for (const [ruleId, text] of written) {
      known.ruleIds.add(ruleId);
      this.table.put(ruleKey(groupId, ruleId), text);
    }
    for (const ruleId of removed) {
      known.ruleIds.delete(ruleId);
      this.table.remove(ruleKey(groupId, ruleId));
    }
    await this.store.committed();
    return 'saved';
  }

  async remove(groupId: string): Promise<void> {
    this.drop(groupId);
    await this.store.committed();
  }

  private drop(groupId: string): void {
    for (const ruleId of this.groups.get(groupId)?.ruleIds ?? []) this.table.remove(ruleKey(groupId, ruleId));
    this.table.remove(groupId);
    this.groups.delete(groupId);
  }

  private known(groupId: string): KnownGroup {
    let known = this.groups.get(groupId);
    if (!known) this.groups.set(groupId, (known = { slotMs: -Infinity, ruleIds: new Set() }));
    return known;
  }
}

/** Ids are hashes and hold no slash. */
function ruleKey(groupId: string, ruleId: string): string {
  return `${groupId}/${ruleId}`;
}

function readHead(text: string): { slotMs: number; summary: string } {
  const end = text.indexOf(' ');
  const slotMs = Number(text.slice(0, end));
  if (Number.isNaN(slotMs)) throw new Error('no state of a group');
  return { slotMs, summary: text.slice(end + 1) };
}
