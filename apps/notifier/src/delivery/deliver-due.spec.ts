import { LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { afterEach, describe, expect, it } from 'vitest';
import { type DeliveryIntent, NO_RECORD } from '../pipeline/notification-record';
import { type Integration } from '../receivers/integration';
import { IntegrationRegistry } from '../receivers/integration-registry';
import { type RouteSpec } from '../routing/route-tree';
import { deliveryDueMs } from './delivery-intent';
import { type DeliveryLimits } from './delivery-limits';
import { type DeliveryOutcome } from './delivery-outcome';
import { BUSY, DELIVERED, DeliveryFixture } from './testing/delivery-fixture';

const KEY = 'team/webhook/0';

let fixture: DeliveryFixture;

function begin(limits: Partial<DeliveryLimits> = {}, route: Partial<RouteSpec> = {}, own: Partial<Integration> = {}) {
  fixture = new DeliveryFixture(limits, route, own);
  fixture.start();
  return fixture;
}
afterEach(() => fixture.stop());

/** Answers as if the network took so long; `signal` ends it like a real client. */
function after(ms: number, outcome: DeliveryOutcome, signal: AbortSignal): Promise<DeliveryOutcome> {
  return new Promise((resolve) => {
    const timer = fixture.clock.setTimer(ms, () => resolve(outcome));
    signal.addEventListener('abort', () => {
      timer.cancel();
      resolve({ kind: 'retryable', reason: 'contextDeadlineExceeded', message: 'timed out' });
    });
  });
}

/** A first notification of a group, as a flush writes it down. */
async function decide(groupId: string): Promise<void> {
  const nowMs = fixture.clock.nowMs();
  const [{ notification } = {}] = fixture.asked;
  if (notification === undefined) throw new Error('expected an example');
  const intent: DeliveryIntent = {
    sequence: nowMs,
    reason: 'first notification',
    decidedAtMs: nowMs,
    deadlineMs: nowMs + 60_000,
    attempts: 0,
    lastError: null,
    alerts: notification.alerts,
    group: {
      receiver: 'team',
      groupKey: groupId,
      groupLabels: {},
      routeLabels: {},
      repeatIntervalMs: 60_000,
      lane: '',
      revision: 0,
    },
  };
  const record = { ...NO_RECORD, sequence: nowMs, intent };
  const arms = [{ lane: KEY, id: groupId, dueMs: deliveryDueMs(record, nowMs), mode: 'earlier' as const }];
  await fixture.log.write([
    { groupId, fence: null, changes: [{ integration: KEY, expectedRevision: 0, record }], arms },
  ]);
}

/** Another integration of the receiver, which accepts everything; returns what it hears. */
function addSibling(): string[] {
  const heard: string[] = [];
  const [first] = fixture.active.integrations.all();
  if (first === undefined) throw new Error('expected an integration');
  const notify: Integration['notify'] = async ({ alerts, groupLabels }) => {
    heard.push(`${alerts.map(({ labels }) => labels['alertname']).join()} ${JSON.stringify(groupLabels)}`);
    return DELIVERED;
  };
  fixture.active.integrations = new IntegrationRegistry([first, { ...first, index: 1, key: 'team/webhook/1', notify }]);
  return heard;
}

const times = (): number[] => fixture.asked.map(({ atMs }) => atMs);
const metric = async (name: string): Promise<number> =>
  Number(
    (await fixture.registry.metrics())
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1),
  );

