import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@tocsin/common/config/secret';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { machineClock } from '@tocsin/common/time/clock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_MUTING } from '../pipeline/muting';
import { EventFileClient } from './event-file.client';
import { type EventOutput } from './event-output';
import { type EventRecorderConfig, type EventWebhook } from './event-recorder-config';
import { EventRecorderMetrics } from './event-recorder.metrics';
import { EventRecorderService } from './event-recorder.service';
import { EventWebhookClient } from './event-webhook.client';
import { type EventSource } from './recorded-event';

const startMs = Date.UTC(2026, 0, 5, 12);

class FakeOutput implements EventOutput {
  readonly lines: Record<string, unknown>[] = [];
  failure: Error | null = null;
  isClosed = false;

  constructor(readonly name: string) {}

  async write(lines: readonly string[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.lines.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
  }
  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const source: EventSource = {
  alert: () => undefined,
  groupsOf: () => [],
  group: () => undefined,
  silence: () => undefined,
  inhibitRule: () => undefined,
  muting: () => NO_MUTING,
};

const config = (): EventRecorderConfig => ({ files: [], webhooks: [], stdoutOutputs: 1 });

describe('EventRecorderService', () => {
  let registry: MetricsRegistry;
  let opened: FakeOutput[];
  let recorder: EventRecorderService;
  let asked: string[];

  beforeEach(() => {
    registry = new MetricsRegistry(false);
    opened = [];
    asked = [];
    recorder = new EventRecorderService({
      source: { ...source, alert: (fingerprint) => void asked.push(fingerprint) },
      open: () => {
        opened.push(new FakeOutput(`output ${opened.length}`));
        return opened.slice(-1);
      },
      clock: new FakeClock(startMs),
      metrics: new EventRecorderMetrics(registry),
      log: nullLog,
      instance: 'here',
      version: '1.2.3',
      buildContext: 'node',
      position: () => 2,
    });
  });

  const delivered = (message = '') =>
    recorder.record({ atMs: startMs, kind: 'delivered', message, integration: 'r/email/0' });
  const types = (output: FakeOutput | undefined) =>
    output?.lines.flatMap(({ data }) => Object.keys(data as Record<string, unknown>));
  const sample = async (name: string) =>
    (await registry.metrics())
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1);

  it('records its own start and end, and what happens between', async () => {
    recorder.start(config());
    delivered();
    await recorder.stop();
    expect(opened[0]?.lines).toEqual([
      {
        '@timestamp': '2026-01-05T12:00:00Z',
        instance: 'here',
        data: { alertmanagerStartupEvent: { version: '1.2.3', buildContext: 'node' } },
        clusterPosition: 2,
      },
      {
        '@timestamp': '2026-01-05T12:00:00Z',
        instance: 'here',
        data: { notification: { integration: { name: 'email' } } },
        clusterPosition: 2,
      },
      expect.objectContaining({ data: { alertmanagerShutdownEvent: {} } }),
    ]);
    expect(opened[0]?.isClosed).toBe(true);
    expect(await sample('alertmanager_events_recorded_total{event_type="notification"')).toBe('1');
  });

  it('does nothing without outputs', async () => {
    recorder.start(null);
    delivered();
    await recorder.stop();
    expect(opened).toEqual([]);
  });

  it('asks who mutes an alert when that changes, not at every flush', async () => {
    recorder.start(config());
    const verdict = (value: string) =>
      recorder.record({ atMs: 0, kind: 'verdict', message: '', fingerprints: ['f'], state: { key: 'k', value } });
    for (const value of ['', 'a', 'a', 'b', '', '', 'b']) verdict(value);
    await recorder.stop();
    expect(asked).toHaveLength(3);
  });

  it('drops and counts what it has no room for', async () => {
    recorder.start(config());
    for (let index = 0; index < 9_000; index++) delivered();
    await recorder.stop();
    const dropped = Number(await sample('alertmanager_events_dropped_total{event_type="notification"}'));
    expect(dropped).toBeGreaterThan(800);
    expect(types(opened[0])?.filter((type) => type === 'notification')).toHaveLength(9_000 - dropped);
  });

  it('goes on with other outputs after a reload, and closes the old ones', async () => {
    const first = config();
    recorder.start(first);
    await recorder.reload(first);
    expect(opened).toHaveLength(1);
    await recorder.reload(config());
    delivered();
    await recorder.stop();
    expect(opened.map(types)).toEqual([['alertmanagerStartupEvent'], ['notification', 'alertmanagerShutdownEvent']]);
    expect(opened[0]?.isClosed).toBe(true);
  });

  it('counts what an output refuses', async () => {
    recorder.start(config());
    if (opened[0]) opened[0].failure = new Error('the disk is full');
    delivered();
    await recorder.stop();
    expect(
      await sample('alertmanager_events_recorded_total{event_type="notification",output="output 0",result="error"}'),
    ).toBe('1');
  });
});

describe('EventFileClient', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-events-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('appends lines, and goes on in a new file when the old one was moved or removed', async () => {
    const path = join(folder, 'events.jsonl');
    const file = new EventFileClient({ path });
    await file.write(['1', '2']);
    await file.write(['3']);
    renameSync(path, join(folder, 'events.1'));
    await file.write(['4']);
    expect(readFileSync(join(folder, 'events.1'), 'utf8')).toBe('1\n2\n3\n');
    expect(readFileSync(path, 'utf8')).toBe('4\n');
    rmSync(path);
    await file.write(['5']);
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('5\n');
    const again = new EventFileClient({ path });
    await again.write(['6']);
    await again.close();
    expect(readFileSync(path, 'utf8')).toBe('5\n6\n');
  });

  it('fails where it cannot write, and works once it can', async () => {
    const file = new EventFileClient({ path: join(folder, 'missing', 'events') });
    await expect(file.write(['1'])).rejects.toThrow('ENOENT');
    await file.close();
  });
});

