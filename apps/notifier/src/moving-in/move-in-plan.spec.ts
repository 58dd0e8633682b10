import { parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import { describe, expect, it } from 'vitest';
import { groupId } from '../grouping/group-id';
import { buildRouteTree } from '../routing/route-tree';
import { aRoute } from '../testing/a-config';
import { planRecords } from './move-in-plan';
import { type SavedNotification } from './nflog-snapshot';

const nowMs = Date.UTC(2026, 0, 1);
const parsed = parseMatchers('severity="critical"', 'utf8');
const twin = aRoute({ matchers: parsed.ok ? parsed.matchers : [], receiver: 'pager', groupBy: ['job'] });
const tree = buildRouteTree(aRoute({ children: [twin, twin] }));

const saved: SavedNotification = {
  groupKey: '{}:{}',
  receiver: 'default',
  integration: 'default/webhook/0',
  atMs: nowMs - 1_000,
  firing: ['0000000000000001'],
  resolved: ['0000000000000002'],
  receiverData: {},
  expiresAtMs: nowMs + 5_000,
};

describe('planRecords', () => {
  it('makes a record of what was told, in hashes of Alertmanager', () => {
    const { groups, expired, unmapped } = planRecords([saved], tree, () => true, nowMs);
    const record = {
      revision: 0,
      sequence: nowMs,
      told: {
        sequence: nowMs,
        atMs: nowMs - 1_000,
        firing: ['0000000000000001'],
        resolved: ['0000000000000002'],
        hashing: 'xxhash',
      },
      intent: null,
      withdrawn: false,
      deadLetter: null,
    };
    expect(groups).toEqual([
      {
        groupId: groupId(tree.root, {}),
        changes: [{ integration: 'default/webhook/0', expectedRevision: 0, record }],
        expiresAtMs: nowMs + 5_000,
      },
    ]);
    expect([expired, unmapped]).toEqual([0, []]);
  });

  it('keeps what the integration kept', () => {
    const [group] = planRecords([{ ...saved, receiverData: { threadTs: '1' } }], tree, () => true, nowMs).groups;
    expect(group?.changes[0]?.record.told).toMatchObject({ receiverData: { threadTs: '1' } });
  });

  it('writes the records of a group together, for each of two twins, and keeps them as long as the longest', () => {
    const entry = { ...saved, groupKey: '{}/{severity="critical"}:{job="a"}', receiver: 'pager' };
    const { groups } = planRecords(
      [
        { ...entry, integration: 'pager/webhook/0' },
        { ...entry, integration: 'pager/webhook/1', expiresAtMs: nowMs + 9_000 },
      ],
      tree,
      () => true,
      nowMs,
    );
    expect(groups.map(({ groupId: id }) => id)).toEqual(
      tree.root.children.map((route) => groupId(route, { job: 'a' })),
    );
    for (const { changes, expiresAtMs } of groups) {
      expect(changes.map(({ integration }) => integration)).toEqual(['pager/webhook/0', 'pager/webhook/1']);
      expect(expiresAtMs).toBe(nowMs + 9_000);
    }
  });

  it('names what belongs to no group or integration, and counts what is over', () => {
    const gone = { ...saved, groupKey: '{}/{severity="low"}:{}' };
    const removed = { ...saved, integration: 'default/slack/0' };
    const over = { ...saved, expiresAtMs: nowMs };
    const plan = planRecords([gone, removed, over], tree, (key) => key === 'default/webhook/0', nowMs);
    expect(plan).toEqual({
      groups: [],
      expired: 1,
      unmapped: [
        { groupKey: '{}/{severity="low"}:{}', integration: 'default/webhook/0' },
        { groupKey: '{}:{}', integration: 'default/slack/0' },
      ],
    });
  });
});
