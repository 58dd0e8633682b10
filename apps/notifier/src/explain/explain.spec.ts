import { LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels } from '@tocsin/common/labels/label-set';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { SimulatedClock } from '@tocsin/common/time/simulated-clock';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../config/check-config';
import { compileConfig } from '../config/compile-config';
import { NotifierMetrics } from '../metrics/notifier.metrics';
import { CurrentMuting } from '../pipeline/current-muting';
import { type StoredSilence } from '../silences/silence';
import { SilencedBy } from '../silences/silenced-by';
import { assembleSimulatedPipeline, type SimulatedPipeline } from '../simulate/simulated-pipeline.service';
import { recordingIntegrations } from '../simulate/recording-integrations';
import { ExplainService } from './explain.service';
import { type RouteTrace } from './route-trace';

const text = `
route:
  receiver: everybody
  group_by: [alertname]
  routes:
    - matchers: [team="db"]
      receiver: db
    - matchers: [severity="critical"]
      receiver: pager
      group_wait: 10s
      group_interval: 1m
      repeat_interval: 10m
      mute_time_intervals: [night]
      continue: true
    - matchers: [severity=~"crit.*|warning"]
      receiver: everybody
    - receiver: nobody
inhibit_rules:
  - name: critical first
    source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [cluster]
time_intervals:
  - name: night
    time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}]}]
receivers:
  - name: everybody
    webhook_configs: [{url: "http://127.0.0.1:1/"}]
  - name: pager
    webhook_configs: [{url: "http://127.0.0.1:1/"}, {url: "http://127.0.0.1:1/", send_resolved: false}]
  - {name: db}
  - {name: nobody}
`;

const startMs = Date.UTC(2026, 0, 5, 12);
let clock: SimulatedClock;
let pipeline: SimulatedPipeline;
let silences: StoredSilence[];
let explainer: ExplainService;

beforeEach(() => {
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings[0]?.message);
  const config = compileConfig(checked.file, text);
  clock = new SimulatedClock(startMs);
  silences = [];
  const silencedBy = new SilencedBy([]);
  pipeline = assembleSimulatedPipeline({
    store: new MemoryStore(),
    clock,
    config,
    integrations: recordingIntegrations(config, () => {}),
    silences: silencedBy,
    metrics: new NotifierMetrics(new MetricsRegistry(false), NO_BUILD),
    timeline: { record: () => {} },
    log: nullLog,
    random: () => 0,
    wrap: (port) => port,
  });
  const { active, groups, book, records } = pipeline;
  explainer = new ExplainService(clock, active, book, records, groups, new CurrentMuting(active, silencedBy), {
    get: (id) => silences.find((silence) => silence.id === id),
  });
  silence = (written) => {
    silences.push(written);
    silencedBy.apply([{ id: written.id, before: null, after: written }]);
  };
});

let silence: (written: StoredSilence) => void;

const critical: Labels = { alertname: 'Full', severity: 'critical', cluster: 'a' };
const warning: Labels = { alertname: 'Slow', severity: 'warning', cluster: 'a' };

async function fire(labels: Labels, endsAtMs = startMs + 3_600_000): Promise<void> {
  const nowMs = clock.nowMs();
  const alert = {
    fingerprint: fingerprint(labels),
    labels,
    annotations: {},
    startsAtMs: nowMs,
    endsAtMs,
    updatedAtMs: nowMs,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
  };
  await pipeline.ingest.ingest([alert], nowMs);
}

/** Time passes, and what is due then is done. */
async function pass(ms: number): Promise<void> {
  clock.set(clock.nowMs() + ms);
  const { groups, deliveries, flusher, deliverer, active } = pipeline;
  const flushes = await groups.claim([{ lane: active.config.routes.lane, max: 100 }], LEASE_MS);
  await flusher.flush(flushes.claims.map((claim) => ({ ...claim, isHeld: () => true })));
  const due = await deliveries.claim(deliverer.lanes(), LEASE_MS);
  await deliverer.deliver(due.claims.map((claim) => ({ ...claim, isHeld: () => true })));
}

const path = (trace: RouteTrace): unknown[] => [
  `${trace.route.receiver} ${trace.outcome}${trace.notifies ? ', notifies' : ''}`,
  ...trace.children.map(path),
];

