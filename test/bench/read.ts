import { type BenchRun, onEachTarget } from './bench-case';
import { buildBatches, Sender } from './load';
import { cpuBetween, percentile, settle } from './measure';
import { type CaseResult, type Values } from './report';
import { type Target } from './target';

const CONFIG = `
route: { receiver: nobody, group_by: [alertname, cluster], group_wait: 10m }
receivers: [{ name: nobody }]
`;

const PATH = '/api/v2/alerts';
const WARM_UP_READS = 5;
const READS = 20;

export const read: BenchRun = async (context) => {
  const results: CaseResult[] = [];
  for (const count of context.options.alerts ?? [20_000]) {
    const name = `GET ${PATH}, ${count} alerts`;
    results.push(
      ...(await onEachTarget(context, name, async (target) => new Map([[name, await measure(target, count)]]))),
    );
  }
  return results;
};

async function measure(target: Target, count: number): Promise<Values> {
  const server = await target.start(CONFIG);
  const sender = new Sender(server.url, 1);
  try {
    const startsAtMs = Date.now();
    await sender.post(buildBatches({ count, batch: 256, startsAtMs, endsAtMs: startsAtMs + 3_600_000 }));
    await settle(server);
    for (let n = 0; n < WARM_UP_READS; n++) await sender.get(PATH);
    await settle(server);

    const before = server.cpu();
    const latenciesMs: number[] = [];
    let bytes = 0;
    for (let n = 0; n < READS; n++) {
      const { latencyMs, body } = await sender.get(PATH);
      latenciesMs.push(latencyMs);
      bytes = body.length;
    }
    const cpu = cpuBetween(before, server.cpu());
    return {
      'p50 ms': percentile(latenciesMs, 50),
      'p99 ms': percentile(latenciesMs, 99),
      'CPU ms each': ((cpu.server + cpu.redis) * 1000) / READS,
      MiB: bytes / 1024 / 1024,
      'RSS MiB': server.memory().rssBytes / 1024 / 1024,
    };
  } finally {
    await sender.close();
    await server.stop();
  }
}
