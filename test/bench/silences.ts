import { realisticAlert } from '../support/alerts';
import { type BenchRun } from './bench-case';
import { aSilence, batchesOf, buildBatches, type PostableSilence, type Sender } from './load';
import { cpuBetween, settle } from './measure';
import { type Values } from './report';
import { type SinkProcess } from './sink-process';
import { eachCount, type Running } from './told-case';

const SILENCES = 5_000;
/** As many as there are values of alertname and cluster together in `realisticAlert`. */
const GROUPS = 1_000;
/** Alerts told before the silences come, so that no code runs for the first time. */
const WARM_UP = 4_000;
const WARM_UP_GROUPS = 200;
const WARM_UP_FROM = 2_000_000;
const FLUSHED_LIMIT_MS = 600_000;

const config = (sinkUrl: string) => `
route: { receiver: sink, group_by: [alertname, cluster], group_wait: 10s, group_interval: 1h, repeat_interval: 4h }
receivers: [{ name: sink, webhook_configs: [{ url: "${sinkUrl}" }] }]
`;

export const silences: BenchRun = (context) =>
  eachCount(context, {
    counts: context.options.alerts ?? [20_000],
    name: (count) => `${SILENCES} silences, ${count} alerts`,
    config,
    measure,
  });

/** CPU from the first alert until every group was told and nothing is left to do. */
async function measure({ server, sender, sink }: Running, count: number): Promise<Values> {
  await warmUp(sender, sink);
  await settle(server);
  const idle = server.cpu();
  await sender.silence(Array.from({ length: SILENCES }, (_, n) => silence(n, count)));
  await settle(server);

  const before = server.cpu();
  const startsAtMs = Date.now();
  await sender.post(buildBatches({ count, batch: 256, startsAtMs, endsAtMs: startsAtMs + 3_600_000 }));
  await sink.waitForCount(Math.min(GROUPS, count), FLUSHED_LIMIT_MS);
  const seconds = (Date.now() - startsAtMs) / 1000;
  await settle(server);
  const cpu = cpuBetween(before, server.cpu());
  const creating = cpuBetween(idle, before);
  const silenced = JSON.parse((await sender.get(SILENCED)).body.toString()) as unknown[];
  return {
    'CPU s': cpu.server + cpu.redis,
    'of it Redis': cpu.redis,
    'flushed after s': seconds,
    'CPU ms a silence': ((creating.server + creating.redis) * 1000) / SILENCES,
    told: (await sink.take()).length,
    silenced: silenced.length,
  };
}

/** Alerts of other groups that began an hour ago, which do not wait. */
async function warmUp(sender: Sender, sink: SinkProcess): Promise<void> {
  const startsAtMs = Date.now() - 3_600_000;
  const endsAtMs = Date.now() + 5_000;
  const alerts = Array.from({ length: WARM_UP }, (_, n) => {
    const alert = realisticAlert(WARM_UP_FROM + n, { startsAtMs, endsAtMs });
    return { ...alert, labels: { ...alert.labels, cluster: `warm-up-${n % 4}` } };
  });
  await sender.post(batchesOf(alerts, 256));
  await sink.waitForCount(WARM_UP_GROUPS, 60_000);
  await sink.take();
}

/** Only the silenced ones. */
const SILENCED = '/api/v2/alerts?active=false&silenced=true&inhibited=false&unprocessed=false';

/** Two regexes and a negative matcher each, as people write them; close to half of the alerts are silenced. In a fifth of them
 *  no regex begins with a text that only few alerts share, so that nothing but running it tells whether it matches. */
function silence(n: number, alerts: number): PostableSilence {
  const nowMs = Date.now();
  const { labels } = realisticAlert((n * 7) % alerts, { startsAtMs: nowMs, endsAtMs: nowMs });
  const { alertname = '', namespace = '', pod = '', instance = '' } = labels;
  const regexes: Record<string, string> = [
    { pod: `${pod.slice(0, -1)}.`, namespace: `payments-(platform|search|storage)` },
    { alertname: `${alertname}|${alertname}Again`, instance: `${instance.slice(0, -6).replaceAll('.', '\\.')}.*` },
    { pod: `${pod}|${pod}-canary`, cluster: `eu-central-[1-4]` },
    { instance: `${instance.replaceAll('.', '\\.').slice(0, -4)}(9100|9101)`, namespace: `${namespace}.*` },
    { pod: `.+-${pod.slice(-5)}`, namespace: `payments-.+` },
  ][n % 5] as Record<string, string>;
  return aSilence(
    [
      ...Object.entries(regexes).map(([name, value]) => ({ name, value, isRegex: true, isEqual: true })),
      { name: 'severity', value: 'info', isRegex: false, isEqual: false },
    ],
    nowMs,
  );
}
