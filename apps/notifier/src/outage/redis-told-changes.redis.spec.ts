import { nullLog } from '@tocsin/common/log/log';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { RedisNotificationLog } from '../pipeline/redis-notification-log.store';
import { MirroredNotificationLog } from './mirrored-notification-log.store';
import { RedisToldChanges } from './redis-told-changes.store';
import { tell } from './testing/an-instance';
import { embeddedPorts } from './testing/embedded-ports';
import { ToldMirror } from './told-mirror';

const redis = useRedis();

/** An instance as far as it follows what others told. */
function open(instance: string, known: readonly string[] = []) {
  const { keys } = redis;
  const clock = new FakeClock(Date.now());
  const connection = redis.connect();
  const mirror = new ToldMirror();
  const inner = new RedisNotificationLog({ redis: connection.commands, keys, clock });
  const log = new MirroredNotificationLog(inner, mirror, (told) => changes.publish(told));
  const changes = new RedisToldChanges({
    redis: connection.commands,
    blocking: connection.blocking(),
    keys,
    clock,
    log: nullLog,
    instance,
    mirror,
    records: log,
    groups: () => ({ lane: '', ids: () => known, has: (id) => known.includes(id), recordsKeptMs: 60_000 }),
  });
  changes.start();
  return { changes, ports: { ...embeddedPorts(clock), log }, told: () => [...mirror.groups().keys()].sort(), mirror };
}

it('tells every instance what each of them told, without what is still to be delivered', async () => {
  const [a, b] = [open('a'), open('b')];
  await expect.poll(() => redis.admin.client('LIST')).toMatch(/cmd=xread[^]*cmd=xread/);
  await tell(a.ports, 'g', Date.now(), 'x');
  await tell(b.ports, 'h', Date.now(), 'y');
  await expect
    .poll(() => [a.told(), b.told()])
    .toEqual([
      ['g', 'h'],
      ['g', 'h'],
    ]);
  const [[, fields] = ['', []]] = await redis.admin.xrange(redis.keys.toldChanges(), '-', '+');
  expect(fields.join()).toContain('"intent":null');
  await Promise.all([a.changes.stop(), b.changes.stop()]);
});

it('reads what was told of known groups when it starts, and after its connection broke', async () => {
  const a = open('a');
  await tell(a.ports, 'g', Date.now(), 'x');
  await redis.admin.del(redis.keys.toldChanges());
  const b = open('b', ['g', 'h']);
  await expect.poll(() => b.told()).toEqual(['g']);
  await expect.poll(() => redis.admin.client('LIST')).toMatch(/cmd=xread[^]*cmd=xread/);
  const clients = String(await redis.admin.client('LIST')).split('\n');
  const waiting = clients.filter((line) => line.includes(` name=${redis.prefix} `) && line.includes(' cmd=xread '));
  for (const line of waiting) await redis.admin.call('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(line)?.[1] ?? '');
  await tell(a.ports, 'h', Date.now(), 'y');
  await redis.admin.del(redis.keys.toldChanges());
  await expect.poll(() => b.told(), { timeout: 5_000 }).toEqual(['g', 'h']);
  await Promise.all([a.changes.stop(), b.changes.stop()]);
});
