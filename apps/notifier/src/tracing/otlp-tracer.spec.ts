import { Secret } from '@tocsin/common/config/secret';
import { NO_TLS_CONFIG } from '@tocsin/common/http/http-config';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { type Log, type LogFields, nullLog } from '@tocsin/common/log/log';
import { machineClock } from '@tocsin/common/time/clock';
import { FakeClock, settle } from '@tocsin/common/testing/fake-clock';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openOtlpTracer } from './otlp-tracer.client';
import { OtlpSink } from './testing/otlp-sink';
import { formatTraceparent } from './traceparent';
import { type TracingConfig } from './tracing-config';
import { type OpenTracer } from './tracing.service';

let sink: OtlpSink;
let lines: { message: string; fields: LogFields }[];

const log: Log = {
  ...nullLog,
  error: (message, fields = {}) => void lines.push({ message, fields }),
  info: (message, fields = {}) => void lines.push({ message, fields }),
};
const LIMIT_MS = 10_000;
const internal = { kind: 'internal' } as const;

beforeEach(() => {
  lines = [];
});
afterEach(() => sink.stop());

function tracerFor(config: Partial<TracingConfig>, clock = machineClock): OpenTracer {
  const full: TracingConfig = {
    clientType: 'grpc',
    endpoint: config.endpoint ?? sink.endpoint,
    samplingFraction: 1,
    insecure: true,
    tls: null,
    headers: {},
    gzip: false,
    timeoutMs: 0,
    ...config,
  };
  return openOtlpTracer(full, {
    version: '1.2.3',
    instance: 'i-1',
    userAgent: 'Tocsin/1',
    clock,
    environment: {},
    log,
  });
}

