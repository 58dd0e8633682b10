import { labelHash } from '@tocsin/common/labels/label-hash';
import { describe, expect, it } from 'vitest';
import {
  type DeliveryIntent,
  type FrozenAlert,
  NO_RECORD,
  type NotificationRecord,
} from '../pipeline/notification-record';
import {
  afterDelivery,
  afterFailure,
  backoffMs,
  deliveryDueMs,
  deliveryStep,
  settledByDelivery,
} from './delivery-intent';

const NOW = 500_000;
const frozen = (fingerprint: string, endsAtMs = 0): FrozenAlert => ({
  fingerprint,
  labels: {},
  annotations: {},
  startsAtMs: 1,
  startsAtOffsetMin: 0,
  endsAtMs,
  endsAtOffsetMin: 0,
  generatorURL: '',
  version: 5,
});
const intentOf = (sequence: number, ...alerts: FrozenAlert[]): DeliveryIntent => ({
  sequence,
  reason: 'first notification',
  decidedAtMs: NOW - 10,
  deadlineMs: NOW + 10_000,
  attempts: 0,
  lastError: null,
  alerts,
  group: {
    receiver: 'r',
    groupKey: 'k',
    groupLabels: {},
    routeLabels: {},
    repeatIntervalMs: 1_000_000,
    lane: 'l',
    revision: 1,
  },
});
const pending = (intent: DeliveryIntent, told: NotificationRecord['told'] = null): NotificationRecord => ({
  ...NO_RECORD,
  sequence: intent.sequence,
  intent,
  told,
});
const failure = { kind: 'retryable', reason: 'serverError', message: 'unexpected status code 503' } as const;

describe('deliveryStep', () => {
  it('sends everything, or only what fires where resolved alerts are not wanted', () => {
    const record = pending(intentOf(2, frozen('a'), frozen('b', 9)));
    expect(deliveryStep(record, true, NOW)).toMatchObject({
      kind: 'send',
      alerts: [{ fingerprint: 'a' }, { fingerprint: 'b' }],
    });
    expect(deliveryStep(record, false, NOW)).toMatchObject({ kind: 'send', alerts: [{ fingerprint: 'a' }] });
  });

  it('drops an intent that an accepted older attempt has made old news', () => {
    const told = { sequence: 1, atMs: NOW, firing: ['a'], resolved: [] };
    expect(deliveryStep(pending(intentOf(2, frozen('a')), told), true, NOW)).toMatchObject({
      kind: 'superseded',
      next: { intent: null, told },
    });
  });

  it('tells no end twice with on_muted: close, where an older attempt told it meanwhile', () => {
    const told = { sequence: 1, atMs: NOW, firing: [], resolved: ['b'], open: [] };
    const intent = { ...intentOf(2, frozen('a'), frozen('b', 9)), onMuted: 'close' as const };
    const step = deliveryStep(pending(intent, told), true, NOW);
    expect(step).toMatchObject({ kind: 'send', intent: { alerts: intent.alerts } });
    expect(step.kind === 'send' && step.alerts.map(({ fingerprint }) => fingerprint)).toEqual(['a']);
  });

  it('sends nothing where only ends are left to tell and nobody wants them, but notes them as told', () => {
    const told = { sequence: 1, atMs: NOW, firing: ['a'], resolved: [] };
    expect(deliveryStep(pending(intentOf(2, frozen('a', 9)), told), false, NOW)).toMatchObject({
      kind: 'superseded',
      next: { intent: null, told: { sequence: 2, firing: [], resolved: ['a'] } },
    });
  });

  it('sends what is left to tell under the reason that is true now', () => {
    const told = { sequence: 1, atMs: NOW, firing: ['a'], resolved: [] };
    const step = deliveryStep(pending(intentOf(2, frozen('a'), frozen('b')), told), true, NOW);
    expect(step).toMatchObject({ kind: 'send', intent: { reason: 'new alerts added' } });
  });

  it('gives an intent up at its deadline', () => {
    const record = pending({ ...intentOf(2, frozen('a')), attempts: 4, lastError: 'refused' });
    const step = deliveryStep(record, true, NOW + 10_000);
    expect(step).toMatchObject({
      kind: 'expired',
      next: { intent: null, deadLetter: { sequence: 2, attempts: 4, error: 'refused' } },
    });
  });

  it('takes note of a withdrawn intent', () => {
    expect(deliveryStep({ ...NO_RECORD, withdrawn: true }, true, NOW)).toMatchObject({
      kind: 'withdrawn',
      next: { withdrawn: false },
    });
    expect(deliveryStep(NO_RECORD, true, NOW)).toEqual({ kind: 'nothing' });
  });
});

