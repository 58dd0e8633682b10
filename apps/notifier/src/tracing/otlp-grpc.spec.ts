import { settle } from '@tocsin/common/testing/fake-clock';
import { NO_TLS_CONFIG } from '@tocsin/common/http/http-config';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { machineClock } from '@tocsin/common/time/clock';
import { utimesSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { OtlpGrpcTransport } from './otlp-grpc.client';
import { OtlpSink } from './testing/otlp-sink';
import { type TracingConfig } from './tracing-config';

let sink: OtlpSink;
let transport: OtlpGrpcTransport;
const NEVER = new AbortController().signal;

afterEach(async () => {
  await transport.close();
  await sink.stop();
});

function open(config: Partial<TracingConfig> = {}): void {
  const { endpoint } = sink;
  const base = {
    clientType: 'grpc',
    samplingFraction: 1,
    insecure: true,
    tls: null,
    gzip: false,
    timeoutMs: 0,
  } as const;
  transport = new OtlpGrpcTransport(
    { ...base, endpoint, headers: {}, ...config },
    { userAgent: 'x', clock: machineClock },
  );
}

const send = (signal = NEVER) => transport.send(new Uint8Array(), signal);
const sent = { kind: 'sent' };

it('uses one connection for all calls', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  sink = await OtlpSink.grpc();
  open();
  for (let call = 0; call < 20; call++) expect(await send()).toEqual(sent);
  await settle();
  process.off('warning', warned);
  expect(sink.connections).toBe(1);
  expect(warned).not.toHaveBeenCalled();
});

it('makes a new connection when the old one is gone', async () => {
  sink = await OtlpSink.grpc();
  open();
  await send();
  sink.drop();
  await vi.waitFor(async () => expect(await send()).toEqual(sent));
});

it('makes a new connection when certificates changed', async () => {
  const authority = new TestAuthority();
  sink = await OtlpSink.grpc({ ...authority.issue('here', 'IP:127.0.0.1'), ca: authority.ca });
  const { certFile, keyFile } = authority.issue('client', 'DNS:client.test');
  open({ insecure: false, tls: { ...NO_TLS_CONFIG, caFile: authority.caFile, certFile, keyFile } });
  await send();
  expect(await send()).toEqual(sent);
  expect(sink.connected).toBe(1);
  utimesSync(certFile, 1, 1);
  expect(await send()).toEqual(sent);
  expect(sink.connected).toBe(2);
  authority.remove();
});

it('a message that is not encoded as it should be is told as it is', async () => {
  sink = await OtlpSink.grpc();
  sink.message = '100% wrong';
  sink.answers.push(7);
  open();
  expect(await send()).toEqual({ kind: 'failed', reason: 'gRPC status 7: 100% wrong', isRetryable: false });
});

it('a server that speaks no gRPC is told by its status', async () => {
  sink = await OtlpSink.grpc();
  sink.answers.push('plain');
  open();
  expect(await send()).toMatchObject({ kind: 'failed', reason: 'no gRPC status, HTTP status 404' });
});

it('a call that is given up before it begins is not made', async () => {
  sink = await OtlpSink.grpc();
  open();
  expect(await send(AbortSignal.abort())).toMatchObject({ kind: 'failed', reason: 'aborted' });
  expect(sink.exports).toEqual([]);
});

it('an address that is none is only a failure', async () => {
  sink = await OtlpSink.grpc();
  open({ endpoint: 'a b:c' });
  expect(await send()).toMatchObject({ kind: 'failed', reason: 'Invalid URL' });
});
