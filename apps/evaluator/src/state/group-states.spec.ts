import { type LogFields, nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, expect, it } from 'vitest';
import { aRuleGroup } from '../testing/a-rule-group';
import { memoryStore } from '../testing/memory-store';
import { labelsKey } from './alert-labels';
import { NO_ALERTS, type RuleState } from './alert-state';
import { EmbeddedRuleStateStore } from './embedded-rule-state.store';
import { type GroupState, GroupStatesService } from './group-states.service';

const group = aRuleGroup({ rules: [{ alert: 'A' }, { alert: 'B' }] });
const [a = '', b = ''] = group.rules.map(({ id }) => id);

function alerts(host: string, activeAtMs = 0): RuleState {
  const labels = { host };
  return new Map([
    [
      labelsKey(labels),
      { labels, annotations: {}, annotationSource: null, value: 1, state: { phase: 'pending', activeAtMs } },
    ],
  ]);
}

function state(slotMs: number, ofA: RuleState, ofB: RuleState): GroupState {
  const summary = { intervalMs: 60_000, evaluatedAtMs: slotMs, durationMs: 1, rules: {}, orphans: {} };
  return {
    slotMs,
    summary,
    rules: new Map([
      [a, ofA],
      [b, ofB],
    ]),
  };
}

let disk: ReturnType<typeof memoryStore>;
const openStore = () => new EmbeddedRuleStateStore(disk, new FakeClock(0));
const rulesOf = async (states: GroupStatesService) => [...((await states.load(group.id))?.rules.keys() ?? [])].sort();

beforeEach(() => {
  disk = memoryStore();
});

it('knows nothing of a group that was never evaluated', async () => {
  expect(await new GroupStatesService(openStore()).load(group.id)).toBeNull();
});

it('hands out the very state it saved, and reads it again after a restart', async () => {
  const states = new GroupStatesService(openStore());
  const saved = state(0, alerts('x'), alerts('y'));
  expect(await states.save(group, saved, new Set([a, b]), [])).toBe('saved');
  expect(await states.load(group.id)).toBe(saved);
  expect(await new GroupStatesService(openStore()).load(group.id)).toEqual({
    ...saved,
    summary: { v: 1, ...saved.summary },
  });
});

it('writes only the rules that changed, and stores none without alerts', async () => {
  const states = new GroupStatesService(openStore());
  await states.save(group, state(0, alerts('x'), alerts('y')), new Set([a]), []);
  expect(await rulesOf(new GroupStatesService(openStore()))).toEqual([a]);
  await states.save(group, state(60_000, NO_ALERTS, alerts('y')), new Set([a]), []);
  expect(await rulesOf(new GroupStatesService(openStore()))).toEqual([]);
});

it('takes over what another instance evaluated meanwhile, and refuses its own late result', async () => {
  const store = openStore();
  const [mine, theirs] = [new GroupStatesService(store), new GroupStatesService(store)];
  await mine.save(group, state(0, alerts('x'), NO_ALERTS), new Set([a]), []);
  await theirs.load(group.id);
  await theirs.save(group, state(60_000, alerts('x', 7), NO_ALERTS), new Set([a]), []);
  expect(await mine.save(group, state(60_000, alerts('late'), NO_ALERTS), new Set([a]), [])).toBe('late');
  expect((await mine.load(group.id))?.rules.get(a)).toEqual(alerts('x', 7));
});

it('goes on with what it could not save, and saves all of it with the next slot', async () => {
  const states = new GroupStatesService(openStore());
  await states.save(group, state(0, alerts('x'), alerts('y')), new Set([a, b]), []);
  const lossy = openStore();
  const later = new GroupStatesService({
    load: (...args) => lossy.load(...args),
    remove: (...args) => lossy.remove(...args),
    save: (...args) => (args[1].slotMs === 60_000 ? Promise.reject(new Error('away')) : lossy.save(...args)),
  });
  await later.load(group.id);
  const unsaved = state(60_000, alerts('x', 5), alerts('y', 5));
  await expect(later.save(group, unsaved, new Set([a, b]), [])).rejects.toThrow('away');
  expect(await later.load(group.id)).toBe(unsaved);
  await later.save(group, { ...unsaved, slotMs: 120_000 }, new Set(), []);
  expect((await new GroupStatesService(openStore()).load(group.id))?.rules).toEqual(unsaved.rules);
});

it('restores everything to a store that lost its data', async () => {
  const states = new GroupStatesService(openStore());
  await states.save(group, state(0, alerts('x'), alerts('y')), new Set([a, b]), []);
  disk = memoryStore();
  const emptied = new GroupStatesService({
    load: async () => ({ kind: 'missing' }),
    save: (...args) => openStore().save(...args),
    remove: async () => {},
  });
  await emptied.save(group, state(0, alerts('x'), alerts('y')), new Set([a, b]), []);
  disk = memoryStore();
  const known = await emptied.load(group.id);
  await emptied.save(
    group,
    { ...state(60_000, alerts('x'), alerts('y')), rules: known?.rules ?? new Map() },
    new Set(),
    [],
  );
  expect(await rulesOf(new GroupStatesService(openStore()))).toEqual([a, b].sort());
});

it('shows what it knows while the store does not answer', async () => {
  const store = openStore();
  let isAway = false;
  const states = new GroupStatesService({
    load: (...args) => (isAway ? Promise.reject(new Error('away')) : store.load(...args)),
    save: (...args) => store.save(...args),
    remove: (...args) => store.remove(...args),
  });
  const saved = state(0, alerts('x'), NO_ALERTS);
  await states.save(group, saved, new Set([a]), []);
  isAway = true;
  expect(await states.view(group.id)).toBe(saved);
  await expect(states.load(group.id)).rejects.toThrow('away');
});

it('forgets a removed group in memory and in the store', async () => {
  const states = new GroupStatesService(openStore());
  await states.save(group, state(0, alerts('x'), NO_ALERTS), new Set([a]), []);
  await states.remove(group.id);
  expect(await states.load(group.id)).toBeNull();
  expect(await new GroupStatesService(openStore()).load(group.id)).toBeNull();
});

it('begins anew with a rule, or a group, that cannot be read, and says so', async () => {
  await new GroupStatesService(openStore()).save(group, state(0, alerts('x'), alerts('y')), new Set([a, b]), []);
  const lines: unknown[] = [];
  const log = { ...nullLog, error: (_: string, fields?: LogFields) => void lines.push({ ...fields, err: '' }) };
  disk.textTable('rule-state').put(`${group.id}/${a}`, '{"v":1,"al');
  expect(await rulesOf(new GroupStatesService(openStore(), log))).toEqual([b]);
  disk.textTable('rule-state').put(group.id, '0 garbage');
  expect(await new GroupStatesService(openStore(), log).load(group.id)).toBeNull();
  const ofRule = { groupId: group.id, ruleId: a, err: '' };
  expect(lines).toEqual([ofRule, ofRule, { groupId: group.id, err: '' }]);
});
