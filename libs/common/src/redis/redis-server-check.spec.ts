import { expect, it } from 'vitest';
import { redisWarnings } from './redis-server-check';

const GOOD = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', aof_enabled: '1', role: 'master' };
const infoOf = (facts: Record<string, string>): string =>
  `# Server\r\n${Object.entries({ ...GOOD, ...facts })
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')}\r\n# Keyspace\r\n`;

it.each([
  ['is content with the append-only file', {}, '', []],
  ['is content with snapshots', { aof_enabled: '0' }, '3600 1', []],
  ['takes the oldest version', { redis_version: '6.2.0' }, '', []],
  ['takes a version of two digits', { redis_version: '10.1.0' }, '', []],
  ['refuses an older minor version', { redis_version: '6.0.16' }, '', [/6\.0\.16.*6\.2/]],
  ['refuses an older major version', { redis_version: '5.9.9' }, '', [/5\.9\.9/]],
  ['warns of eviction', { maxmemory_policy: 'allkeys-lru' }, '', [/allkeys-lru.*noeviction/]],
  ['warns of no persistence', { aof_enabled: '0' }, '', [/nothing on disk/]],
  ['says what it cannot see', { aof_enabled: '0' }, null, [/cannot be seen/]],
  ['needs no CONFIG with the append-only file', {}, null, []],
  ['warns of a replica', { role: 'slave' }, '', [/replica/]],
  [
    'tells all at once',
    { redis_version: '5.0.0', maxmemory_policy: 'volatile-ttl', aof_enabled: '0', role: 'slave' },
    '',
    [/5\.0/, /volatile/, /disk/, /replica/],
  ],
] as const)('redisWarnings %s', (_, facts, save, wanted) => {
  const warnings = redisWarnings({ info: infoOf(facts), save });
  expect(warnings).toHaveLength(wanted.length);
  wanted.forEach((pattern, index) => expect(warnings[index]).toMatch(pattern));
});

it('redisWarnings warns when nothing is known', () => {
  expect(redisWarnings({ info: '', save: null })).toHaveLength(3);
});
