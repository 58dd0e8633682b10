import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { openBackend } from '@tocsin/common/backend/backend.client';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { nullLog } from '@tocsin/common/log/log';
import { alertsQueue } from '@tocsin/common/queue/alerts.queue';
import { openBullmqConsumer } from '@tocsin/common/queue/bullmq-queue';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { machineClock, sleep } from '@tocsin/common/time/clock';
import { expect, it } from 'vitest';
import { startEvaluator } from './main';
import { A_BUILD } from './testing/an-evaluator';

const redis = useRedis();

const GROUPS = 20;
const INTERVAL_MS = 1_000;

it('two evaluators on one Redis evaluate every slot of every group once, also when one of them goes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-evaluators-'));
  const ended: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true })];
  /** Slots by expression, as the datasource was asked. */
  const asked = new Map<string, number[]>();
  const prometheus = await HttpPeer.start(({ body }, response) => {
    const form = new URLSearchParams(body);
    const expr = form.get('query') ?? '';
    asked.set(expr, [...(asked.get(expr) ?? []), Math.round(Number(form.get('time')) * 1000)]);
    const result = [{ metric: { instance: expr }, value: [0, '1'] }];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  ended.push(() => prometheus.stop());
  const groups = Array.from({ length: GROUPS }, (_, n) => {
    return `{name: g${n}, interval: ${INTERVAL_MS}ms, rules: [{alert: A${n}, expr: e${n}}]}`;
  });
  await writeFile(join(folder, 'rules.yml'), `groups: [${groups.join(', ')}]`);

  const start = async (instance: string) => {
    const backend = await openBackend({
      redisUrl: redis.url,
      redisPrefix: redis.prefix,
      storagePath: '',
      clock: machineClock,
      log: nullLog,
    });
    const evaluator = await startEvaluator({
      configFile: null,
      ruleFiles: [join(folder, 'rules.yml')],
      datasource: { url: prometheus.origin(), timeoutMs: 5_000, basicAuth: null, bearerToken: null },
      notifierUrls: [],
      resendDelayMs: 60_000,
      forOutageToleranceMs: 3_600_000,
      listen: [{ host: '127.0.0.1', port: 0 }],
      externalUrl: undefined,
      webConfigFile: null,
      build: A_BUILD,
      hostname: 'host',
      instance,
      backend,
      log: nullLog,
    });
    let isStopped = false;
    const stop = async (): Promise<void> => {
      if (isStopped) return;
      isStopped = true;
      await evaluator.stop();
      await backend.close();
    };
    ended.push(stop);
    return { evaluator, backend, stop };
  };

  try {
    const [one, two] = [await start('one'), await start('two')];
    const told: AlertsMessage[] = [];
    if (two.backend.kind !== 'redis') throw new Error('expected Redis');
    const handle = async (message: AlertsMessage): Promise<void> => void told.push(message);
    const consumer = openBullmqConsumer({
      ...two.backend,
      contract: alertsQueue,
      log: nullLog,
      concurrency: 4,
      handle,
    });
    ended.push(() => consumer.close());

    await sleep(machineClock, 3 * INTERVAL_MS);
    await one.stop();
    await sleep(machineClock, 3 * INTERVAL_MS);
    await expect.poll(() => told.length, { timeout: 5_000 }).toBe(GROUPS);

    const answer = await fetch(`${two.evaluator.url}/api/v1/rules`);
    const { data } = (await answer.json()) as { data: { groups: { rules: { state: string }[] }[] } };
    expect(data.groups.flatMap(({ rules }) => rules.map(({ state }) => state))).toEqual(Array(GROUPS).fill('firing'));
    await two.stop();
    expect(asked.size).toBe(GROUPS);
    for (const slots of asked.values()) {
      // What a stopping evaluator left is asked for once more by the other.
      const once = [...new Set(slots)];
      expect(slots.length - once.length).toBeLessThanOrEqual(1);
      expect(once).toEqual(Array.from(once, (_, n) => (once[0] ?? 0) + n * INTERVAL_MS));
      expect(once.length).toBeGreaterThanOrEqual(5);
    }
  } finally {
    for (const end of ended.reverse()) await end();
  }
}, 30_000);
