import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LogFields, nullLog } from '@tocsin/common/log/log';
import { type QueryResult } from '../datasource/datasource';
import { FakeDatasource, vector } from '../datasource/fake-datasource';
import { type RuleGroup } from '../rules/rule-group';
import { FakeAlertSender } from '../sending/fake-alert-sender';
import { aRuleGroup, type GroupText } from '../testing/a-rule-group';
import { anEvaluator } from '../testing/an-evaluator';
import { memoryStore } from '../testing/memory-store';

const MINUTE = 60_000;
const never = new AbortController().signal;

/** Whether the one series is there at each slot, a minute apart: `#` yes, `.` no, `!` the query fails, `?` partial. */
function trace(text: string): (expr: string, atMs: number) => QueryResult {
  return (_, atMs) => {
    switch (text[atMs / MINUTE]) {
      case '#':
        return vector({ host: 'a' });
      case '!':
        return { kind: 'failed', reason: 'datasource is away' };
      case '?':
        return { kind: 'vector', samples: [], isComplete: false, warnings: ['a shard is away'] };
      default:
        return vector();
    }
  };
}

/** Evaluates every minute of a trace; answers what was told. */
async function told(text: string, group: GroupText, resendDelayMs = 60 * MINUTE): Promise<string[]> {
  const evaluator = anEvaluator({ resendDelayMs });
  evaluator.datasource.answer = trace(text);
  for (let slot = 0; slot < text.length; slot++)
    await evaluator.service.evaluate(aRuleGroup(group), slot * MINUTE, never);
  return evaluator.sender.told;
}

it.each<[string, string, GroupText, string[]]>([
  ['fires at once and is resolved', '##..', {}, ['0s A firing', '120s A resolved']],
  ['fires when `for` has passed', '####.', { rules: [{ forMs: 2 * MINUTE }] }, ['120s A firing', '240s A resolved']],
  ['says nothing of what passed before `for`', '##.##.', { rules: [{ forMs: 2 * MINUTE }] }, []],
  [
    'holds on to it with `keep_firing_for`',
    '#.#...',
    { rules: [{ keepFiringForMs: 2 * MINUTE }] },
    ['0s A firing', '300s A resolved'],
  ],
  ['does not end what it cannot see', '#!!!#.', {}, ['0s A firing', '300s A resolved']],
  ['does not end what a partial answer lacks', '#???.', {}, ['0s A firing', '240s A resolved']],
  ['counts `for` over failed queries', '#!!#', { rules: [{ forMs: 3 * MINUTE }] }, ['180s A firing']],
  ['fires anew after an end', '#.#', {}, ['0s A firing', '60s A resolved', '120s A firing']],
])('%s: %s', async (_, text, group, expected) => {
  expect(await told(text, group)).toEqual(expected);
});

it('with a minute of delay repeats every other minute, ends included', async () => {
  expect(await told('#####.....', {}, MINUTE)).toEqual([
    '0s A firing',
    '120s A firing',
    '240s A firing',
    '300s A resolved',
    '420s A resolved',
    '540s A resolved',
  ]);
});

it('hands over one message an evaluation, with the alerts of all rules in the order of the file', async () => {
  const { service, datasource, sender } = anEvaluator({ externalLabels: { cluster: 'eu', alertname: 'no' } });
  datasource.answer = (expr) => vector({ host: expr });
  const group = aRuleGroup({
    queryOffsetMs: 10_000,
    rules: [
      { alert: 'A', expr: 'a', annotations: { on: '{{ $externalLabels.cluster }}' } },
      { alert: 'B', expr: 'b > 1' },
    ],
  });
  await service.evaluate(group, MINUTE, never);
  expect(datasource.seen).toEqual([
    { expr: 'a', atMs: 50_000 },
    { expr: 'b > 1', atMs: 50_000 },
  ]);
  const times = { startsAtMs: MINUTE, endsAtMs: 5 * MINUTE };
  expect(sender.messages).toEqual([
    {
      v: 1,
      ruleGroupId: group.id,
      slotMs: MINUTE,
      alerts: [
        {
          ...times,
          labels: { host: 'a', alertname: 'A', cluster: 'eu' },
          annotations: { on: 'eu' },
          generatorURL: 'http://evaluator:8880/graph?g0.expr=a&g0.tab=1',
        },
        {
          ...times,
          labels: { host: 'b > 1', alertname: 'B', cluster: 'eu' },
          annotations: {},
          generatorURL: 'http://evaluator:8880/graph?g0.expr=b+%3E+1&g0.tab=1',
        },
      ],
    },
  ]);
});

