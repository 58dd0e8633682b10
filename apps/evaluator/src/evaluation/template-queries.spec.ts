import { expect, it } from 'vitest';
import { type LogFields, nullLog } from '@tocsin/common/log/log';
import { type QueryResult } from '../datasource/datasource';
import { vector } from '../datasource/fake-datasource';
import { type RuleGroup } from '../rules/rule-group';
import { aRuleGroup } from '../testing/a-rule-group';
import { anEvaluator } from '../testing/an-evaluator';

const MINUTE = 60_000;
const never = new AbortController().signal;

/** Evaluates a group with one rule at a minute; answers the rule's alerts and which expressions were queried. */
async function evaluated(group: RuleGroup, answer: (expr: string) => QueryResult) {
  const { service, datasource, sender } = anEvaluator();
  datasource.answer = answer;
  await service.evaluate(group, MINUTE, never);
  return { seen: datasource.seen, alerts: sender.messages[0]?.alerts ?? [] };
}

const hosts = vector({ host: 'a' }, { host: 'b' });

it('queries what templates ask for, each expression once, at the slot itself', async () => {
  const annotations = {
    all: '{{ range query "up" }}{{ .Labels.instance }}={{ .Value }} {{ end }}',
    own: '{{ query (printf "up{host=%q}" $labels.host) | first | value }}{{ query "up" | len }}',
  };
  const group = aRuleGroup({ queryOffsetMs: 10_000, rules: [{ annotations }] });
  const { seen, alerts } = await evaluated(group, (expr) =>
    expr === 'a' ? hosts : vector({ labels: { instance: expr }, value: 3 }),
  );
  expect(seen).toEqual([
    { expr: 'a', atMs: 50_000 },
    { expr: 'up', atMs: MINUTE },
    { expr: 'up{host="a"}', atMs: MINUTE },
    { expr: 'up{host="b"}', atMs: MINUTE },
  ]);
  expect(alerts.map((alert) => alert.annotations)).toEqual([
    { all: 'up=3 ', own: '31' },
    { all: 'up=3 ', own: '31' },
  ]);
});

it('takes labels that a query gives for the identity of the alert', async () => {
  const labels = { owner: '{{ with query "owner" }}{{ . | first | label "team" }}{{ end }}' };
  const { alerts } = await evaluated(aRuleGroup({ rules: [{ labels }] }), (expr) =>
    expr === 'a' ? vector({ host: 'a' }) : vector({ team: 'storage' }),
  );
  expect(alerts.map((alert) => alert.labels)).toEqual([{ host: 'a', owner: 'storage', alertname: 'A' }]);
});

it('queries again at the next slot, and nothing where templates ask for nothing', async () => {
  const { service, datasource } = anEvaluator();
  datasource.answer = () => hosts;
  const group = aRuleGroup({
    rules: [{ annotations: { x: '{{ $value }}' } }, { annotations: { x: '{{ query "q" }}' } }],
  });
  for (const slotMs of [0, MINUTE]) await service.evaluate(group, slotMs, never);
  expect(datasource.seen.map(({ expr }) => expr)).toEqual(['a', 'a', 'q', 'a', 'a', 'q']);
});

it.each([
  ['a failure of the datasource', 'unreachable datasource', 'unreachable datasource'],
  ["the API's word for a bad expression", 'bad_data: invalid parameter "query": 1:2: parse error', '1:2: parse error'],
  ["the API's word for what failed at work", 'execution: too many series', 'too many series'],
])('puts %s into the text', async (_, reason, shown) => {
  const group = aRuleGroup({ rules: [{ annotations: { x: '{{ query "q" }}' } }] });
  const { alerts } = await evaluated(group, (expr) => (expr === 'a' ? hosts : { kind: 'failed', reason }));
  expect(alerts[0]?.annotations['x']).toMatch(/^<error expanding template: .* error calling query: [^]*>$/);
  expect(alerts[0]?.annotations['x']).toContain(`error calling query: ${shown}>`);
});

it('follows queries on the answers of others ten deep', async () => {
  const nested = (depth: number): string =>
    `{{ $x := "q" }}{{ range ${depth} }}{{ $x = query $x | first | label "next" }}{{ end }}{{ $x }}`;
  const group = aRuleGroup({ rules: [{ annotations: { ten: nested(10), eleven: nested(11) } }] });
  const { seen, alerts } = await evaluated(group, (expr) => vector({ next: expr === 'a' ? '' : `${expr}q` }));
  expect(seen).toHaveLength(11);
  expect(alerts[0]?.annotations).toEqual({
    ten: 'q'.repeat(11),
    eleven: expect.stringMatching(/error calling query: exceeded 10 rounds of queries>$/),
  });
});

it('changes nothing once it is stopped during the query of a template', async () => {
  const abort = new AbortController();
  const { service, datasource, sender, states } = anEvaluator();
  datasource.answer = (expr) => {
    if (expr !== 'a') abort.abort();
    return hosts;
  };
  const group = aRuleGroup({ rules: [{ annotations: { x: '{{ query "q" }}{{ query "r" }}' } }] });
  expect(await service.evaluate(group, 0, abort.signal)).toBe('stopped');
  expect([datasource.seen.length, sender.messages.length, await states.load(group.id)]).toEqual([2, 0, null]);
});

it('warns of a template that fails once while the reason is the same, and the rule goes on', async () => {
  const lines: unknown[] = [];
  const warn = (message: string, fields?: LogFields) => void lines.push([message, fields]);
  const { service, datasource, states } = anEvaluator({ log: { ...nullLog, warn } });
  const annotations = { bad: '{{ $labels.host | humanize }}', good: 'fine' };
  const group = aRuleGroup({ rules: [{ annotations }] });
  for (const [at, host] of ['a', 'a', 'b', 'b'].entries()) {
    datasource.answer = () => vector({ labels: { host }, value: at });
    await service.evaluate(group, at * MINUTE, never);
  }
  const failure = (host: string) => [
    'Expanding alert template failed',
    {
      file: 'rules.yml',
      group: 'group',
      rule: 'A',
      err: `error executing template __alert_A: template: __alert_A:1:130: executing "__alert_A" at <humanize>: error calling humanize: strconv.ParseFloat: parsing "${host}": invalid syntax`,
    },
  ];
  expect(lines).toEqual([failure('a'), failure('b')]);
  const [health] = Object.values((await states.load(group.id))?.summary.rules ?? {});
  expect([health?.health, health?.lastError]).toEqual(['ok', '']);
});
