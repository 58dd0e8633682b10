import { type BenchRun, onEachTarget } from './bench-case';
import { type Batches, buildBatches, Sender } from './load';
import { cpuBetween, percentile, settle } from './measure';
import { type CaseResult, type Values } from './report';
import { type Server, type Target } from './target';

/** Nobody is notified and no group is flushed while we measure: only taking alerts in is. */
const CONFIG = `
route: { receiver: nobody, group_by: [alertname, cluster], group_wait: 10m }
receivers: [{ name: nobody }]
`;

/** A cold process says little about a server that runs for weeks. */
const WARM_UP = 4_000;

/** How far ahead Prometheus sets `endsAt`, and how much later it sends an alert again, ms. */
const LIFETIME_MS = 240_000;
const RESEND_MS = 60_000;
const RESENDS = 2;

const MIB = 1024 * 1024;

export const ingest: BenchRun = async (context) => {
  const { options } = context;
  const results: CaseResult[] = [];
  for (const alerts of options.alerts ?? [10_000, 100_000]) {
    for (const batch of options.batches) {
      results.push(
        ...(await onEachTarget(context, `ingest, ${alerts} alerts in batches of ${batch}`, (target) =>
          measure(target, { alerts, batch, connections: options.connections }),
        )),
      );
    }
  }
  return results;
};

interface Load {
  alerts: number;
  batch: number;
  connections: number;
}

async function measure(target: Target, { alerts, batch, connections }: Load): Promise<Map<string, Values>> {
  const server = await target.start(CONFIG);
  const sender = new Sender(server.url, connections);
  try {
    const startsAtMs = Date.now();
    const build = (resend: number) =>
      buildBatches({ count: alerts, batch, startsAtMs, endsAtMs: startsAtMs + LIFETIME_MS + resend * RESEND_MS });
    await sender.post(
      buildBatches({ from: 2_000_000, count: WARM_UP, batch, startsAtMs, endsAtMs: startsAtMs + LIFETIME_MS }),
    );
    await settle(server);

    const first = await send(server, sender, [build(0)]);
    const resent = await send(
      server,
      sender,
      Array.from({ length: RESENDS }, (_, n) => build(n + 1)),
    );
    const load = `${alerts} alerts, batches of ${batch}`;
    return new Map([
      [`${load}: first send`, first],
      [`${load}: re-send`, resent],
    ]);
  } finally {
    await sender.close();
    await server.stop();
  }
}

async function send(server: Server, sender: Sender, rounds: readonly Batches[]): Promise<Values> {
  const before = server.cpu();
  let seconds = 0;
  let alerts = 0;
  const latenciesMs: number[] = [];
  for (const round of rounds) {
    const sent = await sender.post(round);
    seconds += sent.seconds;
    alerts += round.alerts;
    latenciesMs.push(...sent.latenciesMs);
  }
  await settle(server);
  const cpu = cpuBetween(before, server.cpu());
  const per100k = 100_000 / alerts;
  return {
    'alerts/s': alerts / seconds,
    'p50 ms': percentile(latenciesMs, 50),
    'p99 ms': percentile(latenciesMs, 99),
    'CPU s/100k': (cpu.server + cpu.redis) * per100k,
    'of it Redis': cpu.redis * per100k,
    'RSS MiB': server.memory().rssBytes / MIB,
    'peak MiB': server.memory().peakBytes / MIB,
  };
}
