import { Secret } from '@tocsin/common/config/secret';
import { nullLog } from '@tocsin/common/log/log';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeTracer } from './testing/fake-tracer';
import { type TracingConfig } from './tracing-config';
import { type OpenTracer, TracingService } from './tracing.service';

const config: TracingConfig = {
  clientType: 'http',
  endpoint: 'collector:4318',
  samplingFraction: 1,
  insecure: true,
  tls: null,
  headers: { token: { values: [], secrets: [new Secret('one')], files: [] } },
  gzip: false,
  timeoutMs: 0,
};

class Opened extends FakeTracer implements OpenTracer {
  stopped: number | null = null;
  losesSpans = false;

  async stop(limitMs: number): Promise<boolean> {
    this.stopped = limitMs;
    return !this.losesSpans;
  }
}

let opened: Opened[];
let tracing: TracingService;
let lines: string[];

beforeEach(() => {
  opened = [];
  lines = [];
  const log = { ...nullLog, warn: (message: string) => void lines.push(message) };
  tracing = new TracingService(async () => {
    const tracer = new Opened();
    opened.push(tracer);
    return tracer;
  }, log);
});

async function apply(next: TracingConfig | null): Promise<void> {
  (await tracing.prepare(next)).install();
}

describe('a start', () => {
  it('without tracing loads nothing and traces nothing', async () => {
    await apply(null);
    expect(opened).toHaveLength(0);
    expect(tracing.isOn).toBe(false);
    const span = tracing.begin({ name: 'x', kind: 'internal' });
    expect([span.ref, span.isRecording, span.within(() => 1)]).toEqual([null, false, 1]);
    expect(await tracing.run({ name: 'x', kind: 'internal' }, async () => 2)).toBe(2);
  });

  it('with tracing traces once it is installed', async () => {
    const prepared = await tracing.prepare(config);
    expect(tracing.isOn).toBe(false);
    prepared.install();
    tracing.begin({ name: 'x', kind: 'internal' }).end();
    expect(opened[0]?.spans).toHaveLength(1);
  });
});

describe('a reload', () => {
  beforeEach(() => apply(config));

  it('keeps the exporter when nothing changed', async () => {
    await apply({ ...config, headers: { token: { values: [], secrets: [new Secret('one')], files: [] } } });
    expect(opened.map(({ stopped }) => stopped)).toEqual([null]);
  });

  it('notices another secret', async () => {
    await apply({ ...config, headers: { token: { values: [], secrets: [new Secret('two')], files: [] } } });
    expect(opened.map(({ stopped }) => stopped)).toEqual([5_000, null]);
  });

  it('leaves the old one at work until the new one is installed, and forgets one that is not', async () => {
    const prepared = await tracing.prepare({ ...config, endpoint: 'other:4318' });
    expect(opened.map(({ stopped }) => stopped)).toEqual([null, null]);
    prepared.discard();
    tracing.begin({ name: 'x', kind: 'internal' });
    expect(opened.map(({ stopped, spans }) => [stopped, spans.length])).toEqual([
      [null, 1],
      [0, 0],
    ]);
  });

  it('ends tracing when the section is gone, and begins it again when it is back', async () => {
    await apply(null);
    expect([tracing.isOn, opened[0]?.stopped]).toEqual([false, 5_000]);
    await apply(config);
    expect([tracing.isOn, opened.length]).toEqual([true, 2]);
  });

  it('only logs when the last spans are lost', async () => {
    if (opened[0]) opened[0].losesSpans = true;
    await apply(null);
    await Promise.resolve();
    expect(lines).toEqual(['The last spans could not be exported']);
  });
});

it('stop sends what is held and traces nothing any more', async () => {
  await apply(config);
  await tracing.stop();
  expect([tracing.isOn, opened[0]?.stopped]).toEqual([false, 5_000]);
});

it('a file that cannot be used keeps the old tracer', async () => {
  const failing = new TracingService(() => Promise.reject(new Error('unable to read CA cert')), nullLog);
  await expect(failing.prepare(config)).rejects.toThrow('unable to read CA cert');
  expect(failing.isOn).toBe(false);
});