describe('explain', () => {
  it('shows the way through the routes, what did not match, and what was not asked', async () => {
    const { route } = await explainer.explain(critical, null);
    expect(path(route)).toEqual([
      'everybody matched',
      ['db not matched'],
      ['pager matched, notifies'],
      ['everybody matched, notifies'],
      ['nobody not asked'],
    ]);
    expect(route.children[0]?.matchers).toEqual([{ text: 'team="db"', matches: false }]);
    expect(route.children[1]?.matchers).toEqual([{ text: 'severity="critical"', matches: true }]);
    expect(route.children[3]?.matchers).toEqual([]);
    const other = await explainer.explain({ alertname: 'x' }, null);
    expect(path(other.route).at(-1)).toEqual(['nobody matched, notifies']);
  });

  it('says what would be of an alert that is not there, and leaves no trace of having been asked', async () => {
    const before = [...pipeline.active.groups.groups()].length;
    const { alert, isFiring, groups } = await explainer.explain(critical, null);
    expect([alert, isFiring]).toEqual([null, false]);
    expect(
      groups.map(({ group, isThere, members, nextFlushMs }) => [group.route.receiver, isThere, members, nextFlushMs]),
    ).toEqual([
      ['pager', false, 0, startMs + 10_000],
      ['everybody', false, 0, startMs + 30_000],
    ]);
    expect(
      groups[0]?.integrations.map(({ key, verdict, record, nextRepeatMs }) => [
        key,
        verdict,
        record.told,
        nextRepeatMs,
      ]),
    ).toEqual([
      ['pager/webhook/0', 'first notification', null, null],
      ['pager/webhook/1', 'first notification', null, null],
    ]);
    expect([...pipeline.active.groups.groups()]).toHaveLength(before);
    expect(pipeline.book.alerts.size).toBe(0);
  });

  it('says what was told, and when it is told again', async () => {
    await fire(critical);
    await pass(10_000);
    const { alert, isFiring, groups } = await explainer.explain(critical, null);
    expect([alert?.labels, isFiring]).toEqual([critical, true]);
    expect(groups[0]).toMatchObject({ isThere: true, members: 1, nextFlushMs: startMs + 70_000 });
    expect(groups[0]?.integrations[0]).toMatchObject({
      verdict: 'none',
      record: { told: { atMs: startMs + 10_000, firing: [fingerprint(critical)], resolved: [] } },
      nextRepeatMs: startMs + 670_000,
    });
  });

  it('repeats when it said it would', async () => {
    await fire(critical);
    await pass(10_000);
    const { groups } = await explainer.explain(critical, null);
    const repeatMs = groups[0]?.integrations[0]?.nextRepeatMs ?? 0;
    while (clock.nowMs() < repeatMs - 60_000) await pass(60_000);
    const told = async () => (await explainer.explain(critical, null)).groups[0]?.integrations[0]?.record.told?.atMs;
    expect(await told()).toBe(startMs + 10_000);
    await pass(60_000);
    expect(await told()).toBe(repeatMs);
  });

  it('names who inhibits it', async () => {
    await fire(critical);
    const { inhibition, groups } = await explainer.explain(warning, null);
    expect(inhibition).toEqual({ rule: 'critical first', fingerprint: fingerprint(critical), labels: critical });
    expect(groups[0]?.integrations[0]?.verdict).toBe('muted');
    expect((await explainer.explain({ ...warning, cluster: 'b' }, null)).inhibition).toBeNull();
  });

  it('names its silences, as of the instant asked about', async () => {
    silence({
      id: 's1',
      matcherSets: [[{ name: 'alertname', op: '=', value: 'Full' }]],
      startsAtMs: startMs + 60_000,
      endsAtMs: startMs + 120_000,
      updatedAtMs: startMs,
      createdBy: 'jane',
      comment: 'known',
      annotations: {},
      version: 1,
    });
    const at = async (ms: number) => (await explainer.explain(critical, startMs + ms)).silences.map(({ id }) => id);
    expect(await at(0)).toEqual([]);
    expect(await at(60_000)).toEqual(['s1']);
    expect(await at(121_000)).toEqual([]);
    const { groups } = await explainer.explain(critical, startMs + 60_000);
    expect(groups[0]?.integrations[0]?.verdict).toBe('muted');
  });

  it('names the time intervals of each group', async () => {
    const night = Date.UTC(2026, 0, 5, 23);
    const { groups } = await explainer.explain(critical, night);
    expect(groups.map(({ timeMute }) => timeMute)).toEqual([{ kind: 'mute_time_interval', names: ['night'] }, null]);
    expect(groups.map(({ integrations }) => integrations[0]?.verdict)).toEqual(['muted', 'first notification']);
  });

  it('sees an alert as ended from its end on', async () => {
    await fire(critical, startMs + 60_000);
    await pass(10_000);
    const later = await explainer.explain(critical, startMs + 60_000);
    expect(later.isFiring).toBe(false);
    expect(later.groups[0]?.integrations.map(({ verdict }) => verdict)).toEqual([
      'all alerts resolved',
      'all alerts resolved',
    ]);
  });
});
