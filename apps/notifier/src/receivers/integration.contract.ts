import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type FrozenAlert } from '../pipeline/notification-record';
import { type Templates } from '../templates/templates';
import { BROKEN, fakeTemplates } from '../templates/testing/fake-templates';
import { type Integration, type Notification } from './integration';

/** An integration that speaks HTTP, as the contract tests it. */
export interface HttpIntegrationUnderTest {
  readonly kind: string;
  /** One that sends to this address and uses the secret wherever its kind has one; it has no time-out of its own. With
   *  `broken`, a template of its message that is not its address fails: `{{ broken }}`. */
  create(address: string, secret: string, templates: Templates, broken?: 'broken'): Integration;
  /** Default yes. */
  readonly hasTemplates?: boolean;
  /** How the receiver says that all is well. */
  readonly success: Answer;
  /** What the outcome of a success holds besides. */
  readonly kept?: object;
  readonly retried: readonly number[];
  readonly rejected: readonly number[];
  /** Answers with status 2xx that mean no, and what becomes of them; none where only the status counts. */
  readonly refusals?: readonly (readonly [what: string, answer: Answer, outcome: 'retryable' | 'rejected'])[];
  /** Whether a retried status says how long to wait; default yes. */
  readonly readsRetryAfter?: boolean;
  /** What a network error becomes; default `retryable`. */
  readonly networkError?: 'retryable' | 'rejected';
  /** Says what is wrong with the size of the requests that tell of 10 000 alerts; nothing: all is well. */
  tooLarge?(requests: readonly ReceivedRequest[]): string | undefined;
}

/** What `{{ huge }}` gives: longer than every limit, and no text may be cut within one of its characters. */
const HUGE = '😀ä"\\<&>\u2028'.repeat(20_000);
const templates = fakeTemplates({ huge: HUGE });

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
    const integration = subject.create(peer.origin(), secret, templates);
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
      const integration = subject.create('http://127.0.0.1:1', secret, templates);
      const { kind, key, receiver, index } = integration;
      expect(kind).toBe(subject.kind);
      expect(key).toBe(`${receiver}/${kind}/${index}`);
    });

    it('delivers', async () => {
      expect(await toldOf(subject.success)).toEqual({ kind: 'delivered', ...subject.kept });
    });

    it('says what was not accepted', async () => {
      for (const [what, answer, kind] of subject.refusals ?? []) {
        expect(await toldOf(answer), what).toMatchObject({ kind, message: expect.stringMatching(/./) });
      }
    });

    it('sends each request of a notification with a key of its own, the same in each attempt', async () => {
      const peer = await HttpPeer.start(subject.success);
      const integration = subject.create(peer.origin(), secret, templates);
      ends.push(
        () => peer.stop(),
        () => integration.close(),
      );
      const { signal } = new AbortController();
      const keys: unknown[][] = [];
      for (const sequence of [1, 1, 2]) {
        const before = peer.requests.length;
        await integration.notify(aNotification({ sequence }), signal);
        keys.push(peer.requests.slice(before).map(({ headers }) => headers['idempotency-key']));
      }
      const [first, again, next] = keys;
      expect(new Set(first).size).toBe(first?.length);
      expect(first).toEqual(expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}$/)]));
      expect(again).toEqual(first?.slice(-(again?.length ?? 0)));
      expect(next).not.toEqual(first);
    });

    if (subject.hasTemplates !== false) {
      it('sends a plain message when a template fails', async () => {
        const peer = await HttpPeer.start(subject.success);
        const integration = subject.create(peer.origin(), secret, templates, 'broken');
        ends.push(
          () => peer.stop(),
          () => integration.close(),
        );
        const outcome = await integration.notify(aNotification(), new AbortController().signal);
        expect(outcome).toMatchObject({ kind: 'delivered', degraded: BROKEN });
        const told = peer.requests
          .map(({ target, body }) => decodeURIComponent(target.replaceAll('+', ' ')) + body)
          .join();
        expect(told).toContain('DiskFull');
        expect(told).toContain('it is broken');
      });
    }

    it('tells of ten thousand alerts within the limits of the receiver', async () => {
      const peer = await HttpPeer.start(subject.success);
      const integration = subject.create(peer.origin(), secret, templates);
      ends.push(
        () => peer.stop(),
        () => integration.close(),
      );
      const alerts = manyAlerts();
      const outcome = await integration.notify(aNotification({ alerts }), new AbortController().signal);
      expect(outcome).toMatchObject({ kind: 'delivered' });
      expect(subject.tooLarge?.(peer.requests)).toBeUndefined();
      for (const { body, headers } of peer.requests) {
        expect(body.isWellFormed() && !body.includes('\ufffd')).toBe(true);
        if (headers['content-type'] === 'application/json') JSON.parse(body);
      }
    });

    it.each(subject.retried)('tries status %i again', async (status) => {
      const outcome = await toldOf((_, response) => response.writeHead(status).end('why'));
      expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('why') });
    });

    it.each(subject.rejected)('gives up on status %i', async (status) => {
      const outcome = await toldOf((_, response) => response.writeHead(status).end('why'));
      expect(outcome).toMatchObject({ kind: 'rejected', message: expect.stringContaining('why') });
    });

    if (subject.readsRetryAfter !== false) {
      it('waits as long as it is asked to', async () => {
        const [status = 500] = subject.retried;
        const outcome = await toldOf((_, response) => response.writeHead(status, { 'retry-after': '7' }).end());
        expect(outcome).toMatchObject({ kind: 'retryable', retryAfterMs: 7_000 });
      });
    }

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
      expect(await toldOf(answer)).toMatchObject({ kind: subject.networkError ?? 'retryable', reason: 'other' });
    });

    it('shows no secret that the receiver sends back', async () => {
      const [status = 500] = subject.rejected;
      const outcome = await toldOf((request, response) => {
        response.writeHead(status).end(`${request.target} ${JSON.stringify(request.headers)} ${request.body}`);
      });
      expect(outcome).toMatchObject({ kind: subject.rejected.length > 0 ? 'rejected' : 'retryable' });
    });

    it('shows no secret when nobody listens', async () => {
      const integration = subject.create('http://127.0.0.1:1', secret, templates);
      ends.push(() => integration.close());
      const outcome = await integration.notify(aNotification(), new AbortController().signal);
      expect(outcome).toMatchObject({ kind: subject.networkError ?? 'retryable', reason: 'other' });
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
    receiverData: {},
    before: null,
    alerts: [anAlert()],
    ...overrides,
  };
}

/** One that fires. */
export function anAlert(overrides: Partial<FrozenAlert> = {}): FrozenAlert {
  return {
    fingerprint: '5ae90ff6f82ebe6b',
    labels: { alertname: 'DiskFull', instance: 'a' },
    annotations: { summary: 'Disk is full' },
    startsAtMs: Date.UTC(2026, 0, 1),
    endsAtMs: 0,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    generatorURL: 'http://prometheus/graph',
    version: 1,
    ...overrides,
  };
}

/** Ten thousand alerts whose texts take up to four bytes a character. */
export function manyAlerts(): FrozenAlert[] {
  return Array.from({ length: 10_000 }, (_, at) =>
    anAlert({
      fingerprint: at.toString(16).padStart(16, '0'),
      labels: { alertname: 'DiskFull', instance: `host-${at} 😀` },
      annotations: { summary: 'Die Platte läuft über "\u2028<&>\\ 💾' },
    }),
  );
}
