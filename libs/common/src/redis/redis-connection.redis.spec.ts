import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RedisDueQueue } from '../due-queue/redis-due-queue';
import { TestAuthority } from '../http/testing/certificates';
import { type Log, nullLog } from '../log/log';
import { FakeClock } from '../testing/fake-clock';
import { freePort, RedisServer } from '../testing/redis-server';
import { reconnectDelayMs, RedisConnection, type RedisConnectionOptions } from './redis-connection.client';
import { redisKeys } from './redis-keys';
import { checkRedisServer } from './redis-server.client';

const servers: RedisServer[] = [];
const connections: RedisConnection[] = [];
const authorities: TestAuthority[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  for (const server of servers.splice(0).reverse()) await server.stop();
  for (const authority of authorities.splice(0)) authority.remove();
});

async function startServer(settings: string[] = [], flags: string[] = []): Promise<RedisServer> {
  const server = await RedisServer.start(settings, flags);
  servers.push(server);
  return server;
}

function connect(url: string, options: Partial<RedisConnectionOptions> = {}): RedisConnection {
  const connection = new RedisConnection({ url, log: nullLog, ...options });
  connections.push(connection);
  return connection;
}

const watch = (): { log: Log; lines: string[] } => {
  const lines: string[] = [];
  const say = (message: string): void => void lines.push(message);
  return { lines, log: { ...nullLog, error: say, info: say } };
};