it('a rule that fails stops no other, and says so once until the reason changes', async () => {
  const lines: string[] = [];
  const line = (message: string, fields: LogFields = {}) =>
    void lines.push(`${message}: ${String(fields['err'] ?? '')}`);
  const { service, datasource, states, sender } = anEvaluator({ log: { ...nullLog, error: line, info: line } });
  let reason: string | null = 'first';
  datasource.answer = (expr) => (expr === 'bad' && reason ? { kind: 'failed', reason } : vector({ host: 'a' }));
  const group = aRuleGroup({ rules: [{ alert: 'Bad', expr: 'bad' }, { alert: 'Good' }] });
  for (const [at, next] of ['first', 'first', 'second', null, null].entries()) {
    reason = next;
    await service.evaluate(group, at * MINUTE, never);
  }
  const summary = (await states.load(group.id))?.summary;
  expect(sender.told).toEqual(['0s Good firing', '120s Good firing', '180s Bad firing', '240s Good firing']);
  expect(lines).toEqual([
    'Evaluating rules failed: first',
    'Evaluating rules failed: second',
    'Rules can be evaluated again: ',
  ]);
  expect(group.rules.map(({ id }) => summary?.rules[id]?.health)).toEqual(['ok', 'ok']);
});

it('evaluates a slot once, and none that is older', async () => {
  const { service, datasource } = anEvaluator();
  const group = aRuleGroup();
  expect(await service.evaluate(group, MINUTE, never)).toBe('evaluated');
  expect(await service.evaluate(group, MINUTE, never)).toBe('earlier');
  expect(await service.evaluate(group, 0, never)).toBe('earlier');
  expect(datasource.seen).toHaveLength(1);
});

it('changes nothing once it is stopped', async () => {
  const abort = new AbortController();
  const { service, datasource, sender, states } = anEvaluator();
  datasource.answer = () => {
    abort.abort();
    return vector({ host: 'a' });
  };
  const group = aRuleGroup({ rules: [{ alert: 'A' }, { alert: 'B' }] });
  expect(await service.evaluate(group, 0, abort.signal)).toBe('stopped');
  expect([datasource.seen.length, sender.messages.length, await states.load(group.id)]).toEqual([1, 0, null]);
});

it('saves nothing that was not handed over, so that the slot is told again', async () => {
  const evaluator = anEvaluator();
  evaluator.datasource.answer = () => vector({ host: 'a' });
  evaluator.sender.failing = true;
  await expect(evaluator.service.evaluate(aRuleGroup(), 0, never)).rejects.toThrow('nobody takes alerts');
  evaluator.sender.failing = false;
  expect(await evaluator.service.evaluate(aRuleGroup(), 0, never)).toBe('evaluated');
  expect(evaluator.sender.told).toEqual(['0s A firing']);
});

it.each(['goes on', 'is restarted'])('tells at a later slot what no slot could hand over, when it %s', async (how) => {
  const [disk, sender, datasource] = [memoryStore(), new FakeAlertSender(), new FakeDatasource()];
  datasource.answer = trace('##....');
  const start = () => anEvaluator({ disk, sender, datasource, resendDelayMs: 60 * MINUTE });
  let evaluator = start();
  const group = aRuleGroup();
  const states = [];
  for (let slot = 0; slot < 6; slot++) {
    // The firing alert is handed over a slot late, its end two slots.
    sender.failing = [0, 2, 3].includes(slot);
    await evaluator.service.evaluate(group, slot * MINUTE, never).catch(() => undefined);
    if (sender.failing && how === 'is restarted') evaluator = start();
    states.push((await evaluator.states.load(group.id))?.slotMs);
  }
  expect(sender.told).toEqual(['60s A firing', '240s A resolved']);
  expect(states).toEqual([undefined, 60_000, 60_000, 60_000, 240_000, 300_000]);
});

it('goes on from memory while nothing can be saved', async () => {
  const evaluator = anEvaluator({ resendDelayMs: 60 * MINUTE });
  evaluator.datasource.answer = trace('#####.');
  Object.assign(evaluator.disk, { failing: true });
  const group = aRuleGroup({ rules: [{ forMs: 2 * MINUTE }] });
  for (let slot = 0; slot < 6; slot++) await evaluator.service.evaluate(group, slot * MINUTE, never);
  expect(evaluator.sender.told).toEqual(['120s A firing', '300s A resolved']);
});

it('keeps the alerts of rules and intervals that a reload changed, by name and labels', async () => {
  const evaluator = anEvaluator({ resendDelayMs: 60 * MINUTE });
  evaluator.datasource.answer = () => vector({ host: 'a' });
  const rule = { forMs: 3 * MINUTE, labels: { severity: 'page' } };
  await evaluator.service.evaluate(aRuleGroup({ rules: [rule] }), 0, never);
  await evaluator.service.evaluate(aRuleGroup({ rules: [rule] }), MINUTE, never);
  const edited = aRuleGroup({
    intervalMs: 20_000,
    rules: [{ alert: 'New' }, { ...rule, expr: 'b', annotations: { x: 'y' } }],
  });
  // Reloaded shortly before the second minute: up to then nothing was missed.
  for (const slotMs of [120_000, 140_000, 160_000, 180_000]) await evaluator.service.evaluate(edited, slotMs, never);
  expect(evaluator.sender.told).toEqual(['120s New firing', '180s A firing']);
});