describe.each([
  ['http', () => OtlpSink.http(), '/v1/traces'],
  ['grpc', () => OtlpSink.grpc(), '/opentelemetry.proto.collector.trace.v1.TraceService/Export'],
] as const)('over %s', (clientType, open, path) => {
  beforeEach(async () => {
    sink = await open();
  });

  it.each([false, true])('exports spans with what they say (gzip: %s)', async (gzip) => {
    const tracer = tracerFor({ clientType, gzip });
    await tracer.run(
      { name: 'outer', kind: 'server', attributes: { text: 'a', number: 7, yes: true } },
      async (span) => {
        span.set({ list: ['b', 'c'] });
        await Promise.resolve();
        await tracer.run({ name: 'inner', ...internal }, async () => {});
      },
    );
    tracer.begin({ name: 'apart', ...internal }).end();
    expect(await tracer.stop(LIMIT_MS)).toBe(true);

    expect(sink.exports.map((one) => one.path)).toEqual([path]);
    expect(sink.exports[0]?.batch.resource).toMatchObject({
      'service.name': 'alertmanager',
      'service.version': '1.2.3',
      'service.instance.id': 'i-1',
    });
    const [inner, outer, apart] = sink.spans;
    expect([inner?.name, outer?.name, apart?.name]).toEqual(['inner', 'outer', 'apart']);
    expect(outer?.attributes).toEqual({ text: 'a', number: 7, yes: true, list: ['b', 'c'] });
    expect([inner?.parentSpanId, inner?.traceId]).toEqual([outer?.spanId, outer?.traceId]);
    expect(apart?.parentSpanId).toBe('');
    expect(apart?.traceId).not.toBe(outer?.traceId);
  });

  it('sends headers: values, secrets, and what files hold at the time', async () => {
    const authority = new TestAuthority();
    const file = authority.file('token');
    writeFileSync(file, 'from-file\n');
    const headers = {
      'X-Tenant': { values: ['team'], secrets: [], files: [] },
      'X-Secret': { values: [], secrets: [new Secret('hush')], files: [] },
      'X-File': { values: [], secrets: [], files: [file] },
    };
    const tracer = tracerFor({ clientType, headers });
    tracer.begin({ name: 'one', ...internal }).end();
    await tracer.stop(LIMIT_MS);
    authority.remove();
    expect(sink.exports[0]?.headers).toMatchObject({ 'x-tenant': 'team', 'x-secret': 'hush', 'x-file': 'from-file' });
  });

  it('logs a refusal once, without secrets, and does not repeat it', async () => {
    sink.answers.push(clientType === 'http' ? 400 : 3);
    const tracer = tracerFor({
      clientType,
      headers: { 'x-secret': { values: [], secrets: [new Secret('hush')], files: [] } },
    });
    tracer.begin({ name: 'one', ...internal }).end();
    await tracer.stop(LIMIT_MS);
    expect(sink.exports).toHaveLength(1);
    const err = clientType === 'http' ? 'status 400' : 'gRPC status 3: not now';
    expect(lines).toEqual([{ message: 'Spans could not be exported', fields: { err } }]);
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('repeats what was refused for the moment', async () => {
    sink.answers.push(clientType === 'http' ? 503 : 14);
    const clock = new FakeClock();
    const tracer = tracerFor({ clientType }, clock);
    tracer.begin({ name: 'one', ...internal }).end();
    const stopped = tracer.stop(LIMIT_MS);
    await until(() => lines.length > 0);
    await clock.advance(1_000);
    await stopped;
    expect(sink.spans.map(({ name }) => name)).toEqual(['one', 'one']);
    expect(lines.map(({ message }) => message)).toEqual(['Spans could not be exported', 'Spans are exported again']);
  });

  it('a collector that never answers delays nothing, and is given up at the end', async () => {
    sink.answers.push(null);
    const clock = new FakeClock();
    const tracer = tracerFor({ clientType }, clock);
    expect(await tracer.run({ name: 'one', ...internal }, async () => 1)).toBe(1);
    const stopped = tracer.stop(2_000);
    await until(() => sink.exports.length > 0);
    await clock.advance(2_000);
    expect(await stopped).toBe(false);
    expect(lines).toEqual([]);
  });

  it('an export has a limit', async () => {
    sink.answers.push(null);
    const clock = new FakeClock();
    const tracer = tracerFor({ clientType, timeoutMs: 300 }, clock);
    tracer.begin({ name: 'one', ...internal }).end();
    const stopped = tracer.stop(LIMIT_MS);
    await until(() => sink.exports.length > 0);
    await clock.advance(300);
    await until(() => lines.length > 0);
    expect(String(lines[0]?.fields['err'])).toContain('timed out after 300 ms');
    await clock.advance(1_000);
    await stopped;
    expect(sink.exports).toHaveLength(2);
  });

  it('a collector that is not there is only logged', async () => {
    await sink.stop();
    const clock = new FakeClock();
    const tracer = tracerFor({ clientType, endpoint: '127.0.0.1:1' }, clock);
    tracer.begin({ name: 'one', ...internal }).end();
    const stopped = tracer.stop(2_000);
    await until(() => lines.length > 0);
    await clock.advance(2_000);
    await stopped;
    expect(String(lines[0]?.fields['err'])).toContain('ECONNREFUSED');
  });
});

describe('which traces are exported', () => {
  beforeEach(async () => {
    sink = await OtlpSink.http();
  });
  const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isRemote: true };

  it.each([
    ['all that begin here, at 1', 1, undefined, ['x']],
    ['none that begin here, at 0', 0, undefined, []],
    ['what a sampled sender began, at 0', 0, { ...remote, isSampled: true }, ['x']],
    ['nothing a sender did not sample, at 1', 1, { ...remote, isSampled: false }, []],
  ])('%s', async (_, samplingFraction, parent, expected) => {
    const tracer = tracerFor({ clientType: 'http', samplingFraction });
    const span = tracer.begin({ name: 'x', ...internal, ...(parent && { parent }) });
    expect(span.isRecording).toBe(expected.length > 0);
    span.end();
    await tracer.stop(LIMIT_MS);
    expect(sink.spans.map(({ name }) => name)).toEqual(expected);
    if (parent?.isSampled)
      expect(sink.spans[0]).toMatchObject({ traceId: remote.traceId, parentSpanId: remote.spanId });
  });

  it('links, failures and set times arrive', async () => {
    const tracer = tracerFor({ clientType: 'http' });
    const cause = tracer.begin({ name: 'cause', ...internal });
    const links = cause.ref ? [cause.ref] : [];
    tracer.begin({ name: 'later', ...internal, parent: null, links, startMs: 1_000 }).end(2_000);
    await expect(
      tracer.run({ name: 'broken', ...internal }, () => Promise.reject(new Error('no luck'))),
    ).rejects.toThrow('no luck');
    await tracer.stop(LIMIT_MS);
    const [later, broken] = sink.spans;
    expect(later?.links).toEqual([cause.ref?.spanId]);
    expect([later?.failure, broken?.failure]).toEqual([null, 'no luck']);
  });

  it('what is under way is what runs within it, also after a reload', async () => {
    const tracer = tracerFor({ clientType: 'http' });
    const other = tracerFor({ clientType: 'http' });
    const span = tracer.begin({ name: 'one', ...internal });
    const inside = await span.within(async () => {
      await Promise.resolve();
      return other.current();
    });
    expect(inside && span.ref && formatTraceparent(inside)).toBe(span.ref && formatTraceparent(span.ref));
    expect(tracer.current()).toBeNull();
    await Promise.all([tracer.stop(LIMIT_MS), other.stop(LIMIT_MS)]);
  });
});

describe('TLS', () => {
  let authority: TestAuthority;
  beforeAll(() => {
    authority = new TestAuthority();
  });
  afterAll(() => authority.remove());

  it('is spoken unless insecure, with client certificates', async () => {
    const { cert, key } = authority.issue('collector', 'DNS:collector.test');
    const client = authority.issue('client', 'DNS:client.test');
    sink = await OtlpSink.grpc({ cert, key, ca: authority.ca });
    const { certFile, keyFile } = client;
    const tls = { ...NO_TLS_CONFIG, caFile: authority.caFile, certFile, keyFile, serverName: 'collector.test' };
    const tracer = tracerFor({ insecure: false, tls });
    tracer.begin({ name: 'one', ...internal }).end();
    await tracer.stop(LIMIT_MS);
    expect(lines).toEqual([]);
    expect(sink.spans.map(({ name }) => name)).toEqual(['one']);
  });

  it('does not trust a stranger', async () => {
    sink = await OtlpSink.grpc({ ...authority.issue('other', 'IP:127.0.0.1'), ca: authority.ca });
    const clock = new FakeClock();
    const tracer = tracerFor({ insecure: false }, clock);
    tracer.begin({ name: 'one', ...internal }).end();
    const stopped = tracer.stop(2_000);
    await until(() => lines.length > 0);
    await clock.advance(2_000);
    await stopped;
    expect(sink.exports).toEqual([]);
    expect(String(lines[0]?.fields['err'])).toMatch(/certificate/);
  });

  it.each(['http', 'grpc'] as const)('a file that cannot be read fails at once (%s)', async (clientType) => {
    sink = await OtlpSink.http();
    const tls = { ...NO_TLS_CONFIG, caFile: authority.file('none.pem') };
    expect(() => tracerFor({ clientType, insecure: false, tls })).toThrow('unable to read CA cert');
  });
});

/** Waits for what the network does by itself. */
async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await settle();
}