describe('afterDelivery', () => {
  it('records what was told and clears the intent', () => {
    const intent = intentOf(2, frozen('a'), frozen('b', 9));
    const next = afterDelivery(pending(intent), intent, NOW);
    expect(next).toMatchObject({ intent: null, told: { sequence: 2, atMs: NOW, firing: ['a'], resolved: ['b'] } });
  });

  it('leaves a newer intent standing', () => {
    const newer = intentOf(3, frozen('a', 9));
    expect(afterDelivery(pending(newer), intentOf(2, frozen('a')), NOW)).toMatchObject({
      intent: { sequence: 3 },
      told: { sequence: 2 },
    });
  });

  it('never lets a late older attempt overwrite what was told after it', () => {
    const told = { sequence: 3, atMs: NOW, firing: [], resolved: ['a'] };
    expect(afterDelivery({ ...NO_RECORD, told }, intentOf(2, frozen('a')), NOW + 5).told).toEqual(told);
  });
});

describe('a dead letter', () => {
  const given = (sequence: number): NotificationRecord['deadLetter'] => ({
    sequence,
    reason: 'first notification',
    atMs: NOW - 5,
    attempts: 3,
    error: 'refused',
    receiver: 'r',
    groupKey: 'k',
    groupLabels: {},
  });

  it('goes with the next notification that is accepted', () => {
    const intent = intentOf(2, frozen('a'));
    expect(afterDelivery({ ...pending(intent), deadLetter: given(1) }, intent, NOW).deadLetter).toBeNull();
  });

  it('of what was never tried keeps the error of the one before', () => {
    const record = { ...pending(intentOf(2, frozen('a'))), deadLetter: given(1) };
    expect(deliveryStep(record, true, NOW + 10_000)).toMatchObject({
      kind: 'expired',
      next: { deadLetter: { sequence: 2, attempts: 0, error: 'refused' } },
    });
  });

  it('stays when what is accepted is older', () => {
    const record = { ...NO_RECORD, sequence: 3, deadLetter: given(3) };
    expect(afterDelivery(record, intentOf(2, frozen('a')), NOW).deadLetter).toEqual(given(3));
  });

  it('stays when nothing is sent because only ends are left and nobody wants them', () => {
    const told = { sequence: 1, atMs: NOW, firing: ['a'], resolved: [] };
    const record = { ...pending(intentOf(2, frozen('a', 9)), told), deadLetter: given(1) };
    expect(deliveryStep(record, false, NOW)).toMatchObject({ kind: 'superseded', next: { deadLetter: given(1) } });
  });
});

describe('deliveryDueMs', () => {
  it.each<[string, Partial<NotificationRecord>, (dueMs: number) => boolean]>([
    ['now for news of a group', { intent: { ...intentOf(2), reason: 'new alerts added' } }, (dueMs) => dueMs === NOW],
    ['long before for a first notification', { intent: intentOf(2) }, (dueMs) => dueMs < NOW - 86_400_000],
    [
      'now for one that was given up before',
      { intent: intentOf(2), deadLetter: { ...intentOf(1), ...intentOf(1).group, atMs: 0, error: '' } },
      (dueMs) => dueMs === NOW,
    ],
    [
      'before them all for a withdrawn one',
      { withdrawn: true },
      (dueMs) => dueMs < deliveryDueMs({ ...NO_RECORD, intent: intentOf(2) }, NOW),
    ],
  ])('is %s', (_, record, isRight) => expect(isRight(deliveryDueMs({ ...NO_RECORD, ...record }, NOW))).toBe(true));
});

describe('afterFailure', () => {
  it('keeps the intent and backs off', () => {
    const intent = intentOf(2, frozen('a'));
    const { next, retryAtMs } = afterFailure(pending(intent), intent, failure, NOW, 0.5);
    expect(next.intent).toMatchObject({ attempts: 1, lastError: 'unexpected status code 503' });
    expect(retryAtMs).toBe(NOW + 500);
  });

  it('waits as long as the receiver asks, but not past the deadline', () => {
    const intent = intentOf(2, frozen('a'));
    const asked = (retryAfterMs: number) =>
      afterFailure(pending(intent), intent, { ...failure, retryAfterMs }, NOW, 0.5).retryAtMs;
    expect(asked(3_000)).toBe(NOW + 3_000);
    expect(asked(60_000)).toBe(NOW + 10_000);
  });

  it('turns a rejected intent into the dead letter at once', () => {
    const intent = intentOf(2, frozen('a'));
    const outcome = { kind: 'rejected', reason: 'clientError', message: 'unexpected status code 400' } as const;
    const { next, retryAtMs } = afterFailure(pending(intent), intent, outcome, NOW, 0);
    expect(next).toMatchObject({
      intent: null,
      told: null,
      deadLetter: { attempts: 1, error: 'unexpected status code 400' },
    });
    expect(retryAtMs).toBeNull();
  });

  it('does nothing to an intent that was replaced meanwhile', () => {
    const record = pending(intentOf(3, frozen('a')));
    expect(afterFailure(record, intentOf(2, frozen('a')), failure, NOW, 0).next).toBe(record);
  });
});