it('keeps a rule that is gone for a while, because another instance may still have it', async () => {
  const evaluator = anEvaluator({ resendDelayMs: 600 * MINUTE });
  evaluator.datasource.answer = () => vector({ host: 'a' });
  const [withB, withoutB] = [aRuleGroup({ rules: [{}, { alert: 'B' }] }), aRuleGroup()];
  await evaluator.service.evaluate(withB, 0, never);
  await evaluator.service.evaluate(withoutB, MINUTE, never);
  await evaluator.service.evaluate(withB, 2 * MINUTE, never);
  expect(evaluator.sender.told).toEqual(['0s A firing', '0s B firing']);
  for (let slot = 3; slot <= 20; slot++) await evaluator.service.evaluate(withoutB, slot * MINUTE, never);
  await evaluator.service.evaluate(withB, 21 * MINUTE, never);
  expect(evaluator.sender.told).toEqual(['0s A firing', '0s B firing', '1260s B firing']);
});

it('does not count an outage towards `for`, and starts over after a long one', async () => {
  const toldAfter = async (outageMinutes: number): Promise<string[]> => {
    const evaluator = anEvaluator({ resendDelayMs: 600 * MINUTE });
    evaluator.datasource.answer = () => vector({ host: 'a' });
    const group = aRuleGroup({ rules: [{ forMs: 3 * MINUTE }] });
    const slots = [0, 1, 2];
    for (let slot = 0; slot < 5; slot++) slots.push(2 + outageMinutes + slot);
    for (const slot of slots) await evaluator.service.evaluate(group, slot * MINUTE, never);
    return evaluator.sender.told;
  };
  expect(await toldAfter(1)).toEqual(['180s A firing']);
  expect(await toldAfter(10)).toEqual([`${12 * 60}s A firing`]);
  expect(await toldAfter(61)).toEqual([`${63 * 60}s A firing`]);
  expect(await toldAfter(62)).toEqual([`${(64 + 3) * 60}s A firing`]);
});

it('remembers after a restart which time did not count', async () => {
  const disk = memoryStore();
  const sender = new FakeAlertSender();
  const group = aRuleGroup({ rules: [{ forMs: 4 * MINUTE }] });
  for (const slots of [[0, 1], [11], [12, 13, 14]]) {
    const evaluator = anEvaluator({ disk, sender });
    evaluator.datasource.answer = () => vector({ host: 'a' });
    for (const slot of slots) await evaluator.service.evaluate(group, slot * MINUTE, never);
  }
  expect(sender.told).toEqual([`${13 * 60}s A firing`]);
});

/** Where an evaluation dies: at a query, before or after the alerts are handed over, or once the states are saved. */
type Cut = 'query' | 'before-send' | 'after-send' | 'after-save';

/** Runs a trace in which the program dies at some slots and comes back, from what is on disk, for the same slot. */
async function toldWithDeaths(text: string, group: RuleGroup, cuts: ReadonlyMap<number, Cut>): Promise<string[]> {
  const disk = memoryStore();
  const sender = new FakeAlertSender();
  const datasource = new FakeDatasource();
  const start = () => anEvaluator({ disk, sender, datasource, resendDelayMs: 3 * MINUTE });
  let evaluator = start();
  for (let slot = 0; slot < text.length; slot++) {
    const cut = cuts.get(slot);
    if (cut !== undefined) {
      datasource.answer = cut === 'query' ? () => Promise.reject(new Error('killed')) : trace(text);
      sender.failing = cut === 'before-send';
      if (cut === 'after-send') evaluator.states.save = () => Promise.reject(new Error('killed'));
      await evaluator.service.evaluate(group, slot * MINUTE, never).catch(() => undefined);
      sender.failing = false;
      evaluator = start();
    }
    datasource.answer = trace(text);
    await evaluator.service.evaluate(group, slot * MINUTE, never);
  }
  return sender.told;
}

it('dies at any step of any slot and tells the same, at most what was under way twice', async () => {
  const slots = fc.array(fc.constantFrom('#', '#', '#', '.', '!', '?'), { minLength: 4, maxLength: 24 });
  const rules = fc.record({
    forMs: fc.constantFrom(0, 2 * MINUTE, 3 * MINUTE),
    keepFiringForMs: fc.constantFrom(0, 2 * MINUTE),
  });
  const cut = fc.constantFrom<Cut>('query', 'before-send', 'after-send', 'after-save');
  const deaths = fc.array(fc.tuple(fc.nat({ max: 23 }), cut), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(slots, rules, deaths, async (slots, rule, deaths) => {
      const text = slots.join('');
      const group = aRuleGroup({ rules: [rule] });
      const calm = await toldWithDeaths(text, group, new Map());
      const stormy = await toldWithDeaths(text, group, new Map(deaths));
      expect([...new Set(stormy)]).toEqual(calm);
      expect(stormy.length).toBeLessThanOrEqual(calm.length + deaths.length);
    }),
    { numRuns: 200 },
  );
});
