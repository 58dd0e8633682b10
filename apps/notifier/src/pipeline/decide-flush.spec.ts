import { describe, expect, it } from 'vitest';
import { type StoredAlert } from '../alerts/alert-book';
import { afterDelivery } from '../delivery/delivery-intent';
import { DEFAULT_LIMITS } from '../delivery/delivery-limits';
import { decideFlush, type FlushContext, type NotifiedIntegration } from './decide-flush';
import { type MutedBy } from './muting';
import {
  type DeliveryIntent,
  NO_RECORD,
  type NotificationRecord,
  type NotifiedGroup,
  openOf,
} from './notification-record';

const NOW = 1_000_000;
const group: NotifiedGroup = {
  receiver: 'team',
  groupKey: '{}:{}',
  groupLabels: {},
  routeLabels: {},
  repeatIntervalMs: 3_600_000,
  lane: 'lane',
  revision: 7,
};

function stored(fingerprint: string, endsAtMs = NOW + 60_000): StoredAlert {
  return {
    fingerprint,
    labels: { alertname: fingerprint },
    annotations: {},
    startsAtMs: 0,
    endsAtMs,
    updatedAtMs: 0,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 3,
    settledIn: [],
  };
}
const over = (fingerprint: string) => stored(fingerprint, NOW);

function decide(members: StoredAlert[], record: NotificationRecord | null, more: Partial<FlushContext> = {}) {
  return decideFlush({
    nowMs: NOW,
    members,
    muted: new Map(),
    integrations: [integration()],
    records: new Map(record ? [['team/webhook/0', record]] : []),
    group,
    groupIntervalMs: 300_000,
    ...more,
  });
}
const integration = (overrides: Partial<NotifiedIntegration> = {}): NotifiedIntegration => ({
  key: 'team/webhook/0',
  sendResolved: true,
  onMuted: 'ignore',
  limits: DEFAULT_LIMITS,
  ...overrides,
});
const toldFiring = (...firing: string[]): NotificationRecord => ({
  ...NO_RECORD,
  revision: 4,
  sequence: 50,
  told: { sequence: 50, atMs: NOW - 1_000, firing, resolved: [] },
});
const intent = (attempts: number): DeliveryIntent => ({
  sequence: 51,
  reason: 'first notification',
  decidedAtMs: 0,
  deadlineMs: NOW + 1,
  attempts,
  lastError: attempts > 0 ? 'refused' : null,
  alerts: [],
  group,
});