it.each([
  [1, 0, 250],
  [1, 0.5, 500],
  [2, 0.5, 750],
  [30, 0.5, 60_000],
])('backs off after attempt %i with jitter %d for %i ms', (attempts, jitter, ms) =>
  expect(backoffMs(attempts, jitter)).toBe(ms),
);

it('settles the resolved alerts of a notification, and knows whether the group is empty then', () => {
  expect(settledByDelivery(intentOf(1, frozen('a', 9)))).toMatchObject({
    alerts: [{ fingerprint: 'a', version: 5 }],
    groupIsEmpty: true,
  });
  expect(settledByDelivery(intentOf(1, frozen('a', 9), frozen('b')))).toMatchObject({
    alerts: [{ fingerprint: 'a' }],
    groupIsEmpty: false,
  });
});

describe('afterDelivery with on_muted: close', () => {
  const told = { sequence: 1, atMs: NOW, firing: ['a'], resolved: [], open: ['a', 'z'] };

  it('remembers what is open over all messages', () => {
    const intent = { ...intentOf(2, frozen('b'), frozen('z', 9)), onMuted: 'close' as const };
    expect(afterDelivery({ ...NO_RECORD, told }, intent, NOW).told).toMatchObject({ firing: ['b'], open: ['a', 'b'] });
  });

  it('takes ends of alerts that an imported record names by their label hash', () => {
    const named = (name: string, endsAtMs = 0) => ({ ...frozen(name, endsAtMs), labels: { alertname: name } });
    const hashes = ['a', 'z'].map((name) => labelHash(named(name).labels));
    const imported = { ...told, firing: hashes, open: hashes, hashing: 'xxhash' as const };
    const intent = { ...intentOf(2, named('b'), named('z', 9)), onMuted: 'close' as const };
    expect(afterDelivery({ ...NO_RECORD, told: imported }, intent, NOW).told).toMatchObject({
      open: [hashes[0], 'b'],
      hashing: 'xxhash',
    });
  });

  it('settles no alert that is closed because it is muted, and lets muted ends go', () => {
    const closed = { ...frozen('a', 9), muted: true as const };
    expect(settledByDelivery(intentOf(2, closed))).toEqual({ alerts: [], groupIsEmpty: false });
    const untold = { firing: false, ended: [{ fingerprint: 'n', version: 1 }] };
    expect(settledByDelivery({ ...intentOf(2, frozen('b', 9)), untold })).toMatchObject({
      alerts: [{ fingerprint: 'b' }, { fingerprint: 'n' }],
      groupIsEmpty: true,
    });
    expect(settledByDelivery({ ...intentOf(2, frozen('b', 9)), untold: { ...untold, firing: true } })).toMatchObject({
      groupIsEmpty: false,
    });
  });
});

describe('an attempt without an answer', () => {
  const silent = {
    kind: 'retryable',
    reason: 'contextDeadlineExceeded',
    message: 'timed out',
    mayBeHeard: true,
  } as const;
  const refused = { kind: 'retryable', reason: 'serverError', message: 'unexpected status code 503: ' } as const;
  const closing = (...alerts: FrozenAlert[]) => ({ ...intentOf(2, ...alerts), onMuted: 'close' as const });
  const toldOf = (...firing: string[]) => ({ sequence: 1, atMs: 1, firing, resolved: [], open: firing });
  const after = (intent: DeliveryIntent, outcome: typeof silent | typeof refused, told: NotificationRecord['told']) =>
    afterFailure({ ...pending(intent, told) }, intent, outcome, NOW, 0.5).next.told;

  it('may have opened alerts: their end will be told', () => {
    expect(after(closing(frozen('a')), silent, null)).toMatchObject({ sequence: 0, firing: [], open: ['a'] });
    expect(after(closing(frozen('b')), silent, toldOf('a'))).toMatchObject({ firing: ['a'], open: ['a', 'b'] });
  });

  it('may have closed alerts: they are told anew if they fire', () => {
    expect(after(closing(frozen('a', 9)), silent, toldOf('a'))).toMatchObject({ firing: [], open: ['a'] });
  });

  it('leaves its trace also when another decision has replaced it', () => {
    const intent = closing(frozen('a'));
    const { next } = afterFailure({ ...NO_RECORD, withdrawn: true }, intent, silent, NOW, 0.5);
    expect(next).toMatchObject({ withdrawn: true, told: { open: ['a'] } });
  });

  it.each([
    ['was refused', closing(frozen('a')), refused],
    ['is of an integration that does as Alertmanager', intentOf(2, frozen('a')), silent],
  ] as const)('changes nothing of what was told when it %s', (_, intent, outcome) => {
    expect(after(intent, outcome, null)).toBeNull();
  });
});