describe('EventWebhookClient', () => {
  let server: Server;
  let url: string;
  let bodies: string[];
  let statuses: number[];
  let dropped: number;

  beforeEach(async () => {
    bodies = [];
    statuses = [];
    dropped = 0;
    server = createServer((request, response) => {
      let body = '';
      request
        .on('data', (chunk) => (body += chunk))
        .on('end', () => {
          bodies.push(body);
          response.writeHead(statuses.shift() ?? 200).end();
        });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const client = (overrides: Partial<EventWebhook> = {}) =>
    new EventWebhookClient(
      {
        url: new Secret(url),
        httpConfig: null,
        timeoutMs: 1_000,
        workers: 1,
        maxRetries: 3,
        retryBackoffMs: 1,
        batch: null,
        ...overrides,
      },
      {
        userAgent: 'test',
        clock: machineClock,
        environment: {},
        log: nullLog,
        onDropped: (events) => void (dropped += events),
      },
    );

  it('posts each event by itself, and names no more of the address than where it leads', async () => {
    const webhook = client();
    await webhook.write(['{"a":1}', '{"a":2}']);
    await vi.waitFor(() => expect(bodies).toEqual(['{"a":1}', '{"a":2}']));
    await webhook.close();
    expect(webhook.name).toBe(new URL(url).origin.replace(/^/, 'webhook:'));
  });

  it('posts lists where that is asked for, as long as they may be', async () => {
    const webhook = client({ batch: { maxEvents: 2, maxBytes: 1_000, flushIntervalMs: 20 } });
    await webhook.write(['1', '2', '3']);
    await webhook.write(['4', '5']);
    await vi.waitFor(() => expect(bodies).toEqual(['[1,2]', '[3,4]', '[5]']));
    await webhook.close();
  });

  it('sends what waits when it is closed', async () => {
    const webhook = client({ batch: { maxEvents: 100, maxBytes: 1_000, flushIntervalMs: 60_000 } });
    await webhook.write(['1', '2']);
    await webhook.close();
    expect(bodies).toEqual(['[1,2]']);
  });

  it('cuts lists by their size', async () => {
    const webhook = client({ batch: { maxEvents: 100, maxBytes: 9, flushIntervalMs: 1 } });
    await webhook.write(['111', '222', '3']);
    await webhook.close();
    expect(bodies).toEqual(['[111]', '[222,3]']);
  });

  it('tries again, and gives up in the end', async () => {
    statuses = [500, 503, 200, 500, 500, 500];
    const webhook = client();
    await webhook.write(['1', '2']);
    await webhook.close();
    expect(bodies).toEqual(['1', '1', '1', '2', '2', '2']);
    expect(dropped).toBe(1);
  });

  it('drops what it has no room for', async () => {
    const webhook = client();
    await webhook.write(Array.from({ length: 1_030 }, (_, index) => String(index)));
    expect(dropped).toBe(6);
    await webhook.close();
    expect(bodies).toHaveLength(1_024);
  });
});
