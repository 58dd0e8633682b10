import { realisticAlert } from '../support/alerts';
import { sleep } from '../support/wait-for';
import { type BenchRun } from './bench-case';
import { aSilence, type Batches, batchesOf, type Sender } from './load';
import { settle } from './measure';
import { type Values } from './report';
import { eachCount, type Running } from './told-case';

const GROUPS = 500;
const SILENCES = 500;
const GROUP_WAIT_MS = 2_000;
const GROUP_INTERVAL_MS = 5_000;

const config = (sinkUrl: string) => `
route: { receiver: sink, group_by: [group], group_wait: ${GROUP_WAIT_MS}ms, group_interval: ${GROUP_INTERVAL_MS}ms }
receivers: [{ name: sink, webhook_configs: [{ url: "${sinkUrl}" }] }]
`;

export const restart: BenchRun = (context) =>
  eachCount(context, {
    counts: context.options.alerts ?? [10_000],
    name: (count) => `kill -9 with ${count} alerts, ${SILENCES} silences, ${GROUPS} notified groups`,
    config,
    measure,
  });

async function measure({ server, sender, sink }: Running, count: number): Promise<Values> {
  const batches = grouped(count);
  const silenceIds = await sender.silence(silencesOfOne());
  await sender.post(batches);
  await sink.waitForCount(GROUPS, 60_000);
  // Past the next tick of every group nothing is under way any more, so nothing may be told again.
  await sleep(GROUP_INTERVAL_MS + 1_000);
  await settle(server);
  await sink.take();

  await server.kill();
  const startMs = performance.now();
  await server.restart();
  const readyMs = performance.now() - startMs;
  const startCpu = server.cpu();
  const alerts = await readJson<unknown[]>(sender, '/api/v2/alerts');
  const silences = await readJson<{ id: string; status: { state: string } }[]>(sender, '/api/v2/silences');
  const active = new Set(silences.flatMap(({ id, status }) => (status.state === 'active' ? [id] : [])));

  // Senders go on sending; two ticks later everything that would be told again has been.
  await sender.post(batches);
  await sleep(2 * GROUP_INTERVAL_MS + GROUP_WAIT_MS);
  return {
    'ready after ms': readyMs,
    'CPU ms until then': startCpu.server * 1000,
    'alerts kept': alerts.length,
    'silences kept': silenceIds.filter((id) => active.has(id)).length,
    'told again': (await sink.take()).length,
    'RSS MiB': server.memory().rssBytes / 1024 / 1024,
  };
}

async function readJson<T>(sender: Sender, path: string): Promise<T> {
  return JSON.parse((await sender.get(path)).body.toString()) as T;
}

function grouped(count: number): Batches {
  const times = { startsAtMs: Date.now(), endsAtMs: Date.now() + 3_600_000 };
  const alerts = Array.from({ length: count }, (_, n) => {
    const alert = realisticAlert(n, times);
    return { ...alert, labels: { ...alert.labels, group: `${n % GROUPS}` } };
  });
  return batchesOf(alerts, 256);
}

/** Each mutes the first alert of a group: what is lost of them is told again. */
function silencesOfOne() {
  const nowMs = Date.now();
  return Array.from({ length: SILENCES }, (_, n) => {
    const { pod = '' } = realisticAlert(n, { startsAtMs: nowMs, endsAtMs: nowMs }).labels;
    return aSilence([{ name: 'pod', value: pod, isRegex: false, isEqual: true }], nowMs);
  });
}
