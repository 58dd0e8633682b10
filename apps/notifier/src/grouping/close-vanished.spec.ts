import { type Instance } from '@tocsin/common/cluster/instance-registry';
import { labelHash } from '@tocsin/common/labels/label-hash';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type StoredAlert } from '../alerts/alert-book';
import { type RecordWrite, type RecordWriteResult } from '../pipeline/notification-log';
import { NO_RECORD, type NotificationRecord } from '../pipeline/notification-record';
import { IntegrationRegistry } from '../receivers/integration-registry';
import { buildRouteTree } from '../routing/route-tree';
import { aNotifierConfig, anIntegration, aRoute } from '../testing/a-config';
import { type TimelineEvent } from '../timeline/timeline-event';
import { CloseVanishedService } from './close-vanished.service';
import { GroupIndex } from './groups';

const HASH = 7;

function stored(fingerprint: string): StoredAlert {
  return {
    fingerprint,
    labels: { alertname: fingerprint },
    annotations: {},
    startsAtMs: 0,
    endsAtMs: 1e15,
    updatedAtMs: 0,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 3,
    settledIn: [],
  };
}

const toldOf = (...firing: string[]): NotificationRecord => ({
  ...NO_RECORD,
  revision: 4,
  sequence: 50,
  told: { sequence: 50, atMs: 1, firing, resolved: [] },
});

