import { type HttpResult } from '@tocsin/common/http/http-result';
import { beforeEach, describe, expect, it } from 'vitest';
import { clientSpans, serverSpans } from './http-spans.service';
import { aRef, FakeTracer } from './testing/fake-tracer';
import { formatTraceparent } from './traceparent';

let tracer: FakeTracer;

beforeEach(() => {
  tracer = new FakeTracer();
});

describe('server spans', () => {
  const request = { method: 'POST', route: '/x/api/v2/alerts', headers: {} };

  it('are parts of the trace the sender began', () => {
    const headers = { traceparent: formatTraceparent(aRef(7)) };
    serverSpans(tracer, '/x/api/')
      .begin({ ...request, headers })
      ?.end(200);
    expect(tracer.spans[0]).toMatchObject({
      start: { name: 'POST /x/api/v2/alerts', kind: 'server', parent: { ...aRef(7), isRemote: true } },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/x/api/v2/alerts',
        'http.response.status_code': 200,
      },
      failure: null,
      endedMs: 'now',
    });
  });

  it.each([
    ['an answer', 400, null],
    ['a failure of ours', 503, 'status 503'],
    ['a client that went away', null, 'the client went away'],
  ])('tell of %s', (_, status, failure) => {
    serverSpans(tracer, '/x/api/').begin(request)?.end(status);
    expect(tracer.spans[0]).toMatchObject({ failure, endedMs: 'now', start: { parent: null } });
  });

  it.each([
    ['of other paths', '/x/metrics', true],
    ['of unknown paths', '', true],
    ['while nothing is traced', '/x/api/v2/alerts', false],
  ])('are not made %s', (_, route, isOn) => {
    tracer.isOn = isOn;
    expect(serverSpans(tracer, '/x/api/').begin({ ...request, route })).toBeNull();
    expect(tracer.spans).toEqual([]);
  });
});

describe('client spans', () => {
  const request = { method: 'POST', host: 'receiver:8080' };
  const answer = (status: number): HttpResult => ({
    kind: 'response',
    status,
    headers: {},
    body: '',
    truncated: false,
  });

  async function sendWith(result: HttpResult): Promise<Record<string, string>> {
    let sent = {};
    const send = async (headers: Readonly<Record<string, string>>) => {
      sent = headers;
      return result;
    };
    expect(await clientSpans(tracer).around(request, send)).toBe(result);
    return sent;
  }

  it('hand the trace on', async () => {
    expect(await sendWith(answer(200))).toEqual({ traceparent: formatTraceparent(aRef(1)) });
    expect(tracer.spans[0]).toMatchObject({
      start: { name: 'HTTP POST', kind: 'client' },
      attributes: {
        'http.request.method': 'POST',
        'server.address': 'receiver:8080',
        'http.response.status_code': 200,
      },
      failure: null,
      endedMs: 'now',
    });
  });

  it.each([
    ['a refusal', answer(400), 'status 400'],
    ['a failure', { kind: 'error', code: 'network', message: 'no route', isSent: false } as const, 'no route'],
  ])('tell of %s', async (_, result, failure) => {
    await sendWith(result);
    expect(tracer.spans[0]?.failure).toBe(failure);
  });

  it('hand nothing on of a trace that is not exported', async () => {
    tracer.isSampled = false;
    expect(await sendWith(answer(200))).toEqual({});
  });

  it('are not made while nothing is traced', async () => {
    tracer.isOn = false;
    expect(await sendWith(answer(200))).toEqual({});
    expect(tracer.spans).toEqual([]);
  });
});
