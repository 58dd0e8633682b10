import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Log, nullLog } from '../log/log';
import { RedisConnection } from '../redis/redis-connection.client';
import { type RedisKeys, redisKeys } from '../redis/redis-keys';
import { RedisServer } from './redis-server';

/** A Redis for the tests of one file, with keys of its own for each test. */
export interface RedisFixture {
  readonly url: string;
  /** Prefix of this test's keys. */
  readonly prefix: string;
  readonly keys: RedisKeys;
  /** For looking at what is stored. */
  readonly admin: Redis;
  /** A connection as an application opens it; closed after the test. */
  connect(log?: Log): RedisConnection;
}

/**
 * Uses the server at TOCSIN_TEST_REDIS_URL, or starts one for the file. After each test its keys are removed, and no
 * connection that the test opened may be left.
 */
export function useRedis(): RedisFixture {
  let server: RedisServer | null = null;
  let admin: Redis | null = null;
  let url = process.env['TOCSIN_TEST_REDIS_URL'] ?? '';
  let prefix = '';
  let opened: RedisConnection[] = [];

  beforeAll(async () => {
    if (url === '') {
      server = await RedisServer.start();
      url = server.url;
    }
    admin = new Redis(url);
  });

  beforeEach(() => {
    prefix = `test-${randomBytes(6).toString('hex')}`;
    opened = [];
  });

  afterEach(async () => {
    for (const connection of opened) connection.close();
    if (!admin) return;
    await expect.poll(() => namedClients(admin, prefix), { message: 'connections left open', timeout: 2_000 }).toBe(0);
    await removeKeys(admin, prefix);
  });

  afterAll(async () => {
    admin?.disconnect();
    await server?.stop();
  });

  return {
    get url() {
      return url;
    },
    get prefix() {
      return prefix;
    },
    get keys() {
      return redisKeys(prefix);
    },
    get admin() {
      if (!admin) throw new Error('useRedis() is for use inside tests');
      return admin;
    },
    connect(log = nullLog) {
      const connection = new RedisConnection({ url, name: prefix, log });
      opened.push(connection);
      return connection;
    },
  };
}

async function namedClients(admin: Redis | null, name: string): Promise<number> {
  const list = String(await admin?.client('LIST'));
  return list.split('\n').filter((line) => line.includes(` name=${name} `)).length;
}

async function removeKeys(admin: Redis, prefix: string): Promise<void> {
  for await (const keys of admin.scanStream({ match: `{${prefix}}:*`, count: 1_000 })) {
    if ((keys as string[]).length > 0) await admin.unlink(keys as string[]);
  }
}
