import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { Secret } from '@tocsin/common/config/secret';
import { DEFAULT_HTTP_CONFIG, type HttpConfig, NO_TLS_CONFIG } from '@tocsin/common/http/http-config';
import { HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock, settle } from '@tocsin/common/testing/fake-clock';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { afterEach, expect, it } from 'vitest';
import { EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { alertSenderContract, message } from './alert-sender.contract';
import { AlertmanagerAlertSender } from './alertmanager-alert.sender';

const BUILD = { ...NO_BUILD, version: '0' };

const slotMs = Date.UTC(2026, 0, 1, 12);
const peers: HttpPeer[] = [];

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.stop()));
});

/** A receiver that answers with these statuses, the last one from then on. */
async function startPeer(...statuses: readonly number[]): Promise<HttpPeer> {
  const rest = [...statuses];
  const peer = await HttpPeer.start((_, response) => {
    response.statusCode = (rest.length > 1 ? rest.shift() : rest[0]) ?? 200;
    response.end();
  });
  peers.push(peer);
  return peer;
}

function urlOf(peer: HttpPeer): string {
  return `${peer.origin()}/am/api/v2/alerts`;
}

function createSender(clock = new FakeClock()) {
  const registry = new MetricsRegistry();
  const metrics = new EvaluatorMetrics(registry, BUILD);
  const http = { userAgent: 'Tocsin/0', clock, environment: {} };
  const sender = new AlertmanagerAlertSender(http, metrics, nullLog);
  const use = (urls: readonly string[], config: HttpConfig = DEFAULT_HTTP_CONFIG): void =>
    sender.prepare([{ urls, timeoutMs: 10_000, http: config }]).use();
  const metric = async (name: string): Promise<number | undefined> => {
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
    return values[0]?.value;
  };
  /** Resolves once this many alerts have failed and the pause before the next attempt has begun. */
  const hasFailed = async (alerts: number): Promise<void> => {
    await expect.poll(() => metric('prometheus_notifications_errors_total')).toBe(alerts);
    await settle();
  };
  return { sender, use, clock, metric, hasFailed };
}

function alertsOf({ body }: ReceivedRequest): AlertMessage[] {
  const alerts = JSON.parse(body) as (Omit<AlertMessage, 'startsAtMs' | 'endsAtMs'> & Record<string, string>)[];
  return alerts.map(({ labels, annotations, startsAt = '', endsAt = '', generatorURL }) => ({
    labels,
    annotations,
    startsAtMs: Date.parse(startsAt),
    endsAtMs: Date.parse(endsAt),
    generatorURL,
  }));
}

alertSenderContract('An Alertmanager', async () => {
  const peer = await startPeer(200);
  const { sender, use } = createSender();
  use([urlOf(peer)]);
  return { sender, received: () => peer.requests.flatMap(alertsOf), tearDown: async () => {} };
});

it('posts a JSON list with times of three fraction digits, at most 256 alerts at once', async () => {
  const peer = await startPeer(200);
  const { sender, use } = createSender();
  use([urlOf(peer)]);
  const names = Array.from({ length: 300 }, (_, at) => `Alert${at}`);
  await sender.send(message(slotMs, ...names));
  await sender.close();

  expect(peer.requests.map((request) => alertsOf(request).length)).toEqual([256, 44]);
  const [request] = peer.requests;
  expect(request).toMatchObject({ method: 'POST', target: '/am/api/v2/alerts' });
  expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Tocsin/0' });
  expect(request?.body).toContain('"endsAt":"2026-01-01T12:04:00.000Z","generatorURL":"http://evaluator');
});

it('sends to every receiver, and none waits for another that hangs', async () => {
  const hanging = await HttpPeer.start(() => {});
  const good = await startPeer(200);
  peers.push(hanging);
  const { sender, use, clock } = createSender();
  use([urlOf(hanging), urlOf(good)]);
  await sender.send(message(slotMs, 'DiskFull'));
  await sender.send(message(slotMs, 'DiskSlow'));
  await expect.poll(() => good.requests.length).toBe(2);
  expect(hanging.requests).toHaveLength(1);

  const closed = sender.close();
  await clock.advance(20_000);
  await closed;
});