describe('RedisConnection', () => {
  it('fails commands for good while Redis is away, says so once, and works again when it is back', async () => {
    const server = await startServer();
    const { log, lines } = watch();
    const { commands } = connect(server.url, { log });
    await commands.ping();
    server.signal('SIGKILL');
    await expect.poll(() => commands.status).not.toBe('ready');
    await expect(commands.incr('n')).rejects.toThrow();
    await expect.poll(() => lines).toEqual(['Redis is not reachable']);
    await server.restart();
    await expect.poll(() => commands.ping().catch(() => ''), { timeout: 5_000 }).toBe('PONG');
    expect(lines).toEqual(['Redis is not reachable', 'Redis is reachable again']);
    expect(await commands.get('n')).toBeNull();
  });

  it('says once for all its clients that Redis is away, and once that it is back', async () => {
    const server = await startServer();
    const { log, lines } = watch();
    const connection = connect(server.url, { log });
    const blocking = [connection.blocking(), connection.blocking()];
    await connection.subscribe('news', () => undefined);
    await Promise.all([connection.commands.ping(), ...blocking.map((client) => client.ping())]);
    server.signal('SIGKILL');
    await expect.poll(() => blocking.map(({ status }) => status)).not.toContain('ready');
    await new Promise((done) => setTimeout(done, 500));
    expect(lines).toEqual(['Redis is not reachable']);
    await server.restart();
    await Promise.all(blocking.map((client) => client.ping()));
    await expect.poll(() => connection.commands.ping().catch(() => ''), { timeout: 5_000 }).toBe('PONG');
    await expect.poll(() => lines, { timeout: 5_000 }).toEqual(['Redis is not reachable', 'Redis is reachable again']);
  });

  it('fails commands that a hanging Redis does not answer', async () => {
    const server = await startServer();
    const { commands } = connect(server.url, { commandTimeoutMs: 500 });
    await commands.ping();
    server.signal('SIGSTOP');
    await expect(commands.ping()).rejects.toThrow('timed out');
    server.signal('SIGCONT');
    await expect.poll(() => commands.ping().catch(() => ''), { timeout: 5_000 }).toBe('PONG');
  });

  it('does not send a command twice when the connection breaks before its answer', async () => {
    const server = await startServer();
    let cutAtAnswer = false;
    const proxy = createServer((client) => {
      const upstream = createConnection(server.port, '127.0.0.1');
      client.pipe(upstream);
      upstream.on('data', (data) => {
        if (cutAtAnswer) client.destroy();
        else client.write(data);
        cutAtAnswer = false;
      });
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
      client.on('close', () => upstream.destroy());
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { commands } = connect(`redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    await commands.set('n', 0);
    cutAtAnswer = true;
    await expect(commands.incr('n')).rejects.toThrow();
    await expect.poll(() => commands.get('n').catch(() => null), { timeout: 5_000 }).toBe('1');
    proxy.close();
  });

  it('keeps subscriptions over a restart of Redis', async () => {
    const server = await startServer();
    const connection = connect(server.url);
    const heard: string[] = [];
    const other: string[] = [];
    const listener = (message: string): void => void heard.push(message);
    await connection.subscribe('news', listener);
    await connection.subscribe('news', (message) => other.push(message));
    await connection.commands.publish('news', 'one');
    await expect.poll(() => heard).toEqual(['one']);
    server.signal('SIGKILL');
    await server.restart();
    await expect.poll(() => connection.commands.publish('news', 'two').catch(() => 0), { timeout: 5_000 }).toBe(1);
    await expect.poll(() => heard.includes('two')).toBe(true);
    await connection.unsubscribe('news', listener);
    const before = heard.length;
    await connection.commands.publish('news', 'three');
    await expect.poll(() => other.includes('three')).toBe(true);
    expect(heard).toHaveLength(before);
  });

  it('leaves no connection open', async () => {
    const server = await startServer();
    const connection = connect(server.url, { name: 'mine' });
    connection.blocking();
    await connection.subscribe('news', () => undefined);
    const admin = new Redis(server.url);
    const mine = async (): Promise<number> => String(await admin.client('LIST')).split(' name=mine ').length - 1;
    await expect.poll(mine).toBe(3);
    connection.close();
    await expect.poll(mine).toBe(0);
    admin.disconnect();
  });

  it('waits with a blocking connection as long as it takes', async () => {
    const server = await startServer();
    const blocking = connect(server.url).blocking();
    await blocking.ping();
    server.signal('SIGKILL');
    await expect.poll(() => blocking.status).not.toBe('ready');
    const answer = blocking.ping();
    await new Promise((done) => setTimeout(done, 500));
    await server.restart();
    expect(await answer).toBe('PONG');
  });

  it('reaches Redis over TLS, and only with a certificate it trusts', async () => {
    const authority = new TestAuthority();
    authorities.push(authority);
    const { certFile, keyFile } = authority.issue('redis', 'IP:127.0.0.1');
    const port = await freePort();
    await startServer([
      `tls-port ${port}`,
      `tls-cert-file ${certFile}`,
      `tls-key-file ${keyFile}`,
      `tls-ca-cert-file ${authority.caFile}`,
      'tls-auth-clients no',
    ]);
    const url = `rediss://127.0.0.1:${port}`;
    expect(await connect(url, { tls: { ca: authority.ca } }).commands.ping()).toBe('PONG');
    const error = vi.fn();
    await expect(connect(url, { log: { ...nullLog, error } }).commands.ping()).rejects.toThrow();
    expect(error).toHaveBeenCalledWith('Redis is not reachable', { err: expect.stringMatching(/certificate/) });
  });

  it('finds the master that a sentinel names, with its password', async () => {
    const master = await startServer(['requirepass "s3cret word"']);
    const sentinel = await startServer(
      [`sentinel monitor main 127.0.0.1 ${master.port} 1`, 'sentinel auth-pass main "s3cret word"'],
      ['--sentinel'],
    );
    const url = `redis+sentinel://:s3cret%20word@127.0.0.1:${sentinel.port}/main/2`;
    const { commands } = connect(url);
    await commands.set('x', 'there');
    const admin = new Redis({ port: master.port, password: 's3cret word', db: 2 });
    expect(await admin.get('x')).toBe('there');
    admin.disconnect();
  });

  describe('to a Redis Cluster', () => {
    const startCluster = async (): Promise<RedisServer> => {
      const server = await startServer(['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1']);
      const admin = new Redis(server.url);
      await admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
      await expect
        .poll(async () => String(await admin.call('CLUSTER', 'INFO')), { timeout: 10_000 })
        .toContain('cluster_state:ok');
      admin.disconnect();
      return server;
    };

    it('keeps a due queue', async () => {
      const server = await startCluster();
      const redis = connect(`redis+cluster://127.0.0.1:${server.port}`);
      const clock = new FakeClock();
      const queue = new RedisDueQueue({ queue: 'q', redis, keys: redisKeys(), clock });
      const woken: string[] = [];
      queue.onArmed((lane) => woken.push(lane));
      await queue.start();
      await queue.arm(['a', 'b'].map((lane) => ({ lane, id: 'x', dueMs: clock.nowMs(), mode: 'keep' })));
      const { claims } = await queue.claim(
        ['a', 'b'].map((lane) => ({ lane, max: 1 })),
        1_000,
      );
      expect(claims).toHaveLength(2);
      await expect.poll(() => woken.sort()).toEqual(['a', 'b']);
      const completions = claims.map((claim) => ({ claim, unchanged: null, changed: 0 }));
      expect(await queue.complete(completions)).toEqual(['done', 'done']);
    });

    it('fails commands while it is away', async () => {
      const { commands } = connect(`redis+cluster://127.0.0.1:${await freePort()}`, { commandTimeoutMs: 500 });
      await expect(commands.get('x')).rejects.toThrow('timed out');
    });
  });
});

describe('checkRedisServer', () => {
  it.each([
    ['nothing is kept', ['maxmemory-policy noeviction'], [/nothing on disk/]],
    ['snapshots are on and eviction is', ['save 60 1', 'maxmemory-policy allkeys-lru'], [/allkeys-lru/]],
    ['all is well', ['appendonly yes'], []],
    ['CONFIG is refused', ['rename-command CONFIG ""'], [/cannot be seen/]],
  ])('warns when %s', async (_, settings, wanted) => {
    const server = await startServer(settings);
    const warnings = await checkRedisServer(connect(server.url));
    expect(warnings).toHaveLength(wanted.length);
    wanted.forEach((pattern, index) => expect(warnings[index]).toMatch(pattern));
  });
});

it('reconnectDelayMs grows to two seconds', () => {
  expect([1, 2, 3, 6, 7, 50].map(reconnectDelayMs)).toEqual([50, 100, 200, 1_600, 2_000, 2_000]);
});
