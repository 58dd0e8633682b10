import { type Instance, type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { sleep } from '@tocsin/common/time/clock';
import { beforeEach, expect, it } from 'vitest';
import { type RuleGroup } from '../rules/rule-group';
import { aRuleGroup } from '../testing/a-rule-group';
import { A_BUILD } from '../testing/an-evaluator';
import { memoryStore } from '../testing/memory-store';
import { nextSlot, scheduleOf } from './evaluation-slot';
import { GroupSchedulerService } from './group-scheduler.service';
import { preferredInstance } from './preferred-instance';
import { EvaluatorMetrics } from './scheduling.metrics';

const MINUTE = 60_000;

let clock: FakeClock;
let disk: ReturnType<typeof memoryStore>;
let queue: EmbeddedDueQueue;
let live: Instance[];
let evaluated: { by: string; group: string; slotMs: number; atMs: number }[];
let gone: string[];

beforeEach(() => {
  clock = new FakeClock();
  disk = memoryStore();
  queue = openQueue();
  live = [];
  evaluated = [];
  gone = [];
});

function openQueue(): EmbeddedDueQueue {
  return new EmbeddedDueQueue({ queue: 'evaluations', store: disk, clock });
}

/** An instance that evaluates; `takesMs` of a group is how long that takes. */
function anInstance(name: string, takesMs: (group: RuleGroup) => number = () => 0) {
  const self = { name, address: '' };
  live.push(self);
  const instances: InstanceRegistry = { self, live: () => live };
  const registry = new MetricsRegistry();
  const scheduler = new GroupSchedulerService(
    queue,
    instances,
    {
      evaluate: async (group, slotMs, signal) => {
        evaluated.push({ by: name, group: group.name, slotMs, atMs: clock.nowMs() });
        if (takesMs(group) > 0) await sleep(clock, takesMs(group), signal);
        return 'evaluated';
      },
    },
    async (group) => void gone.push(group.name),
    new EvaluatorMetrics(registry, A_BUILD),
    clock,
    nullLog,
  );
  const metric = async (metricName: string) => {
    const { values = [] } = (await registry.getSingleMetric(metricName)?.get()) ?? {};
    return values.map(({ value }) => value);
  };
  return { scheduler, metric, die: () => void (live = live.filter((one) => one !== self)) };
}

const groups = (...names: string[]) => names.map((name) => aRuleGroup({ name }));
const slotsOf = (group: string) => evaluated.filter((one) => one.group === group).map(({ slotMs }) => slotMs);

/** The slots of a group from its next one on. */
function slots(group: RuleGroup, count: number, fromMs = clock.nowMs()): number[] {
  const first = nextSlot(scheduleOf(group), fromMs);
  return Array.from({ length: count }, (_, n) => first + n * group.intervalMs);
}

/** The instance a group prefers, and another one. */
function ownersOf(group: RuleGroup): [string, string] {
  const names = ['one', 'two'];
  const preferred =
    preferredInstance(
      group.id,
      names.map((name) => ({ name, address: '' })),
    ) ?? '';
  return [preferred, names.find((name) => name !== preferred) ?? ''];
}

it('evaluates each group at each of its slots, the first time at its next one', async () => {
  const [a, b] = [aRuleGroup({ name: 'a' }), aRuleGroup({ name: 'b', intervalMs: 15_000 })];
  const expected = { a: slots(a, 3), b: slots(b, 12) };
  await anInstance('one').scheduler.apply([a, b]);
  await clock.advance(3 * MINUTE);
  expect({ a: slotsOf('a'), b: slotsOf('b') }).toEqual(expected);
  expect(evaluated.every(({ slotMs, atMs }) => slotMs === atMs)).toBe(true);
});

it('evaluates each slot once over all instances, and shares the groups out', async () => {
  const all = groups(...Array.from({ length: 30 }, (_, n) => `g${n}`));
  const expected = all.map((group) => slots(group, 5));
  for (const name of ['one', 'two', 'three']) await anInstance(name).scheduler.apply(all);
  await clock.advance(5 * MINUTE);
  expect(all.map(({ name }) => slotsOf(name))).toEqual(expected);
  expect(new Set(evaluated.map(({ by }) => by))).toEqual(new Set(['one', 'two', 'three']));
  for (const { name } of all) {
    expect(new Set(evaluated.filter(({ group }) => group === name).map(({ by }) => by)).size).toBe(1);
  }
});

it('another instance takes over from one that is away, within the grace', async () => {
  const group = aRuleGroup();
  const [preferred, other] = ownersOf(group);
  anInstance(preferred); // counts as alive, but does nothing
  const expected = slots(group, 2);
  await anInstance(other).scheduler.apply([group]);
  await clock.advance(2 * MINUTE + 2_000);
  expect(slotsOf('group')).toEqual(expected);
  expect(evaluated.every(({ slotMs, atMs }) => atMs - slotMs <= 1_500)).toBe(true);
});

it('takes over the slot of an instance that died in the middle of it, when the lease ends', async () => {
  const group = aRuleGroup();
  const [preferred, other] = ownersOf(group);
  const [slotMs = 0] = slots(group, 1);
  live.push({ name: preferred, address: '' });
  await queue.arm([{ lane: 'all', id: group.id, dueMs: slotMs, mode: 'keep' }]);
  await anInstance(other).scheduler.apply([group]);
  await clock.advance(slotMs - clock.nowMs());
  await queue.claimMembers('all', [group.id], LEASE_MS); // the one that dies
  await clock.advance(LEASE_MS + 2_000);
  expect(evaluated).toEqual([{ by: other, group: 'group', slotMs, atMs: slotMs + LEASE_MS + 1_500 }]);
});

it('a short lease of another instance costs no slot', async () => {
  const group = aRuleGroup({ intervalMs: 1_000 });
  const [preferred] = ownersOf(group);
  const expected = slots(group, 5);
  await anInstance(preferred).scheduler.apply([group]);
  await clock.advance((expected[0] ?? 0) - clock.nowMs() - 1);
  const claim = queue.claimMembers.bind(queue);
  queue.claimMembers = async (lane, ids, leaseMs) => {
    queue.claimMembers = claim;
    const [theirs] = await claim(lane, ids, leaseMs);
    if (theirs?.kind !== 'claimed') throw new Error('expected to be first');
    clock.setTimer(100, () => {
      const dueMs = expected[1] ?? 0;
      void queue.complete([{ claim: theirs.claim, unchanged: dueMs, changed: dueMs }]);
    });
    return claim(lane, ids, leaseMs);
  };
  await clock.advance(4_001);
  expect(slotsOf('group')).toEqual(expected.slice(1));
});

it('holds on to a group while its evaluation takes longer than the lease', async () => {
  const group = aRuleGroup();
  const [preferred, other] = ownersOf(group);
  const expected = slots(group, 2);
  for (const name of [preferred, other]) await anInstance(name, () => 5 * LEASE_MS).scheduler.apply([group]);
  await clock.advance(2 * MINUTE);
  expect(evaluated.map(({ by, slotMs }) => [by, slotMs])).toEqual(expected.map((slotMs) => [preferred, slotMs]));
});

it('a slow group delays no other, skips slots and counts them', async () => {
  const [slow, quick] = [
    aRuleGroup({ name: 'slow', intervalMs: 15_000 }),
    aRuleGroup({ name: 'quick', intervalMs: 15_000 }),
  ];
  const expected = slots(quick, 8);
  const [first = 0] = slots(slow, 1);
  const one = anInstance('one', ({ name }) => (name === 'slow' ? 40_000 : 0));
  await one.scheduler.apply([slow, quick]);
  await clock.advance(2 * MINUTE);
  expect(slotsOf('quick')).toEqual(expected);
  // When an evaluation ends, the latest slot that passed is evaluated at once: 40 s and 80 s after the first.
  expect(slotsOf('slow')).toEqual([first, first + 30_000, first + 75_000]);
  expect(await one.metric('prometheus_rule_group_iterations_missed_total')).toEqual([1 + 2, 0]);
  expect(await one.metric('prometheus_rule_group_iterations_total')).toEqual([6, 8]);
});

it('after a restart evaluates what was due meanwhile at once, and goes on in the same rhythm', async () => {
  const group = aRuleGroup({ intervalMs: 10 * MINUTE });
  const expected = slots(group, 3);
  const before = anInstance('one');
  await before.scheduler.apply([group]);
  await clock.advance(10 * MINUTE);
  await before.scheduler.stop();
  clock.set((expected[1] ?? 0) + 3_000);
  queue = openQueue();
  before.die();
  const after = anInstance('two');
  await after.scheduler.apply([group]);
  await clock.advance(9 * MINUTE + 59_000);
  expect(evaluated.map(({ by, slotMs, atMs }) => [by, slotMs, atMs])).toEqual([
    ['one', expected[0], expected[0]],
    ['two', expected[1], (expected[1] ?? 0) + 3_000],
    ['two', expected[2], expected[2]],
  ]);
});

it('stops in the middle of an evaluation without having to wait for it, and leaves it to the others', async () => {
  const group = aRuleGroup();
  const [preferred, other] = ownersOf(group);
  const [slotMs = 0] = slots(group, 1);
  const first = anInstance(preferred, () => 30_000);
  await first.scheduler.apply([group]);
  await anInstance(other).scheduler.apply([group]);
  await clock.advance(slotMs + 1_000 - clock.nowMs());
  await first.scheduler.stop();
  first.die();
  expect(await queue.dueTimes('all', [group.id])).toEqual([slotMs]);
  await clock.advance(LEASE_MS);
  expect(evaluated.map(({ by, slotMs }) => [by, slotMs])).toEqual([
    [preferred, slotMs],
    [other, slotMs],
  ]);
});

it('a reload leaves unchanged groups alone and moves a changed one to its new rhythm', async () => {
  const [same, changed] = [aRuleGroup({ name: 'same' }), aRuleGroup({ name: 'changed', intervalMs: 60 * MINUTE })];
  const { scheduler } = anInstance('one');
  await scheduler.apply([same, changed]);
  const expected = slots(same, 4);
  await clock.advance(90_000);
  for (let n = 0; n < 60; n++) {
    await scheduler.apply([aRuleGroup({ name: 'same' }), changed]);
    await clock.advance(1_000);
  }
  const quicker = aRuleGroup({ name: 'changed', intervalMs: 10_000 });
  const quickerSlots = slots(quicker, 3);
  await scheduler.apply([aRuleGroup({ name: 'same' }), quicker]);
  await clock.advance(30_000);
  expect(slotsOf('same')).toEqual(expected.filter((slotMs) => slotMs <= clock.nowMs()));
  expect(slotsOf('changed').filter((slotMs) => slotMs >= (quickerSlots[0] ?? 0))).toEqual(quickerSlots);
  expect(clock.pendingTimers).toBe(2);
});

it('forgets a removed group when nobody has evaluated it for two intervals', async () => {
  const [kept, removed] = [aRuleGroup({ name: 'kept' }), aRuleGroup({ name: 'removed' })];
  const [one, two] = [anInstance('one'), anInstance('two')];
  for (const { scheduler } of [one, two]) await scheduler.apply([kept, removed]);
  await one.scheduler.apply([kept]);
  await clock.advance(10 * MINUTE);
  expect([gone, slotsOf('removed').length]).toEqual([[], 10]);
  await two.scheduler.apply([kept]);
  await clock.advance(5 * MINUTE);
  expect([...new Set(gone), slotsOf('removed').length]).toEqual(['removed', 10]);
  expect(await queue.dueTimes('all', [removed.id])).toEqual([null]);
  expect(slotsOf('kept')).toHaveLength(15);
});

it('takes back a removed group that returns', async () => {
  const group = aRuleGroup();
  const { scheduler } = anInstance('one');
  await scheduler.apply([group]);
  await clock.advance(MINUTE);
  await scheduler.apply([]);
  await clock.advance(30_000);
  await scheduler.apply([group]);
  await clock.advance(10 * MINUTE);
  expect(gone).toEqual([]);
  expect(slotsOf('group').length).toBeGreaterThanOrEqual(11);
});

it('takes back a group that returns in the moment of its removal', async () => {
  const group = aRuleGroup();
  const { scheduler } = anInstance('one');
  await scheduler.apply([group]);
  await scheduler.apply([]);
  const complete = queue.complete.bind(queue);
  queue.complete = async (completions) => {
    queue.complete = complete;
    const results = await complete(completions);
    await scheduler.apply([group]);
    return results;
  };
  await clock.advance(4 * MINUTE);
  const before = evaluated.length;
  await clock.advance(3 * MINUTE);
  expect([gone, evaluated.length - before]).toEqual([[], 3]);
});

it('goes on when the due queue fails for a while', async () => {
  const group = aRuleGroup({ intervalMs: 10_000 });
  const { scheduler } = anInstance('one');
  await scheduler.apply([group]);
  const { claimMembers } = queue;
  queue.claimMembers = () => Promise.reject(new Error('away'));
  await clock.advance(35_000);
  expect(evaluated).toEqual([]);
  queue.claimMembers = claimMembers;
  const [next = 0] = slots(group, 1);
  await clock.advance(next - clock.nowMs());
  expect(evaluated.map(({ slotMs }) => slotMs)).toEqual([next - 10_000, next]);
});

it('tries a slot again whose evaluation failed', async () => {
  const group = aRuleGroup();
  const [slotMs = 0] = slots(group, 1);
  let failures = 2;
  const { scheduler } = anInstance('one', () => {
    if (failures-- > 0) throw new Error('nobody takes alerts');
    return 0;
  });
  await scheduler.apply([group]);
  await clock.advance(slotMs + 30_000 - clock.nowMs());
  expect(evaluated.map(({ slotMs, atMs }) => [slotMs, atMs])).toEqual([
    [slotMs, slotMs],
    [slotMs, slotMs + LEASE_MS],
    [slotMs, slotMs + 2 * LEASE_MS],
  ]);
});
