import { luaCommand, runLua } from '@tocsin/common/redis/lua-command.loader';
import type { RedisConnection } from '@tocsin/common/redis/redis-connection.client';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import loadRuleStateText from './commands/loadRuleState-1.lua';
import saveRuleStateText from './commands/saveRuleState-1.lua';
import { type GroupChange, GROUP_RETENTION_MS, type LoadedGroup, type RuleStateStore } from './rule-state.store';

const loadRuleState = luaCommand('loadRuleState-1', loadRuleStateText);
const saveRuleState = luaCommand('saveRuleState-1', saveRuleStateText);

/** Answer of saveRuleState-1 for a slot that is not newer than the stored one. */
const LATE = -1;

const RULE_FIELD = 'rule:';

/** Rule states shared by all evaluators of an installation: one hash a group. */
export class RedisRuleStateStore implements RuleStateStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: RedisKeys,
  ) {}

  async load(groupId: string, knownSlotMs: number | null): Promise<LoadedGroup> {
    const reply = await runLua(this.redis.commands, loadRuleState, [this.keys.ruleState(groupId)], [knownSlotMs ?? '']);
    const fields = reply as string[];
    if (fields.length <= 1) return { kind: fields.length === 0 ? 'missing' : 'known' };
    const rules = new Map<string, string>();
    let slotMs = 0;
    let summary = '';
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [field = '', value = ''] = fields.slice(at, at + 2);
      if (field === 'slot') slotMs = Number(value);
      else if (field === 'summary') summary = value;
      else if (field.startsWith(RULE_FIELD)) rules.set(field.slice(RULE_FIELD.length), value);
    }
    return { kind: 'newer', group: { slotMs, summary, rules } };
  }

  async save(groupId: string, { slotMs, summary, written, removed }: GroupChange): Promise<'saved' | 'late'> {
    const rules = [...written].flat();
    const args = [slotMs, summary, GROUP_RETENTION_MS, removed.length, ...removed, ...rules];
    const code = await runLua(this.redis.commands, saveRuleState, [this.keys.ruleState(groupId)], args);
    return code === LATE ? 'late' : 'saved';
  }

  async remove(groupId: string): Promise<void> {
    await this.redis.commands.unlink(this.keys.ruleState(groupId));
  }
}
