import { randomUUID } from 'node:crypto';
import { freePort } from './free-port';
import { RunningProcess } from './process';
import { TempFolder } from './temp-folder';
import { waitFor } from './wait-for';
import { Redis } from 'ioredis';

/** Where one installation keeps its state. */
export interface RedisPlace {
  readonly url: string;
  readonly prefix: string;
}

/** A Redis for one test, on a server shared with others (own prefix) or of its own. */
export interface TestRedis extends RedisPlace {
  /** The server, where it was started for this test. */
  readonly process: RunningProcess | null;
  stop(): Promise<void>;
}

/** TOCSIN_TEST_REDIS_URL with a prefix of its own, else a server of its own. */
export async function startRedis(): Promise<TestRedis> {
  const url = process.env['TOCSIN_TEST_REDIS_URL'];
  if (!url) return startOwnRedis();
  const prefix = uniquePrefix();
  return { url, prefix, process: null, stop: () => removeKeys(url, prefix) };
}

/** A server nobody else uses: to measure or to disturb. */
export async function startOwnRedis(flags: readonly string[] = ['--appendonly', 'no']): Promise<TestRedis> {
  const folder = new TempFolder();
  const port = await freePort();
  const server = await RunningProcess.spawn({
    command: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder.path, '--save', '', ...flags],
  });
  await waitFor(
    () => `redis-server; it printed:\n${server.output}`,
    () => server.output.includes('Ready to accept connections'),
    { everyMs: 10 },
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    prefix: uniquePrefix(),
    process: server,
    async stop() {
      await server.stop();
      await folder.stop();
    },
  };
}

function uniquePrefix(): string {
  return `test-${randomUUID().slice(0, 8)}`;
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(...(keys as string[]));
    }
  } finally {
    redis.disconnect();
  }
}
