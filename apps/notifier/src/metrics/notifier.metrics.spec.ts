import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildRouteTree } from '../routing/route-tree';
import { NotifierMetrics, notifierMetrics } from './notifier.metrics';
import { aNotifierConfig, aRoute } from '../testing/a-config';

const build = {
  version: '1.2.3',
  revision: 'abc',
  branch: 'main',
  buildUser: 'me',
  buildDate: '20260101',
  runtime: 'node20',
  platform: 'linux',
  arch: 'x64',
};
const webhook = { kind: 'webhook', receiver: 'team' };

let registry: MetricsRegistry;
let metrics: NotifierMetrics;

beforeEach(() => {
  registry = new MetricsRegistry();
  metrics = new NotifierMetrics(registry, build);
});

/** Samples of our own metrics: `name{labels}` → value. */
async function scrape(): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => /^(alertmanager|tocsin)_/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Notifier')).toEqual(Object.values(notifierMetrics).map(documentedAs));
});

it('exist at zero before anything happened', async () => {
  const samples = await scrape();
  for (const { name } of Object.values(notifierMetrics)) {
    if (/^alertmanager_(http_request_duration_seconds|cluster_(peer_info|alive_messages_total))$/.test(name)) continue;
    const own = Object.entries(samples).filter(
      ([sample]) => sample.replace(/(_bucket|_count|_sum)?(\{.*)?$/, '') === name,
    );
    expect(own, name).not.toHaveLength(0);
    const always1 = name === 'alertmanager_build_info' || name === 'alertmanager_cluster_members';
    for (const [sample, value] of own) expect(value, sample).toBe(always1 ? 1 : 0);
  }
  expect(samples).toMatchObject({
    'alertmanager_alerts_received_total{status="resolved",version="v2"}': 0,
    'alertmanager_notifications_failed_total{integration="webhook",reason="contextDeadlineExceeded"}': 0,
    'alertmanager_notification_latency_seconds_bucket{le="20",integration="webhook"}': 0,
    'alertmanager_build_info{version="0.34.0+tocsin.1.2.3",revision="abc",branch="main",goversion="node20",goos="linux",goarch="amd64"}': 1,
  });
});

it('has what the process says about itself', async () => {
  expect(await registry.metrics()).toMatch(/^process_start_time_seconds \d/m);
});

describe('counts', () => {
  it.each<[string, (metrics: NotifierMetrics) => void, Record<string, number>]>([
    [
      'received and refused alerts',
      (to) => {
        to.alertsReceived('v2', { firing: 3, resolved: 1 });
        to.alertsReceived('queue', { firing: 2, resolved: 0 });
        to.alertsInvalid('v2', 2);
      },
      {
        'alertmanager_alerts_received_total{status="firing",version="v2"}': 3,
        'alertmanager_alerts_received_total{status="resolved",version="v2"}': 1,
        'alertmanager_alerts_received_total{status="firing",version="queue"}': 2,
        'alertmanager_alerts_invalid_total{version="v2"}': 2,
      },
    ],
    [
      'notifications decided, but not those that were not necessary',
      (to) => {
        to.decided(webhook, 'first notification');
        to.decided(webhook, 'none');
      },
      { 'alertmanager_notifications_total{integration="webhook"}': 1 },
    ],
    [
      'attempts by their end',
      (to) => {
        to.attempted(webhook, { kind: 'delivered' }, 1_500);
        to.attempted(webhook, { kind: 'retryable', reason: 'serverError', message: '' }, 500);
        to.attempted(webhook, { kind: 'rejected', reason: 'clientError', message: '' }, 500);
      },
      {
        'alertmanager_notification_requests_total{integration="webhook"}': 3,
        'alertmanager_notification_requests_failed_total{integration="webhook"}': 2,
        'tocsin_delivery_retries_total{integration="webhook"}': 1,
        'alertmanager_notification_latency_seconds_sum{integration="webhook"}': 2.5,
        'alertmanager_notification_latency_seconds_bucket{le="1",integration="webhook"}': 2,
      },
    ],
    [
      'what was given up',
      (to) => to.gaveUp(webhook, 'clientError'),
      {
        'alertmanager_notifications_failed_total{integration="webhook",reason="clientError"}': 1,
        'tocsin_dead_letters_total{integration="webhook"}': 1,
      },
    ],
    [
      'deliveries under way',
      (to) => {
        to.deliveryStarted(webhook);
        to.deliveryStarted(webhook);
        to.deliveryEnded(webhook);
      },
      { 'tocsin_deliveries_in_flight{integration="webhook"}': 1 },
    ],
    [
      'flushes by how late they are; a clock that jumped makes none early',
      (to) => {
        to.flushStarted(40);
        to.flushStarted(-5);
      },
      { tocsin_flush_lateness_seconds_sum: 0.04, tocsin_flush_lateness_seconds_count: 2 },
    ],
    [
      'requests by what Alertmanager calls them',
      (to) => {
        to.httpAnswered({ handler: '/api/v2/silence/:silenceID', method: 'DELETE', status: 404, durationMs: 100 });
        to.httpAnswered({ handler: '/-/ready', method: 'GET', status: 200, durationMs: 1 });
      },
      {
        'alertmanager_http_request_duration_seconds_sum{handler="/api/v2/silence/{silenceID}",method="delete",code="404"}': 0.1,
        'alertmanager_http_request_duration_seconds_count{handler="/-/ready",method="get",code="200"}': 1,
      },
    ],
    [
      'depth of the due queues and skew of the clock',
      (to) => {
        to.dueQueueDepth('groups', 7);
        to.clockSkew(-250);
      },
      { 'tocsin_due_queue_depth{queue="groups"}': 7, tocsin_clock_skew_seconds: -0.25 },
    ],
  ])('%s', async (_, act, expected) => {
    act(metrics);
    expect(await scrape()).toMatchObject(expected);
  });
});

describe('the configuration', () => {
  const config = aNotifierConfig({
    routes: buildRouteTree(aRoute({ receiver: 'a', children: [aRoute({ receiver: 'b' })] })),
    receivers: ['a', 'b', 'unused'].map((name) => ({ name, labels: { name }, integrations: [{}, {}] })) as never,
    hash: 12_345,
  });

  it('that runs, and when it was loaded', async () => {
    metrics.configLoaded(config, 1_500);
    expect(await scrape()).toMatchObject({
      alertmanager_config_hash: 12_345,
      alertmanager_config_last_reload_successful: 1,
      alertmanager_config_last_reload_success_timestamp_seconds: 1.5,
      alertmanager_receivers: 2,
      alertmanager_integrations: 4,
    });
  });

  it('that could not be loaded', async () => {
    metrics.configLoaded(config, 1_500);
    metrics.configReloadFailed();
    expect(await scrape()).toMatchObject({
      alertmanager_config_last_reload_successful: 0,
      alertmanager_config_last_reload_success_timestamp_seconds: 1.5,
    });
  });
});

describe('state that is read when somebody scrapes', () => {
  it('alone', async () => {
    let active = 1;
    metrics.observeState({
      alerts: () => ({ active, suppressed: 2 }),
      alertsByGroup: () => [],
      groups: () => 3,
      replicaPosition: () => 4,
      instances: () => null,
    });
    expect(await scrape()).toMatchObject({ 'alertmanager_alerts{state="active"}': 1 });
    active = 9;
    expect(await scrape()).toMatchObject({
      'alertmanager_alerts{state="active"}': 9,
      'alertmanager_alerts{state="suppressed"}': 2,
      alertmanager_dispatcher_aggregation_groups: 3,
      tocsin_replica_position: 4,
      alertmanager_cluster_enabled: 0,
      alertmanager_cluster_members: 1,
    });
  });

  it('with others', async () => {
    const live = ['a', 'b', 'c'].map((name) => ({ name, address: '', details: { config: name === 'c' ? '2' : '1' } }));
    metrics.observeState({
      alerts: () => ({ active: 0, suppressed: 0 }),
      alertsByGroup: () => [],
      groups: () => 0,
      replicaPosition: () => 0,
      instances: () => ({ self: live[1]!, live: () => live }),
    });
    expect(await scrape()).toMatchObject({
      alertmanager_cluster_enabled: 1,
      alertmanager_cluster_members: 3,
      alertmanager_peer_position: 1,
      'alertmanager_cluster_peer_info{peer="b"}': 1,
      'alertmanager_cluster_alive_messages_total{peer="b"}': 0,
      tocsin_cluster_config_divergent_instances: 1,
    });
  });

  it('with the labels that were asked for', async () => {
    registry = new MetricsRegistry();
    metrics = new NotifierMetrics(registry, build, {
      receiverNameInMetrics: true,
      alertNamesInMetrics: true,
      groupKeyInMetrics: true,
    });
    metrics.alertLimited('DiskFull');
    metrics.decided(webhook, 'first notification');
    metrics.observeState({
      alerts: () => ({ active: 1, suppressed: 0 }),
      alertsByGroup: () => [{ groupKey: '{}:{}', active: 1, suppressed: 2 }],
      groups: () => 1,
      replicaPosition: () => 0,
      instances: () => null,
    });
    expect(await scrape()).toMatchObject({
      'alertmanager_alerts_limited_total{alertname="DiskFull"}': 1,
      'alertmanager_notifications_total{integration="webhook",receiver_name="team"}': 1,
      'alertmanager_alerts{state="suppressed",group_key="{}:{}"}': 2,
      'alertmanager_alerts{state="unprocessed",group_key="{}:{}"}': 0,
    });
  });

  it('with a series for each integration of a receiver in use, and none without its name', async () => {
    registry = new MetricsRegistry();
    metrics = new NotifierMetrics(registry, build, {
      receiverNameInMetrics: true,
      alertNamesInMetrics: true,
      groupKeyInMetrics: false,
    });
    const receivers = ['team', 'unused'].map((name) => ({
      name,
      labels: { name },
      integrations: [{ kind: 'webhook' }],
    }));
    const config = aNotifierConfig({
      routes: buildRouteTree(aRoute({ receiver: 'team' })),
      receivers: receivers as never,
    });
    metrics.configLoaded(config, 0);
    const outcome = { kind: 'delivered', status: 200, durationMs: 1 } as never;
    metrics.attempted(webhook, outcome, 2_000);
    metrics.configLoaded(config, 0);
    const series = Object.entries(await scrape()).filter(([name]) =>
      /^alertmanager_(notif.*integration|alerts_limited)/.test(name),
    );
    for (const [name] of series) expect(name).toContain('integration="webhook",receiver_name="team"');
    const named = '{integration="webhook",receiver_name="team"}';
    expect(Object.fromEntries(series)).toMatchObject({
      [`alertmanager_notifications_total${named}`]: 0,
      [`alertmanager_notification_requests_total${named}`]: 1,
      [`alertmanager_notification_requests_failed_total${named}`]: 0,
      [`alertmanager_notification_latency_seconds_count${named}`]: 1,
    });
    expect(series.filter(([name]) => name.startsWith('alertmanager_notifications_failed_total'))).toHaveLength(7);
  });

  it('may be out of reach: the rest is still shown', async () => {
    registry.beforeScrape(() => Promise.reject(new Error('redis is away')));
    expect(await scrape()).toMatchObject({ alertmanager_cluster_members: 1 });
  });
});