describe('one attempt', () => {
  it('field-notes: a receiver that takes 20 s is told once though its group is flushed every 5 s', async () => {
    begin({}, { groupIntervalMs: 5_000 });
    fixture.answer = (_, signal) => after(20_000, DELIVERED, signal);
    await fixture.fire('a');
    await fixture.clock.advance(120_000);
    expect(fixture.gists()).toEqual(['firing a']);
    expect(await fixture.log.deadLetterCount()).toBe(0);
  });

  it.each([
    ['', false],
    [', and died as soon as it was on record', true],
  ])('is closed though its process stood still until nobody knew of it%s', async (_, dies) => {
    const fixture = new DeliveryFixture({}, { groupIntervalMs: 5_000 });
    const pass = async (ms: number) => {
      fixture.clock.set(fixture.clock.nowMs() + ms);
      await fixture.work();
    };
    await fixture.fire('A');
    fixture.clock.set(fixture.clock.nowMs() + 1_000);
    const [flush] = (await fixture.groups.claim([{ lane: fixture.active.config.routes.lane, max: 1 }], LEASE_MS))
      .claims;
    await fixture.flush(flush!);
    const [claim] = (await fixture.deliveries.claim(fixture.deliverer.lanes(), LEASE_MS)).claims;
    let isHeld = true;
    fixture.answer = async () => {
      fixture.answer = async () => ({ kind: 'delivered' });
      isHeld = false;
      await fixture.resolve('A');
      await pass(5_000);
      await pass(5_000);
      return { kind: 'delivered' };
    };
    const write = fixture.log.write.bind(fixture.log);
    if (dies) {
      fixture.log.write = async (writes) => {
        const results = await write(writes);
        const isTold = writes.some(({ changes }) => changes.some(({ record }) => record.told !== null));
        if (isTold && results.includes('written')) throw new Error('killed');
        return results;
      };
    }
    const delivered = fixture.deliverer.deliver([{ ...claim!, isHeld: () => isHeld }]);
    await (dies ? expect(delivered).rejects.toThrow('killed') : delivered);
    fixture.log.write = write;
    await pass(5_000);
    expect(fixture.gists()).toEqual(['firing A', 'resolved A']);
  });

  it('ends when its time is up, and is repeated', async () => {
    begin({ attemptTimeoutMs: 2_000 });
    fixture.answer = (_, signal) => after(1e9, DELIVERED, signal);
    await fixture.fire('a');
    await fixture.clock.advance(6_500);
    expect(times()).toEqual([1_000, 3_500, 6_250]);
  });

  it('is cancelled when the process is to end, and repeated', async () => {
    const fixture = new DeliveryFixture();
    fixture.answer = (_, signal) =>
      new Promise((answer) =>
        signal.addEventListener('abort', () =>
          answer({ kind: 'retryable', reason: 'contextCanceled', message: 'cancelled' }),
        ),
      );
    await fixture.fire('A');
    fixture.clock.set(fixture.clock.nowMs() + 1_000);
    const working = fixture.work();
    await expect.poll(() => fixture.asked.length).toBe(1);
    fixture.answer = async () => DELIVERED;
    fixture.deliverer.cancelAttempts();
    await working;
    fixture.clock.set(fixture.clock.nowMs() + 1_000);
    await fixture.work();
    expect(fixture.gists()).toEqual(['firing A', 'firing A']);
  });

  it('waits as long as a 429 asks', async () => {
    begin();
    const answers: DeliveryOutcome[] = [
      { kind: 'retryable', reason: 'rateLimited', message: 'unexpected status code 429', retryAfterMs: 42_000 },
      DELIVERED,
    ];
    fixture.answer = async () => answers.shift() ?? DELIVERED;
    await fixture.fire('a');
    await fixture.clock.advance(60_000);
    expect(times()).toEqual([1_000, 43_000]);
  });

  it('is not made before the time the receiver asked for, whatever flush or group comes in between', async () => {
    begin({}, { groupIntervalMs: 10_000 });
    const answers: DeliveryOutcome[] = [{ ...BUSY, retryAfterMs: 42_000 }];
    fixture.answer = async () => answers.shift() ?? DELIVERED;
    await fixture.fire('a');
    await fixture.clock.advance(5_000);
    await fixture.fire('b');
    await fixture.clock.advance(60_000);
    expect(times()).toEqual([1_000, 43_000, 43_000]);
  });

  it('has the plain message from the third time on that it did not come to an end', async () => {
    begin();
    fixture.answer = async () => {
      if (fixture.asked.length <= 4) throw new Error('broken template');
      return DELIVERED;
    };
    await fixture.fire('a');
    await fixture.clock.advance(30_000);
    expect(fixture.asked.map(({ notification }) => notification.plain ?? false)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('limits', () => {
  it('let no more attempts be under way than they say', async () => {
    begin({ maxInFlight: 2 });
    fixture.answer = (_, signal) => after(1_000, DELIVERED, signal);
    await fixture.fire('a', 'b', 'c', 'd', 'e');
    await fixture.clock.advance(10_000);
    expect(times()).toEqual([1_000, 1_000, 2_000, 2_000, 3_000]);
  });

  it('let attempts begin at the rate they say, and wake for the next one', async () => {
    begin({ rate: { perSecond: 4, burst: 2 } });
    await fixture.fire('a', 'b', 'c', 'd', 'e');
    await fixture.clock.advance(10_000);
    expect(times()).toEqual([1_000, 1_000, 1_250, 1_500, 1_750]);
    expect(await metric('tocsin_delivery_rate_limited_total{integration="webhook"}')).toBeGreaterThan(0);
  });

  it('field-notes, throttle hides the first event: a first page goes before everything that is tried again', async () => {
    begin({ rate: { perSecond: 1, burst: 1 }, circuit: null, retryForMs: 3_600_000 }, { groupIntervalMs: 3_600_000 });
    fixture.answer = async ({ groupKey }) => (groupKey === 'critical' ? DELIVERED : BUSY);
    await fixture.fire(...Array.from({ length: 60 }, (_, index) => `noise-${index}`));
    await fixture.clock.advance(300_000);
    await decide('critical');
    await fixture.clock.advance(1_000);
    expect(fixture.asked.at(-1)?.notification.groupKey).toBe('critical');
  });

  it('take no account of what needs no attempt', async () => {
    begin({ rate: { perSecond: 0.01, burst: 1 } }, { groupIntervalMs: 10_000 });
    await fixture.fire('told', 'late');
    await fixture.clock.advance(2_000);
    expect(fixture.asked).toHaveLength(1);
    const [first] = fixture.gists();
    const other = first === 'firing told' ? 'late' : 'told';
    await fixture.resolve(other);
    await fixture.clock.advance(200_000);
    // Never told, so not to be mentioned; and gone.
    expect(fixture.gists()).toEqual([first]);
    expect([...fixture.active.groups.groups()]).toHaveLength(1);
  });
});

describe('the circuit breaker', () => {
  const circuit = { failures: 3, pauseMs: 15_000 };

  it('claims nothing while it is open, tries one when the pause is over, and goes on at once when that is accepted', async () => {
    begin({ circuit });
    fixture.answer = async () => BUSY;
    await fixture.fire('a', 'b', 'c', 'd');
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toHaveLength(4);
    expect(fixture.deliverer.openCircuits().map(({ key }) => key)).toEqual([KEY]);
    await fixture.clock.advance(14_999);
    expect(fixture.asked).toHaveLength(4);
    await fixture.clock.advance(1);
    expect(fixture.asked).toHaveLength(5);
    await fixture.clock.advance(14_999);
    expect(fixture.asked).toHaveLength(5);

    fixture.answer = async () => DELIVERED;
    await fixture.clock.advance(1);
    expect(new Set(fixture.gists().slice(5))).toEqual(new Set(['firing a', 'firing b', 'firing c', 'firing d']));
    expect(fixture.deliverer.openCircuits()).toEqual([]);
    expect(fixture.events.filter(({ kind }) => kind === 'system').map(({ message }) => message)).toEqual([
      `${KEY} keeps failing: attempts pause`,
      `${KEY} works again`,
    ]);
  });

  it('waits for a probe that hangs', async () => {
    begin({ circuit, attemptTimeoutMs: 20_000 });
    fixture.answer = async () => BUSY;
    await fixture.fire('a', 'b', 'c');
    await fixture.clock.advance(1_000);
    fixture.answer = (_, signal) => after(1e9, DELIVERED, signal);
    await fixture.clock.advance(15_000 + 19_999);
    expect(fixture.asked).toHaveLength(4);
    fixture.answer = async () => DELIVERED;
    await fixture.clock.advance(1 + 15_000);
    expect(fixture.asked).toHaveLength(7);
  });

  it('does not keep what can no longer be told in time from becoming the dead letter', async () => {
    begin({ circuit: { failures: 3, pauseMs: 3_600_000 } }, { groupIntervalMs: 60_000 });
    fixture.answer = async () => BUSY;
    await fixture.fire('a', 'b', 'c');
    await fixture.clock.advance(2_000);
    await fixture.fire('never tried');
    await fixture.clock.advance(130_000);
    expect(fixture.gists()).not.toContain('firing never tried');
    const { entries } = await fixture.deadLetters.list(10, '');
    const [untried] = entries.filter(({ deadLetter }) => deadLetter.groupLabels['alertname'] === 'never tried');
    expect(untried).toMatchObject({
      deadLetter: { attempts: 0, receiver: 'team', error: 'no attempt had ended by its deadline' },
    });
    expect(entries).toHaveLength(4);
  });

  it('does not hold up another integration', async () => {
    begin({ circuit });
    const heard = addSibling();
    fixture.answer = async () => BUSY;
    await fixture.fire('a', 'b', 'c', 'd', 'e');
    await fixture.clock.advance(1_000);
    expect(heard).toHaveLength(5);
    await fixture.fire('f');
    await fixture.clock.advance(1_000);
    expect(heard).toHaveLength(6);
  });
});

it('keeps the records of a group that has ended no longer than they were to be kept', async () => {
  begin();
  const groupId = () => [...fixture.active.groups.groups()][0]?.id ?? '';
  fixture.answer = async () => {
    await fixture.log.expire([{ groupId: groupId(), expiresAtMs: fixture.clock.nowMs() + 60_000 }]);
    return DELIVERED;
  };
  await fixture.fire('a');
  await fixture.clock.advance(30_000);
  expect((await fixture.log.load([groupId()])).records.get(groupId())?.get(KEY)?.told).not.toBeNull();
  await fixture.clock.advance(40_000);
  expect((await fixture.log.load([groupId()])).records.get(groupId())?.size).toBe(0);
});

it('field-notes, cross-talk: what a receiver does to its message nobody else sees', async () => {
  begin();
  const heard = addSibling();
  fixture.answer = async ({ alerts, groupLabels }) => {
    for (const alert of alerts) Object.assign(alert.labels, { alertname: 'spoilt' });
    Object.assign(groupLabels, { alertname: 'spoilt' });
    (alerts as unknown[]).length = 0;
    return BUSY;
  };
  await fixture.fire('a');
  await fixture.clock.advance(3_000);
  expect(new Set(fixture.gists())).toEqual(new Set(['firing a']));
  expect(heard).toEqual(['a {"alertname":"a"}']);
  expect([...fixture.book.alerts.values()].map(({ labels }) => labels)).toEqual([{ alertname: 'a' }]);
});

describe('a broken receiver', () => {
  it('is logged when it breaks, when the reason changes and when it works again, not once a group', async () => {
    begin({ circuit: null }, { groupIntervalMs: 60_000 });
    fixture.answer = async () => BUSY;
    await fixture.fire(...Array.from({ length: 20 }, (_, index) => `alert-${index}`));
    await fixture.clock.advance(50_000);
    expect(fixture.lines('warn', 'error', 'info')).toEqual(['Notify attempt failed, will retry later']);
    fixture.answer = async () => ({ kind: 'retryable', reason: 'other', message: 'connect ECONNREFUSED' });
    await fixture.clock.advance(100_000);
    fixture.answer = async () => DELIVERED;
    await fixture.clock.advance(100_000);
    const lines = fixture.lines('warn', 'error', 'info');
    expect(lines.filter((line) => line === 'Notify attempt failed, will retry later')).toHaveLength(2);
    expect(lines.filter((line) => line === 'Notify success')).toHaveLength(1);
    expect(lines.length).toBeLessThanOrEqual(5);
  });

  it('leaves a line in the timeline for every notification: what failed, what was given up, what was accepted', async () => {
    begin();
    const answers: DeliveryOutcome[] = [BUSY, BUSY, { ...BUSY, message: 'another' }, DELIVERED];
    fixture.answer = async () => answers.shift() ?? DELIVERED;
    await fixture.fire('a');
    await fixture.clock.advance(10_000);
    const own = fixture.events.filter(({ kind }) => kind === 'attempt' || kind === 'delivered');
    expect(own.map(({ kind, message }) => [kind, message])).toEqual([
      ['attempt', `${KEY} failed: unexpected status code 503`],
      ['attempt', `${KEY} failed: another`],
      ['delivered', `${KEY} accepted the notification (first notification)`],
    ]);
    expect(own[2]).toMatchObject({
      receiver: 'team',
      integration: KEY,
      groupKey: '{}:{alertname="a"}',
      detail: { attempts: 4, reason: 'first notification' },
    });
  });
});

it('field-notes, retry storm: a receiver that is down for a week with churn costs no more memory and no more attempts', async () => {
  fixture = new DeliveryFixture({}, { groupIntervalMs: 300_000, repeatIntervalMs: 3_600_000 });
  const { clock, store, groups, deliveries, active, log } = fixture;
  fixture.answer = async () => BUSY;
  const tables = ['due-log-groups', 'due-log-deliveries', 'notification-log', 'notification-expiry'];
  const rows = () => tables.reduce((sum, name) => sum + [...store.textTable(name).entries()].length, 0);
  const sizes: number[][] = [];
  const HOUR_MS = 3_600_000;
  for (let hour = 0; hour < 7 * 24; hour++) {
    for (let step = 0; step < 60; step++) {
      if (step % 10 === 0) await fixture.fire(`churn-${hour}-${step}`);
      // Every alert lives for half an hour.
      const begun = hour * 60 + step - 30;
      if (begun >= 0 && begun % 10 === 0) await fixture.resolve(`churn-${Math.floor(begun / 60)}-${begun % 60}`);
      clock.set(fixture.startMs + hour * HOUR_MS + step * 60_000);
      await fixture.work();
    }
    const { lane } = active.config.routes;
    sizes.push([
      rows(),
      [...active.groups.groups()].length,
      (await groups.size([lane])) + (await deliveries.size([KEY])),
      await log.deadLetterCount(),
    ]);
  }
  const most = (from: number, to: number) =>
    [0, 1, 2, 3].map((at) => Math.max(...sizes.slice(from, to).map((s) => s[at] ?? 0)));
  const [early, late] = [most(24, 48), most(144, 168)];
  late.forEach((size, at) =>
    expect(size, JSON.stringify({ early, late })).toBeLessThanOrEqual((early[at] ?? 0) * 1.1 + 2),
  );
  // One probe a pause of 15 s at most, here one a step of a minute.
  expect(fixture.asked.length).toBeLessThan(7 * 24 * 60 * 1.2);
});
