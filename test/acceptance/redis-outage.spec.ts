import { RedisServer } from '@tocsin/common/testing/redis-server';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { getAlerts, metric, postAlerts, postBody } from '../support/alertmanager-api';
import { anAlert, ended } from '../support/alerts';
import { Started } from '../support/started';
import { sleep, waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';
import { InProcessNotifier } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

const GRACE_MS = 1_500;
const GROUP_INTERVAL_MS = 1_000;

const config = (url: string) => `
route: { receiver: team, group_by: [alertname], group_wait: 300ms, group_interval: 1s, repeat_interval: 24h }
receivers:
  - name: team
    webhook_configs: [{ url: "${url}" }]
`;

const started = new Started();
afterEach(() => started.stopAll());

interface Cluster {
  redis: RedisServer;
  sink: WebhookSink;
  one: InProcessNotifier;
  two: InProcessNotifier;
}

async function startCluster(settings: readonly string[] = []): Promise<Cluster> {
  const redis = await started.add(RedisServer.start(settings));
  const sink = await started.add(WebhookSink.start());
  const start = () => {
    const place = { url: redis.url, prefix: 'outage' };
    return started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), place, GRACE_MS));
  };
  return { redis, sink, one: await start(), two: await start() };
}

const gists = (sink: WebhookSink): string[] => sink.accepted.map((arrival) => gist(arrival)).sort();

async function told(sink: WebhookSink, ...expected: string[]): Promise<void> {
  await waitFor(
    () => `${expected.join(' | ')}, told were ${gists(sink).join(' | ')}`,
    () => expected.every((text) => gists(sink).includes(text)),
  );
}

/** Long enough for every group to be flushed some times more. */
const quiet = (): Promise<void> => sleep(3 * GROUP_INTERVAL_MS + 1_000);

const mode = (notifier: InProcessNotifier) => metric(notifier.url, 'tocsin_outage_mode');

async function inMode(expected: number, ...notifiers: InProcessNotifier[]): Promise<void> {
  for (const notifier of notifiers) {
    await waitFor(`outage mode ${expected}`, async () => (await mode(notifier)) === expected);
  }
}

async function ready(notifier: InProcessNotifier): Promise<{ status: number; text: string }> {
  const response = await fetch(`${notifier.url}/-/ready`);
  return { status: response.status, text: await response.text() };
}