it('tries a failed batch again after a pause that grows, with what is newest by then', async () => {
  const peer = await startPeer(500, 503, 200);
  const { sender, use, clock, metric, hasFailed } = createSender();
  use([urlOf(peer)]);
  await sender.send(message(slotMs, 'DiskFull'));
  await hasFailed(1);
  await clock.advance(499);
  expect(peer.requests).toHaveLength(1);
  await clock.advance(1);
  await hasFailed(2);
  await sender.send(message(slotMs + 60_000, 'DiskFull'));
  await clock.advance(999);
  expect(peer.requests).toHaveLength(2);
  await clock.advance(1);
  await expect.poll(() => peer.requests.length).toBe(3);
  await sender.close();

  expect(peer.requests.map((request) => alertsOf(request)[0]?.endsAtMs)).toEqual([
    slotMs + 240_000,
    slotMs + 240_000,
    slotMs + 300_000,
  ]);
  expect(await metric('prometheus_notifications_errors_total')).toBe(2);
  expect(await metric('prometheus_notifications_sent_total')).toBe(1);
});

it('does not end an alert that still fired when it began to wait for a receiver that was away', async () => {
  const peer = await startPeer(500, 200);
  const clock = new FakeClock(slotMs);
  const { sender, use, hasFailed } = createSender(clock);
  use([urlOf(peer)]);
  const { alerts: fired } = message(slotMs, 'DiskFull');
  const { alerts: ended } = message(slotMs - 300_000, 'DiskSlow');
  await sender.send({ v: 1, ruleGroupId: 'a1', slotMs, alerts: [...fired, ...ended] });
  await hasFailed(2);
  clock.set(slotMs + 600_000);
  await clock.advance(0);
  await expect.poll(() => peer.requests.length).toBe(2);
  await sender.close();

  expect(peer.requests.map((request) => alertsOf(request).map(({ endsAtMs }) => endsAtMs - slotMs))).toEqual([
    [240_000, -60_000],
    [840_000, -60_000],
  ]);
});

it('gives up what the receiver refuses, and goes on with the rest', async () => {
  const peer = await startPeer(400, 200);
  const { sender, use, metric } = createSender();
  use([urlOf(peer)]);
  await sender.send(message(slotMs, 'Bad'));
  await expect.poll(() => peer.requests.length).toBe(1);
  await sender.send(message(slotMs, 'Good'));
  await sender.close();
  expect(peer.requests.map((request) => alertsOf(request).map(({ labels }) => labels['alertname']))).toEqual([
    ['Bad'],
    ['Good'],
  ]);
  expect(await metric('prometheus_notifications_dropped_total')).toBe(1);
});

it('keeps at most ten thousand alerts for a receiver that is away, the newest', async () => {
  const peer = await startPeer(500);
  const { sender, use, metric } = createSender();
  use([urlOf(peer)]);
  await sender.send(message(slotMs, ...Array.from({ length: 10_005 }, (_, at) => `Alert${at}`)));
  expect(await metric('prometheus_notifications_dropped_total')).toBe(5);
  expect(await metric('prometheus_notifications_queue_length')).toBe(10_000);
  await sender.close();
});

it('keeps what waits for a receiver over a reload that changes how it is spoken to', async () => {
  const peer = await startPeer(401, 200);
  const { sender, use, hasFailed } = createSender();
  use([urlOf(peer)]);
  await sender.send(message(slotMs, 'DiskFull'));
  await hasFailed(1);
  const basicAuth = { username: 'tocsin', usernameFile: '', password: new Secret('s3cret'), passwordFile: '' };
  use([urlOf(peer)], { ...DEFAULT_HTTP_CONFIG, basicAuth });
  await sender.close();

  expect(peer.requests.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    `Basic ${Buffer.from('tocsin:s3cret').toString('base64')}`,
  ]);
});

it('changes nothing when a receiver of the new configuration cannot be spoken to', async () => {
  const peer = await startPeer(200);
  const { sender, use } = createSender();
  use([urlOf(peer)]);
  const tls = { ...NO_TLS_CONFIG, caFile: '/does/not/exist.pem' };
  expect(() => use([urlOf(peer)], { ...DEFAULT_HTTP_CONFIG, tls })).toThrow();
  await sender.send(message(slotMs, 'DiskFull'));
  await sender.close();
  expect(peer.requests).toHaveLength(1);
});
