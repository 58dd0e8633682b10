import { realisticAlert } from '../support/alerts';
import { sleep } from '../support/wait-for';
import { type BenchRun } from './bench-case';
import { batchesOf } from './load';
import { cpuBetween, settle } from './measure';
import { type Values } from './report';
import { eachCount, type Running } from './told-case';

const SOURCES = 1_000;
/** Twice the nodes that have a source, so that half of the targets are inhibited. */
const NODES = 2 * SOURCES;
/** Groups of targets, which are all flushed once in a group interval. */
const GROUPS = 200;
const GROUP_WAIT_MS = 5_000;
const GROUP_INTERVAL_MS = 15_000;
const ROUNDS = 3;

const config = (sinkUrl: string) => `
route:
  receiver: sink
  group_by: [alertname]
  group_wait: ${GROUP_WAIT_MS}ms
  group_interval: ${GROUP_INTERVAL_MS}ms
  repeat_interval: 4h
inhibit_rules:
  - { source_matchers: [alertname = NodeDown], target_matchers: [alertname != NodeDown], equal: [node] }
receivers: [{ name: sink, webhook_configs: [{ url: "${sinkUrl}" }] }]
`;

export const inhibition: BenchRun = (context) =>
  eachCount(context, {
    counts: context.options.alerts ?? [20_000],
    name: (count) => `${count} targets, ${SOURCES} sources, one rule`,
    config,
    measure,
  });

/** CPU of rounds in which nothing is to be told: what an installation spends all day. */
async function measure({ server, sender, sink }: Running, count: number): Promise<Values> {
  await sender.post(batchesOf([...sources(), ...targets(count)], 256));
  const isIn = Date.now();
  // The second tick of each group still tells of alerts that came after the first.
  await sleep(GROUP_WAIT_MS + 1.5 * GROUP_INTERVAL_MS);
  const told = (await sink.take()).length;
  const before = server.cpu();
  const startMs = performance.now();
  await sleep(ROUNDS * GROUP_INTERVAL_MS);
  const rounds = (performance.now() - startMs) / GROUP_INTERVAL_MS;
  const cpu = cpuBetween(before, server.cpu());
  const inhibited = JSON.parse((await sender.get(INHIBITED)).body.toString()) as unknown[];
  await settle(server);
  return {
    'CPU ms a round': ((cpu.server + cpu.redis) * 1000) / rounds,
    'of it Redis': (cpu.redis * 1000) / rounds,
    'told before': told,
    'told meanwhile': (await sink.take()).length,
    inhibited: inhibited.length,
    'after s': (Date.now() - isIn) / 1000,
  };
}

/** Only the inhibited ones. */
const INHIBITED = '/api/v2/alerts?active=false&silenced=false&inhibited=true&unprocessed=false';

const times = () => ({ startsAtMs: Date.now(), endsAtMs: Date.now() + 3_600_000 });

function sources() {
  const at = times();
  return Array.from({ length: SOURCES }, (_, n) => {
    const alert = realisticAlert(1_000_000 + n, at);
    return { ...alert, labels: { ...alert.labels, alertname: 'NodeDown', node: `node-${n}` } };
  });
}

function targets(count: number) {
  const at = times();
  return Array.from({ length: count }, (_, n) => {
    const alert = realisticAlert(n, at);
    const node = `node-${(n * 7) % NODES}`;
    return { ...alert, labels: { ...alert.labels, alertname: `PodNotReady${n % GROUPS}`, node } };
  });
}