async function mute(notifier: InProcessNotifier, alertname: string): Promise<void> {
  const silence = {
    matchers: [{ name: 'alertname', value: alertname, isRegex: false, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 600_000).toISOString(),
    createdBy: 'test',
    comment: 'test',
  };
  const response = await fetch(`${notifier.url}/api/v2/silences`, {
    method: 'POST',
    body: JSON.stringify(silence),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`POST silences: ${response.status} ${await response.text()}`);
}

async function muted(notifier: InProcessNotifier): Promise<string[]> {
  const response = await fetch(`${notifier.url}/api/v2/silences`);
  const silences = (await response.json()) as { matchers: { value: string }[] }[];
  return silences.map(({ matchers }) => matchers[0]?.value ?? '').sort();
}

const alertnames = async (notifier: InProcessNotifier): Promise<string[]> =>
  (await getAlerts(notifier.url)).map(({ labels }) => labels['alertname'] ?? '').sort();

describe('Redis down', () => {
  it.each([
    ['killed, and back with its data', ['appendonly yes', 'appendfsync always'], 'SIGKILL'],
    ['killed, and back without its data', [], 'SIGKILL'],
    ['hanging, and back', [], 'SIGSTOP'],
  ] as const)('%s: pages go out, and nothing is told again afterwards', async (_, settings, signal) => {
    const { redis, sink, one, two } = await startCluster(settings);
    await postAlerts(one.url, [anAlert({ alertname: 'before' })]);
    await told(sink, 'firing before');
    await sleep(500);

    redis.signal(signal);
    const goneMs = Date.now();
    const alone = anAlert({ alertname: 'alone' });
    await waitFor('the alert to be accepted', async () => (await postBody(one.url, JSON.stringify([alone]))).ok, {
      limitMs: 15_000,
    });
    await told(sink, 'firing alone');
    expect(Date.now() - goneMs).toBeLessThan(GRACE_MS + 300 + 6_000);
    await inMode(1, one, two);
    expect(await ready(one)).toMatchObject({
      status: 200,
      text: expect.stringContaining('works on its own') as string,
    });
    expect(await metric(one.url, 'tocsin_outage_notifications_total')).toBe(1);
    expect(await metric(one.url, 'tocsin_state_available')).toBe(0);
    await mute(one, 'muted alone');
    await postAlerts(one.url, [anAlert({ alertname: 'muted alone' })]);
    await quiet();
    expect(gists(sink)).toEqual(['firing alone', 'firing before']);

    if (signal === 'SIGKILL') await redis.restart();
    else redis.signal('SIGCONT');
    await inMode(0, one, two);
    await waitFor('both to know both', async () => (await alertnames(two)).join() === 'alone,before,muted alone');
    expect(await alertnames(one)).toEqual(['alone', 'before', 'muted alone']);
    expect(await muted(two)).toEqual(['muted alone']);
    await quiet();
    expect(gists(sink)).toEqual(['firing alone', 'firing before']);

    await postAlerts(two.url, ended([alone]));
    await postAlerts(two.url, [anAlert({ alertname: 'after' })]);
    await told(sink, 'firing after', 'resolved alone');
    await quiet();
    expect(gists(sink)).toEqual(['firing after', 'firing alone', 'firing before', 'resolved alone']);
  });

  it.each([
    ['demoted by a failover', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
    ['out of memory', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ['without its replicas', 'CONFIG SET min-replicas-to-write 1', 'CONFIG SET min-replicas-to-write 0'],
  ])('answers and takes no writes, %s: the same', async (_, spoil, mend) => {
    const { redis, sink, one, two } = await startCluster();
    await postAlerts(one.url, [anAlert({ alertname: 'before' })]);
    await told(sink, 'firing before');
    await sleep(500);

    const operator = new Redis(redis.url);
    const operate = (command: string) => operator.call(...(command.split(' ') as [string, ...string[]]));
    await operate(spoil);
    const alone = anAlert({ alertname: 'alone' });
    const answer = await postBody(one.url, JSON.stringify([alone]));
    expect(answer.status).toBe(503);
    await inMode(1, one, two);
    expect(await metric(one.url, 'tocsin_state_available')).toBe(0);
    expect((await ready(one)).text).toContain('works on its own');
    await postAlerts(one.url, [alone]);
    await told(sink, 'firing alone');

    await operate(mend);
    operator.disconnect();
    await inMode(0, one, two);
    await waitFor('both to know both', async () => (await alertnames(two)).join() === 'alone,before');
    await postAlerts(two.url, ended([alone]));
    await told(sink, 'resolved alone');
    await quiet();
    expect(gists(sink)).toEqual(['firing alone', 'firing before', 'resolved alone']);
  });

  it('does not end alerts nobody could refresh', async () => {
    const { redis, sink, one, two } = await startCluster();
    const endsAtMs = Date.now() + 12_000;
    await postAlerts(one.url, [anAlert({ alertname: 'short' }, { endsAtMs })]);
    await told(sink, 'firing short');
    redis.signal('SIGKILL');
    await inMode(1, one, two);
    await sleep(Math.max(0, endsAtMs - Date.now()) + 5_000);
    // Told again it may be: the record of it may not have been written when Redis went away.
    expect(gists(sink)).not.toContain('resolved short');
  });
});

describe('Redis emptied', () => {
  it('is restored before anything is told again', async () => {
    const { redis, sink, one, two } = await startCluster();
    const known = ['a', 'b', 'c'].map((alertname) => anAlert({ alertname }));
    await mute(two, 'muted');
    await postAlerts(one.url, [...known, anAlert({ alertname: 'muted' })]);
    await told(sink, 'firing a', 'firing b', 'firing c');
    await sleep(500);

    const admin = new Redis(redis.url);
    await admin.flushall();
    admin.disconnect();
    await postAlerts(two.url, [...known, anAlert({ alertname: 'new' })]);
    await told(sink, 'firing new');
    await quiet();
    expect(gists(sink)).toEqual(['firing a', 'firing b', 'firing c', 'firing new']);
    expect(await alertnames(one)).toEqual(['a', 'b', 'c', 'muted', 'new']);
    expect(await alertnames(two)).toEqual(['a', 'b', 'c', 'muted', 'new']);
    expect(await muted(one)).toEqual(['muted']);
    await postAlerts(one.url, ended(known));
    await told(sink, 'resolved a', 'resolved b', 'resolved c');
    await quiet();
    expect(gists(sink)).toHaveLength(7);
  });

  it('and met by a notifier that starts right then', async () => {
    const { redis, sink, one } = await startCluster();
    await postAlerts(one.url, [anAlert({ alertname: 'a' })]);
    await told(sink, 'firing a');
    await sleep(500);
    const admin = new Redis(redis.url);
    await admin.flushall();
    admin.disconnect();
    const place = { url: redis.url, prefix: 'outage' };
    const three = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), place, GRACE_MS));
    await postAlerts(three.url, [anAlert({ alertname: 'a' })]);
    await quiet();
    expect(gists(sink)).toEqual(['firing a']);
    expect(await alertnames(three)).toEqual(['a']);
  });
});

it('starts without Redis, says so, and after the grace does its work', async () => {
  const redis = await started.add(RedisServer.start());
  redis.signal('SIGKILL');
  const sink = await started.add(WebhookSink.start());
  const place = { url: redis.url, prefix: 'outage' };
  const notifier = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), place, 6_000));
  expect((await fetch(`${notifier.url}/-/healthy`)).status).toBe(200);
  expect(await ready(notifier)).toEqual({
    status: 503,
    text: 'Redis cannot be reached; without it this notifier begins to work on its own 6 s after its start\n',
  });
  expect((await postBody(notifier.url, JSON.stringify([anAlert({ alertname: 'a' })]))).status).toBe(503);
  await inMode(1, notifier);
  const timeline = await fetch(`${notifier.url}/api/tocsin/v1/timeline`);
  expect([timeline.status, await timeline.text()]).toEqual([503, 'Redis cannot be reached\n']);
  await postAlerts(notifier.url, [anAlert({ alertname: 'a' })]);
  await told(sink, 'firing a');
  await redis.restart();
  await inMode(0, notifier);
  await quiet();
  expect(gists(sink)).toEqual(['firing a']);
  expect(await alertnames(notifier)).toEqual(['a']);
});
