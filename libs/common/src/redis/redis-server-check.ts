/** What a Redis says about itself. */
export interface RedisFacts {
  /** Text of `INFO`. */
  info: string;
  /** Setting `save`; null where the server does not allow `CONFIG`. */
  save: string | null;
}

/** `ZMSCORE` and `ZADD LT` came with it. */
const OLDEST = [6, 2] as const;

/** Why this Redis may lose or refuse state that Tocsin relies on: one sentence each, none when all is well. */
export function redisWarnings({ info, save }: RedisFacts): string[] {
  const facts = parseInfo(info);
  const warnings: string[] = [];

  const version = facts.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    warnings.push(`its version is ${version || 'unknown'}, and ${OLDEST.join('.')} or newer is needed`);

  const policy = facts.get('maxmemory_policy') ?? 'unknown';
  if (policy !== 'noeviction')
    warnings.push(`its maxmemory-policy is ${policy}, so it may drop state when memory is short: set it to noeviction`);

  const hasAof = facts.get('aof_enabled') === '1';
  if (!hasAof && save === null)
    warnings.push('its append-only file is off and whether it saves snapshots cannot be seen (CONFIG is not allowed)');
  else if (!hasAof && save === '')
    warnings.push(
      'it keeps nothing on disk, so a restart of it loses all state: turn on the append-only file (appendonly yes)',
    );

  if (facts.get('role') === 'slave') warnings.push('it is a replica, which takes no writes: connect to its master');
  return warnings;
}

function parseInfo(info: string): Map<string, string> {
  const facts = new Map<string, string>();
  for (const line of info.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) facts.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return facts;
}