describe('decideFlush', () => {
  it('opens a fresh record at the time of the flush and freezes all members', () => {
    const decision = decide([stored('a'), over('b')], null);
    expect(decision.verdicts).toEqual(['first notification']);
    const [change] = decision.changes;
    expect(change?.record).toMatchObject({ sequence: NOW, told: null, withdrawn: false });
    expect(change?.record.intent).toMatchObject({
      sequence: NOW,
      decidedAtMs: NOW,
      deadlineMs: NOW + 300_000,
      attempts: 0,
    });
    expect(change?.record.intent?.alerts.map(({ fingerprint, endsAtMs }) => [fingerprint, endsAtMs])).toEqual([
      ['a', 0],
      ['b', NOW],
    ]);
    expect(decision.deliveries).toEqual(['team/webhook/0']);
  });

  it('gives a delivery at least ten seconds even when the group interval is shorter', () => {
    const decision = decide([stored('a')], null, { groupIntervalMs: 1_000 });
    expect(decision.changes[0]?.record.intent?.deadlineMs).toBe(NOW + 10_000);
  });

  it('keeps a resolved alert in the group while its end is still to be told', () => {
    const decision = decide([over('a')], toldFiring('a'));
    expect(decision.verdicts).toEqual(['all alerts resolved']);
    expect(decision.settled).toEqual([]);
    expect(decision.empty).toBe(false);
  });

  it('settles a resolved alert nobody was ever told of, without a word', () => {
    const decision = decide([over('a')], null);
    expect(decision).toMatchObject({ verdicts: ['none'], deliveries: [], empty: true });
    expect(decision.settled.map((alert) => alert.fingerprint)).toEqual(['a']);
  });

  it('says that a group is not empty while something fires in it', () => {
    const decision = decide([stored('a'), over('b')], {
      ...toldFiring('a'),
      told: { sequence: 50, atMs: NOW - 1, firing: ['a'], resolved: ['b'] },
    });
    expect(decision.verdicts).toEqual(['none']);
    expect(decision.settled.map((alert) => alert.fingerprint)).toEqual(['b']);
    expect(decision.empty).toBe(false);
  });

  it('records the end as told, without a delivery, where resolved alerts are not wanted', () => {
    const decision = decide([over('a')], toldFiring('a'), {
      integrations: [integration({ sendResolved: false })],
    });
    expect(decision.verdicts).toEqual(['all alerts resolved']);
    expect(decision.changes[0]?.record).toMatchObject({
      intent: null,
      told: { sequence: NOW, firing: [], resolved: ['a'] },
    });
    expect(decision.deliveries).toEqual([]);
    expect(decision.settled).toHaveLength(1);
  });

  it('withdraws an intent that is no longer news, and settles nothing until a deliverer has seen that', () => {
    const pending = { ...NO_RECORD, revision: 2, sequence: 51, intent: intent(0) };
    const first = decide([over('a')], pending);
    expect(first.verdicts).toEqual(['none']);
    expect(first.changes[0]).toMatchObject({
      expectedRevision: 2,
      record: { intent: null, withdrawn: true, deadLetter: null },
    });
    expect(first.deliveries).toEqual(['team/webhook/0']);
    expect(first.settled).toEqual([]);

    const second = decide([over('a')], { ...pending, intent: null, withdrawn: true });
    expect(second.changes).toEqual([]);
    expect(second.settled).toEqual([]);
    const third = decide([over('a')], { ...pending, intent: null, withdrawn: false });
    expect(third.empty).toBe(true);
  });

  it('replaces an unsent intent by the current state, and keeps a failed one as the dead letter', () => {
    const decision = decide([stored('a')], { ...NO_RECORD, revision: 9, sequence: 51, intent: intent(3) });
    expect(decision.changes[0]?.record).toMatchObject({
      sequence: NOW,
      intent: { sequence: NOW, attempts: 0 },
      deadLetter: { sequence: 51, attempts: 3, error: 'refused', atMs: NOW },
    });
  });

  it('decides for each integration by its own record', () => {
    const decision = decide([stored('a')], toldFiring('a'), {
      integrations: [integration(), integration({ key: 'team/webhook/1' })],
    });
    expect(decision.verdicts).toEqual(['none', 'first notification']);
    expect(decision.deliveries).toEqual(['team/webhook/1']);
  });

  it('settles at once in a group whose receiver has no integrations', () => {
    const decision = decide([over('a')], null, { integrations: [] });
    expect(decision.empty).toBe(true);
  });
});

