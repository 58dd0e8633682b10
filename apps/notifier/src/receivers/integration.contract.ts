import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type Integration, type Notification } from './integration';

/** An integration that speaks HTTP, as the contract tests it. */
export interface HttpIntegrationUnderTest {
  readonly kind: string;
  /** One that sends to this address and uses the secret wherever its kind has one; it has no time-out of its own. */
  create(address: string, secret: string): Integration;
  /** How the receiver says that all is well. */
  readonly success: Answer;
  readonly retried: readonly number[];
  readonly rejected: readonly number[];
}

/** What every integration that speaks HTTP owes its caller. */
export function httpIntegrationContract(subject: HttpIntegrationUnderTest): void {
  const secret = 'canary-0123456789';
  let ends: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const end of ends) await end();
    ends = [];
  });

  async function toldOf(answer: Answer, signal = new AbortController().signal): Promise<DeliveryOutcome> {
    const peer = await HttpPeer.start(answer);
    const integration = subject.create(peer.origin(), secret);
    ends.push(
      () => peer.stop(),
      () => integration.close(),
    );
    const outcome = await integration.notify(aNotification(), signal);
    expect(JSON.stringify(outcome)).not.toContain(secret);
    return outcome;
  }

  describe(`the ${subject.kind} integration`, () => {
    it('knows who it is', () => {
      const integration = subject.create('http://127.0.0.1:1', secret);
      const { kind, key, receiver, index } = integration;
      expect(kind).toBe(subject.kind);
      expect(key).toBe(`${receiver}/${kind}/${index}`);
    });

    it('delivers', async () => {
      expect(await toldOf(subject.success)).toEqual({ kind: 'delivered' });
    });

    it.each(subject.retried)('tries status %i again', async (status) => {
      const outcome = await toldOf((_, response) => response.writeHead(status).end('why'));
      expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('why') });
    });

    it.each(subject.rejected)('gives up on status %i', async (status) => {
      const outcome = await toldOf((_, response) => response.writeHead(status).end('why'));
      expect(outcome).toMatchObject({ kind: 'rejected', message: expect.stringContaining('why') });
    });

    it('waits as long as it is asked to', async () => {
      const [status = 500] = subject.retried;
      const outcome = await toldOf((_, response) => response.writeHead(status, { 'retry-after': '7' }).end());
      expect(outcome).toMatchObject({ kind: 'retryable', retryAfterMs: 7_000 });
    });

    it.each<[string, Answer]>([
      ['hangs', () => {}],
      ['hangs after the headers', (_, response) => response.writeHead(200).write('x')],
    ])('ends when the time is up on a receiver that %s', async (_, answer) => {
      const outcome = await toldOf(answer, AbortSignal.timeout(50));
      expect(outcome).toMatchObject({ kind: 'retryable', reason: 'contextDeadlineExceeded' });
    });

    it('ends when it is cancelled', async () => {
      const cancelled = new AbortController();
      const outcome = await toldOf(() => cancelled.abort(), cancelled.signal);
      expect(outcome).toMatchObject({ kind: 'retryable', reason: 'contextCanceled' });
    });

    it.each<[string, Answer]>([
      ['breaks the connection', (_, response) => response.destroy()],
      ['does not speak HTTP', (_, __, incoming) => incoming.socket.end('nonsense\r\n\r\n')],
    ])('tries again when the receiver %s', async (_, answer) => {
      expect(await toldOf(answer)).toMatchObject({ kind: 'retryable', reason: 'other' });
    });

    it('shows no secret that the receiver sends back', async () => {
      const [status = 500] = subject.rejected;
      const outcome = await toldOf((request, response) => {
        response.writeHead(status).end(`${request.target} ${JSON.stringify(request.headers)} ${request.body}`);
      });
      expect(outcome).toMatchObject({ kind: 'rejected' });
    });

    it('shows no secret when nobody listens', async () => {
      const integration = subject.create('http://127.0.0.1:1', secret);
      ends.push(() => integration.close());
      const outcome = await integration.notify(aNotification(), new AbortController().signal);
      expect(outcome).toMatchObject({ kind: 'retryable', reason: 'other' });
      expect(JSON.stringify(outcome)).not.toContain(secret);
    });
  });
}

/** One firing alert, told for the first time. */
export function aNotification(overrides: Partial<Notification> = {}): Notification {
  return {
    reason: 'first notification',
    sequence: 1,
    groupKey: '{}:{alertname="DiskFull"}',
    groupLabels: { alertname: 'DiskFull' },
    routeLabels: {},
    alerts: [
      {
        fingerprint: '5ae90ff6f82ebe6b',
        labels: { alertname: 'DiskFull', instance: 'a' },
        annotations: { summary: 'Disk is full' },
        startsAtMs: Date.UTC(2026, 0, 1),
        endsAtMs: 0,
        startsAtOffsetMin: 0,
        endsAtOffsetMin: 0,
        generatorURL: 'http://prometheus/graph',
        version: 1,
      },
    ],
    ...overrides,
  };
}
