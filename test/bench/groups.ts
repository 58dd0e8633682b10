import { realisticAlert } from '../support/alerts';
import { sleep } from '../support/wait-for';
import { type BenchRun } from './bench-case';
import { type Told } from './told';
import { buildBatches, type Sender, type Sent } from './load';
import { cpuBetween, percentile, settle } from './measure';
import { type Values } from './report';
import { type SinkProcess } from './sink-process';
import { eachCount, type Running } from './told-case';

/** Long enough for all alerts to be in and digested before the first group is due. */
const GROUP_WAIT_MS = 15_000;
const BATCH = 256;

/** We begin to count CPU time so long before the first group is due. */
const BEFORE_MS = 300;

/** Groups told before measuring, so that no code runs for the first time. */
const WARM_UP = 1_000;
const WARM_UP_FROM = 2_000_000;

/** A group a pod: every alert its own. */
const config = (sinkUrl: string) => `
route: { receiver: sink, group_by: [pod], group_wait: ${GROUP_WAIT_MS}ms, group_interval: 1h, repeat_interval: 4h }
receivers: [{ name: sink, webhook_configs: [{ url: "${sinkUrl}" }] }]
`;

export const groups: BenchRun = (context) =>
  eachCount(context, {
    counts: context.options.groups,
    name: (count) => `${count} groups due together`,
    config,
    measure,
  });

async function measure({ server, sender, sink }: Running, count: number): Promise<Values> {
  await warmUp(sender, sink);
  const startsAtMs = Date.now();
  const sent = await sender.post(buildBatches({ count, batch: BATCH, startsAtMs, endsAtMs: startsAtMs + 3_600_000 }));
  await settle(server);
  const leftMs = startsAtMs + GROUP_WAIT_MS - BEFORE_MS - Date.now();
  if (leftMs < 0) throw new Error('taking the alerts in took longer than group_wait');
  // What an idle server uses meanwhile is not the notifications' cost.
  await sleep(leftMs);
  const before = server.cpu();
  await sink.waitForCount(count, GROUP_WAIT_MS + 120_000);
  await settle(server);
  const cpu = cpuBetween(before, server.cpu());
  const told = await sink.take();
  const lateMs = lateness(told, sent);
  const times = told.map(([, atMs]) => atMs).sort((a, b) => a - b);
  return {
    'notifications/s': told.length / (((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000),
    'CPU ms each': ((cpu.server + cpu.redis) * 1000) / told.length,
    'of it Redis': (cpu.redis * 1000) / told.length,
    'late p50 ms': percentile(lateMs, 50),
    'late p99 ms': percentile(lateMs, 99),
    'late max ms': percentile(lateMs, 100),
    'told twice': told.length - new Set(told.map(([group]) => group)).size,
    'RSS MiB': server.memory().rssBytes / 1024 / 1024,
  };
}

/** Alerts that began an hour ago do not wait: their groups are told at once. */
async function warmUp(sender: Sender, sink: SinkProcess): Promise<void> {
  const nowMs = Date.now();
  const times = { startsAtMs: nowMs - 3_600_000, endsAtMs: nowMs + 3_600_000 };
  await sender.post(buildBatches({ from: WARM_UP_FROM, count: WARM_UP, batch: BATCH, ...times }));
  await sink.waitForCount(WARM_UP, 60_000);
  await sink.take();
}

/** How long after group_wait each group was told, counted from when the request with its alert was begun. */
function lateness(told: readonly Told[], { begunAtMs }: Sent): number[] {
  const firstTold = new Map<string, number>();
  for (const [group, atMs] of told) if (!firstTold.has(group)) firstTold.set(group, atMs);
  const lateMs: number[] = [];
  for (let n = 0; n < firstTold.size; n++) {
    const pod = realisticAlert(n, { startsAtMs: 0, endsAtMs: 0 }).labels['pod'];
    const atMs = firstTold.get(`"pod":${JSON.stringify(pod)}`);
    if (atMs === undefined) throw new Error(`the group of pod ${pod} was never told`);
    lateMs.push(atMs - (begunAtMs[Math.floor(n / BATCH)] ?? 0) - GROUP_WAIT_MS);
  }
  return lateMs;
}
