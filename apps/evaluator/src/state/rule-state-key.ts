import { type RedisKeys } from '@tocsin/common/redis/redis-keys';

/** Hash of a rule group's states: `slot`, `summary`, `rule:<id>` → alerts, JSON. Expires when the group has ended. */
export function ruleStateKey(keys: RedisKeys, groupId: string): string {
  return `${keys.jobs().replace(/jobs$/, 'rule-state')}:${groupId}`;
}