describe('CloseVanishedService', () => {
  let clock: FakeClock;
  let instances: Instance[] | null;
  let records: Map<string, NotificationRecord>;
  let writes: RecordWrite[];
  let lanes: string[];
  let events: TimelineEvent[];
  let expired: string[];
  let result: RecordWriteResult;
  const warn = vi.fn();

  beforeEach(() => {
    clock = new FakeClock();
    instances = [{ name: 'me', address: 'me:1', details: { config: '8' } }];
    records = new Map([['default/webhook/0', toldOf('a')]]);
    writes = [];
    lanes = [];
    events = [];
    expired = [];
    result = 'written';
    warn.mockClear();
  });

  function run(integrations = [anIntegration()], areClosed = true) {
    const alerts = new Map([['a', stored('a')]]);
    const old = new GroupIndex(buildRouteTree(aRoute({ groupBy: ['alertname'] })), alerts.values());
    const routes = buildRouteTree(aRoute({ groupBy: ['other'] }));
    const service = new CloseVanishedService(
      {
        config: aNotifierConfig({ routes }),
        groups: new GroupIndex(routes, alerts.values()),
        integrations: new IntegrationRegistry(integrations),
      },
      { alerts } as never,
      {
        load: async (ids: readonly string[]) => ({ position: 0, records: new Map(ids.map((id) => [id, records])) }),
        write: async (written: readonly RecordWrite[]) => {
          writes.push(...written);
          return written.map(() => result);
        },
        expire: async (groups: readonly { groupId: string }[]) => {
          expired.push(...groups.map(({ groupId }) => groupId));
        },
      } as never,
      { removeLane: async (lane: string) => void lanes.push(lane) } as never,
      { removeLane: async (lane: string) => void lanes.push(lane) } as never,
      () => instances,
      clock,
      { ...nullLog, warn } as Log,
      { record: (event) => void events.push(event) },
    );
    const groups = [...old.groups()];
    service.add({ configHash: HASH, lane: 'old', groups, areClosed, integrations: ['gone/webhook/0'] });
    return service;
  }

  const told = () => writes.flatMap(({ changes }) => changes.map(({ record }) => record));

  it('tells the old receiver that the group is over, and clears its timers away', async () => {
    run();
    await clock.advance(0);
    expect(told()).toMatchObject([
      { intent: { reason: 'route removed', alerts: [{ fingerprint: 'a', muted: true }] }, withdrawn: false },
    ]);
    expect(told()[0]?.intent?.alerts[0]?.endsAtMs).toBeGreaterThan(0);
    expect(writes[0]?.arms).toMatchObject([{ lane: 'default/webhook/0', mode: 'earlier' }]);
    expect(lanes).toEqual(['old', 'gone/webhook/0']);
  });

  it('closes what an Alertmanager told that was here before, which names alerts otherwise', async () => {
    const { told: heard, ...record } = toldOf(labelHash({ alertname: 'a' }));
    records = new Map([['default/webhook/0', { ...record, told: heard && { ...heard, hashing: 'xxhash' } }]]);
    run();
    await clock.advance(0);
    expect(told()).toMatchObject([{ intent: { reason: 'route removed', alerts: [{ fingerprint: 'a' }] } }]);
  });

  it('waits while another instance runs the replaced configuration or may do so', async () => {
    const me = { name: 'me', address: 'me:1', details: { config: '8' } };
    instances = null;
    run();
    await clock.advance(5_000);
    instances = [me, { name: 'other', address: 'other:1', details: { config: String(HASH) } }];
    await clock.advance(5_000);
    instances = [me, { name: 'older', address: 'older:1' }];
    await clock.advance(5_000);
    expect([writes, lanes]).toEqual([[], []]);
    instances = [me];
    await clock.advance(1_000);
    expect(writes).toHaveLength(1);
  });

  it('only notes the end where ends are not wanted', async () => {
    run([anIntegration({ sendResolved: false })]);
    await clock.advance(0);
    expect(told()).toMatchObject([{ intent: null, told: { firing: [], resolved: ['a'] } }]);
  });

  it('says nothing of groups that nobody was told of, and withdraws what was still to be told', async () => {
    records.set('default/webhook/0', NO_RECORD);
    run();
    await clock.advance(0);
    expect(writes).toEqual([]);
  });

  it('closes what an attempt told that was under way, once it has ended', async () => {
    const withdrawn = { ...NO_RECORD, revision: 2, sequence: 9, withdrawn: true };
    records.set('default/webhook/0', withdrawn);
    run();
    await clock.advance(3_000);
    expect(writes).toEqual([]);
    records.set('default/webhook/0', { ...toldOf('a'), withdrawn: false });
    await clock.advance(1_000);
    expect(told()).toMatchObject([{ intent: { reason: 'route removed' } }]);
    await clock.advance(5_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tries again where a write was refused, and leaves alone what is being closed', async () => {
    result = 'conflict';
    run();
    await clock.advance(0);
    result = 'written';
    await clock.advance(1_000);
    expect(writes).toHaveLength(2);
    records.set('default/webhook/0', { ...toldOf('a'), ...told()[1] });
    run();
    await clock.advance(0);
    expect(writes).toHaveLength(2);
  });

  it('clears away without a word where groups stay open, as in Alertmanager', async () => {
    run([anIntegration()], false);
    await clock.advance(0);
    expect(writes).toEqual([]);
    expect(expired).toHaveLength(1);
    expect(lanes).toEqual(['old', 'gone/webhook/0']);
  });

  it('has nothing to look after when a reload left nothing behind', async () => {
    const service = run();
    await clock.advance(0);
    instances = [{ name: 'me', address: 'me:1', details: { config: String(HASH) } }];
    service.add({ configHash: HASH, lane: null, groups: [], areClosed: true, integrations: [] });
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lists groups whose receiver is gone, too: one line with some, and each in the timeline', async () => {
    const gone = [0, 1, 2, 3, 4].map((index) => `gone/webhook/${index}`);
    records = new Map(gone.map((integration) => [integration, toldOf('a')]));
    run();
    await clock.advance(0);
    expect(writes).toEqual([]);
    const examples = gone.slice(0, 3).map((integration) => `{}:{alertname="a"} (${integration})`);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('told as firing'), { count: 5, examples }]]);
    expect(events).toMatchObject(gone.map((integration) => ({ integration, kind: 'config' })));
  });
});
