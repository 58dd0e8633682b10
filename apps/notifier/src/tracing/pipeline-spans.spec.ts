import { type Alert } from '@tocsin/common/alert/alert';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AlertBook } from '../alerts/alert-book';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type Delivery } from '../delivery/delivery-report.service';
import { type FlushedGroup } from '../grouping/flush-report.service';
import { type Notification } from '../receivers/integration';
import { anIntegration } from '../testing/a-config';
import { attemptSpans, TracedFlushReport } from './pipeline-spans.service';
import { aRef, FakeTracer } from './testing/fake-tracer';
import { TraceCauses } from './trace-causes';
import { tracedBook, TracedIngest } from './traced-ingest.service';

const integration = anIntegration();
let tracer: FakeTracer;
let causes: TraceCauses;

beforeEach(() => {
  tracer = new FakeTracer();
  causes = new TraceCauses();
});

describe('taking alerts in', () => {
  const alerts = [{}, {}] as Alert[];

  it('is one span for all of them', async () => {
    const ingest = vi.fn(async () => {});
    await new TracedIngest(tracer, { ingest }).ingest(alerts, 5);
    expect(ingest).toHaveBeenCalledWith(alerts, 5);
    expect(tracer.spans).toMatchObject([
      { start: { name: 'provider.mem.Put', kind: 'producer' }, attributes: { 'alerting.alerts.count': 2 } },
    ]);
  });

  it('is no span while nothing is traced', async () => {
    tracer.isOn = false;
    const ingest = vi.fn(async () => {});
    await new TracedIngest(tracer, { ingest }).ingest(alerts, 5);
    expect([ingest.mock.calls.length, tracer.spans.length]).toEqual([1, 0]);
  });

  it.each([
    ['remembers what gave groups their work', aRef(1), [aRef(1)]],
    ['but not what is not exported', aRef(1, false), []],
    ['and nothing where there is nothing', null, []],
  ])('%s', async (_, underWay, expected) => {
    tracer.underWay = underWay;
    const commit = vi.fn(async () => ['conflict']);
    const book = tracedBook(tracer, causes, { alerts: new Map() as unknown as AlertBook['alerts'], commit });
    const batch = { writes: [], arms: [{ lane: 'l', id: 'g', dueMs: 1, mode: 'keep' as const }] };
    expect(await book.commit(batch)).toEqual(['conflict']);
    expect(commit).toHaveBeenCalledWith(batch);
    expect(causes.takePosts('g')).toEqual(expected);
  });
});

describe('a flush', () => {
  const clock = new FakeClock();
  const nowMs = clock.nowMs() - 20;
  const told = vi.fn();
  const flush = {
    group: { id: 'g', key: '{}:{a="b"}', route: { receiver: 'default' } },
    integrations: [integration],
    muted: new Map([
      ['f1', { kind: 'silence', ids: ['s'] }],
      ['f2', { kind: 'silence', ids: ['s'] }],
    ]),
    decision: { verdicts: ['first notification'], deliveries: [integration.key] },
    nowMs,
  } as unknown as FlushedGroup;

  const trace = (what: FlushedGroup): void =>
    new TracedFlushReport(tracer, causes, clock, () => 3, { started: () => {}, flushed: told }).flushed(what);

  it('is a trace, linked to what led to it, with what every stage made of the group', () => {
    causes.armed(['g'], aRef(90));
    trace(flush);
    expect(told).toHaveBeenCalledWith(flush);
    expect(tracer.spans).toMatchObject([
      {
        start: { name: 'dispatch.AggregationGroup.flush', parent: null, links: [aRef(90)], startMs: nowMs },
        attributes: {
          'alerting.aggregation_group.key': '{}:{a="b"}',
          'alerting.alerts.count': 3,
          'alerting.route.receiver.name': 'default',
          'tocsin.muted.silence': 2,
          'tocsin.verdicts': ['default/webhook/0: first notification'],
        },
        endedMs: nowMs + 20,
      },
    ]);
    expect(causes.flushOf('g')).toEqual(aRef(1));
  });

  it('is not remembered when it has nothing delivered', () => {
    trace({ ...flush, decision: { ...flush.decision, deliveries: [] } });
    expect(causes.flushOf('g')).toBeNull();
  });

  it('gathers nothing of what is not exported, and remembers that', () => {
    tracer.isSampled = false;
    trace(flush);
    expect(tracer.spans[0]?.attributes).toEqual({});
    expect(causes.flushOf('g')?.isSampled).toBe(false);
  });

  it('is only told while nothing is traced', () => {
    told.mockClear();
    tracer.isOn = false;
    trace(flush);
    expect([told.mock.calls.length, tracer.spans.length]).toEqual([1, 0]);
  });
});

describe('an attempt', () => {
  const delivery = { integration, groupId: 'g', intent: { attempts: 2 } } as unknown as Delivery;
  const notification = { groupKey: 'key', reason: 'repeat interval elapsed', alerts: [{}] } as unknown as Notification;
  const attempt = (outcome: DeliveryOutcome) =>
    attemptSpans(tracer, causes)(delivery, notification, () => Promise.resolve(outcome));

  it('is a part of the flush that decided it', async () => {
    causes.flushed('g', aRef(9));
    expect(await attempt({ kind: 'delivered' })).toEqual({ kind: 'delivered' });
    expect(tracer.spans).toMatchObject([
      {
        start: { name: 'notify.Integration.Notify', kind: 'client', parent: aRef(9) },
        attributes: {
          'alerting.notify.integration.name': 'webhook',
          'alerting.route.receiver.name': 'default',
          'alerting.aggregation_group.key': 'key',
          'alerting.alerts.count': 1,
          'tocsin.integration': 'default/webhook/0',
          'tocsin.reason': 'repeat interval elapsed',
          'tocsin.attempt': 3,
          'tocsin.outcome': 'delivered',
        },
        failure: null,
      },
    ]);
  });

  it.each([
    ['retryable', true],
    ['rejected', false],
  ] as const)(
    'that failed says so (%s), and begins a trace where the flush was elsewhere',
    async (kind, recoverable) => {
      await attempt({ kind, reason: 'serverError', message: 'status 500' });
      expect(tracer.spans).toMatchObject([
        {
          start: { parent: null },
          attributes: { 'tocsin.outcome': kind, 'alerting.notify.error.recoverable': recoverable },
          failure: 'status 500',
        },
      ]);
    },
  );

  it('is no span while nothing is traced', async () => {
    tracer.isOn = false;
    expect(await attempt({ kind: 'delivered' })).toEqual({ kind: 'delivered' });
    expect(tracer.spans).toEqual([]);
  });
});
