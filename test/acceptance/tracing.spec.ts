import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { OtlpSink } from '@tocsin/notifier/tracing/testing/otlp-sink';
import { afterEach, expect, it } from 'vitest';
import { anAlert } from '../support/alerts';
import { Started } from '../support/started';
import { waitFor } from '../support/wait-for';
import { InProcessNotifier } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string, tracing: string) => `
tracing: ${tracing}
route: { receiver: team, group_by: [alertname], group_wait: 100ms, group_interval: 100ms }
receivers:
  - name: team
    webhook_configs: [{ url: "${url}" }]
`;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

async function post(notifier: InProcessNotifier, name: string, headers: Record<string, string> = {}): Promise<void> {
  const body = JSON.stringify([anAlert({ alertname: name })]);
  const url = `${notifier.url}/api/v2/alerts`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  expect(answer.status).toBe(200);
}

it('one alert leaves its trace from the request to the receiver', async () => {
  const [collector, sink] = await Promise.all([started.add(OtlpSink.grpc()), started.add(HttpPeer.start())]);
  const tracing = `{ endpoint: "${collector.endpoint}", insecure: true, sampling_fraction: 1 }`;
  const notifier = await started.add(InProcessNotifier.start(config(sink.origin(), tracing), new MovableClock()));
  await post(notifier, 'a', { traceparent: `00-${TRACE}-${SPAN}-01` });
  const heard = await waitFor('the notification', () => sink.requests[0]);
  await notifier.halt();

  const spans = new Map(collector.spans.map((span) => [span.name, span]));
  const request = spans.get('POST /api/v2/alerts');
  const put = spans.get('provider.mem.Put');
  const flush = spans.get('dispatch.AggregationGroup.flush');
  const attempt = spans.get('notify.Integration.Notify');
  const call = spans.get('HTTP POST');
  expect(request).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
  expect(put).toMatchObject({ traceId: TRACE, parentSpanId: request?.spanId });
  expect(flush).toMatchObject({ parentSpanId: '', links: [put?.spanId] });
  expect(attempt).toMatchObject({ traceId: flush?.traceId, parentSpanId: flush?.spanId });
  expect(call).toMatchObject({ traceId: flush?.traceId, parentSpanId: attempt?.spanId });
  expect(heard.headers['traceparent']).toBe(`00-${call?.traceId}-${call?.spanId}-01`);
});

it('a collector that is away delays no notification, and tracing comes and goes with the configuration', async () => {
  const sink = await started.add(HttpPeer.start());
  const away = '{ endpoint: "127.0.0.1:1", insecure: true, sampling_fraction: 1 }';
  const notifier = await started.add(InProcessNotifier.start(config(sink.origin(), away), new MovableClock()));
  await post(notifier, 'a');
  await waitFor('the notification', () => sink.requests[0]);

  const collector = await started.add(OtlpSink.http());
  const there = `{ client_type: http, endpoint: "${collector.endpoint}", insecure: true, sampling_fraction: 1 }`;
  notifier.writeConfig(config(sink.origin(), there));
  expect(await notifier.reload()).toMatchObject({ ok: true });
  await post(notifier, 'b');
  notifier.writeConfig(config(sink.origin(), '{ endpoint: "127.0.0.1:1", tls_config: { ca_file: none.pem } }'));
  expect(await notifier.reload()).toMatchObject({
    ok: false,
    error: expect.stringContaining('failed to build a new tracer provider: unable to read CA cert'),
  });
  notifier.writeConfig(config(sink.origin(), 'null'));
  await notifier.reload();
  await post(notifier, 'c');
  await waitFor('the spans of the time when it was on', () => collector.spans.length > 0);
  expect(collector.spans.filter(({ name }) => name === 'POST /api/v2/alerts')).toHaveLength(1);
  const told = (name: string) => sink.requests.find(({ body }) => body.includes(`"alertname":"${name}"`));
  await waitFor('all notifications', () => told('b') && told('c'));
  expect(told('c')?.headers).not.toHaveProperty('traceparent');
});