describe('decideFlush with muted alerts', () => {
  const silenced: MutedBy = { kind: 'silence', ids: ['s1'] };
  const muted = (...fingerprints: string[]) => new Map(fingerprints.map((fingerprint) => [fingerprint, silenced]));
  const intentOf = (decision: ReturnType<typeof decide>) => decision.changes[0]?.record.intent;
  const shown = (decision: ReturnType<typeof decide>) =>
    intentOf(decision)?.alerts.map(
      ({ fingerprint, endsAtMs }) => `${fingerprint} ${endsAtMs === 0 ? 'fires' : 'over'}`,
    );

  it('tells nothing, withdraws what is pending and lets go of what has ended when everything is muted', () => {
    const pending = { ...NO_RECORD, revision: 2, sequence: 51, intent: intent(0) };
    const decision = decide([stored('a'), over('b')], pending, { muted: muted('a', 'b') });
    expect(decision.verdicts).toEqual(['muted']);
    expect(decision.changes[0]?.record).toMatchObject({ intent: null, withdrawn: true });
    const later = decide([stored('a'), over('b')], null, { muted: muted('a', 'b') });
    expect(later.deliveries).toEqual([]);
    expect(later.settled.map(({ fingerprint }) => fingerprint)).toEqual(['b']);
  });

  it('writes the record as it is where an alert leaves without a word, so that nobody else tells of it meanwhile', () => {
    const known = { ...toldFiring('a'), revision: 7 };
    expect(decide([stored('a')], known, { muted: muted('a') }).changes).toEqual([]);
    const { changes, deliveries } = decide([over('a')], known, { muted: muted('a') });
    expect(changes).toEqual([{ integration: integration().key, expectedRevision: 7, record: known }]);
    expect(deliveries).toEqual([]);
    expect(decide([over('a')], null).changes).toMatchObject([{ expectedRevision: 0, record: NO_RECORD }]);
  });

  it('tells of the others only, and lets muted ends go with the notification', () => {
    const decision = decide([stored('a'), stored('m'), over('n')], null, { muted: muted('m', 'n') });
    expect(shown(decision)).toEqual(['a fires']);
    expect(intentOf(decision)?.untold).toEqual({ firing: true, ended: [{ fingerprint: 'n', version: 3 }] });
    expect(decision.settled).toEqual([]);
  });

  it('loses the end of an alert that ends while it is muted, as Alertmanager does', () => {
    const decision = decide([over('a')], toldFiring('a'), { muted: muted('a') });
    expect(decision).toMatchObject({ verdicts: ['muted'], deliveries: [], empty: true });
  });

  describe('and on_muted: close', () => {
    const closing = { integrations: [integration({ onMuted: 'close' })] };
    const opened = (...open: string[]): NotificationRecord => ({
      ...toldFiring(...open),
      told: { sequence: 50, atMs: NOW - 1_000, firing: open, resolved: [], open },
    });

    it('closes once everything that was told as firing is muted, and says by what', () => {
      const decision = decide([stored('a')], opened('a'), { ...closing, muted: muted('a') });
      expect(decision.verdicts).toEqual(['muted by silence s1']);
      expect(shown(decision)).toEqual(['a over']);
      expect(intentOf(decision)?.alerts[0]).toMatchObject({ endsAtMs: NOW, muted: true });
      expect(decision.settled).toEqual([]);
    });

    it('stays open while something else is heard to fire', () => {
      const decision = decide([stored('a'), stored('b')], opened('a', 'b'), { ...closing, muted: muted('a') });
      expect(decision.verdicts).toEqual(['none']);
    });

    it('opens again when the mute ends', () => {
      const record = { ...opened(), told: { sequence: 51, atMs: NOW - 1, firing: [], resolved: ['a'], open: [] } };
      expect(decide([stored('a')], record, closing).verdicts).toEqual(['first notification']);
    });

    it('tells the end of an alert that ends while it is muted', () => {
      const decision = decide([stored('b'), over('a')], opened('a', 'b'), { ...closing, muted: muted('a') });
      expect(decision.verdicts).toEqual(['some alerts resolved']);
      expect(shown(decision)).toEqual(['b fires', 'a over']);
    });

    it('remembers what an older message opened', () => {
      const record = { ...opened(), told: { ...opened('b').told!, open: ['a', 'b'] } };
      const decision = decide([over('a'), over('b')], record, { ...closing, muted: muted('a') });
      expect(shown(decision)).toEqual(['a over', 'b over']);
    });

    it('never tells the end of what was not told as firing', () => {
      const decision = decide([stored('a'), over('b')], null, closing);
      expect(shown(decision)).toEqual(['a fires']);
      expect(decide([over('b')], opened(), closing)).toMatchObject({ verdicts: ['none'], empty: true });
    });

    it('says nothing of alerts that were muted before anybody heard of them', () => {
      expect(decide([stored('a')], null, { ...closing, muted: muted('a') })).toMatchObject({
        verdicts: ['muted'],
        changes: [],
      });
    });

    it('keeps no list of what is open where ends are not wanted, because it would only grow', () => {
      const integrations = [integration({ onMuted: 'close', sendResolved: false })];
      let record = toldFiring('stays', 'pod0');
      for (let round = 1; round < 20; round++) {
        const members = [stored('stays'), over(`pod${round - 1}`), stored(`pod${round}`)];
        const next = decide(members, record, { integrations }).changes[0]?.record;
        if (!next?.intent) throw new Error('expected an intent');
        record = afterDelivery(next, next.intent, NOW);
      }
      expect(openOf(record.told)).toEqual(['stays', 'pod19']);
    });

    it('only notes the close where ends are not wanted', () => {
      const decision = decide([stored('a')], opened('a'), {
        integrations: [integration({ onMuted: 'close', sendResolved: false })],
        muted: muted('a'),
      });
      expect(decision.changes[0]?.record).toMatchObject({ intent: null, told: { firing: [], resolved: ['a'] } });
      expect(decision.deliveries).toEqual([]);
    });
  });
});
