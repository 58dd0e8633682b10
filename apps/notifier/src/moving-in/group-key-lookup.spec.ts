import fc from 'fast-check';
import { type Labels, labelSetText } from '@tocsin/common/labels/label-set';
import { parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import { describe, expect, it } from 'vitest';
import { groupId } from '../grouping/group-id';
import { groupKey } from '../grouping/group-key';
import { type Route } from '../routing/route';
import { buildRouteTree, type RouteSpec } from '../routing/route-tree';
import { aRoute } from '../testing/a-config';
import { GroupKeyLookup, parseLabelSet } from './group-key-lookup';

const tree = buildRouteTree(
  route('', { groupBy: ['alertname'] }, [
    route('severity="critical"', { receiver: 'pager', groupBy: ['alertname', 'job'] }),
    route('severity="critical"', { receiver: 'pager', groupBy: ['alertname', 'job'], groupWaitMs: 1 }),
    route('severity="critical"', { receiver: 'team', groupBy: [] }),
    route('path=~"a:{b}:{c=.*}"', { receiver: 'team', groupBy: 'all' }),
  ]),
);
const lookup = new GroupKeyLookup(tree);

describe('GroupKeyLookup', () => {
  it.each<[string, string, string, [(route: Route) => boolean, Labels] | null]>([
    ['the root', '{}:{alertname="x"}', 'default', [(found) => found.key === '{}', { alertname: 'x' }]],
    [
      'a group without labels',
      '{}/{severity="critical"}:{}',
      'team',
      [(found) => found.receiver === 'team' && found.groupBy !== 'all', {}],
    ],
    [
      'all twins',
      '{}/{severity="critical"}:{alertname="x", job="y"}',
      'pager',
      [(found) => found.receiver === 'pager', { alertname: 'x', job: 'y' }],
    ],
    [
      'labels that the alerts lack',
      '{}/{severity="critical"}:{job="y"}',
      'pager',
      [(found) => found.receiver === 'pager', { job: 'y' }],
    ],
    [
      'a matcher that looks like a group',
      '{}/{path=~"a:{b}:{c=.*}"}:{a=":{}", "odd"="\\"1\\", \\n"}',
      'team',
      [(found) => found.groupBy === 'all', { a: ':{}', '"odd"': '"1", \n' }],
    ],
    ['no route with another key', '{}/{severity="warning"}:{}', 'team', null],
    ['no route of another receiver', '{}:{alertname="x"}', 'team', null],
    ['no group with labels the route does not group by', '{}:{alertname="x", job="y"}', 'default', null],
    ['no key without a label set', '{}', 'default', null],
    ['no key with half a label set', '{}:{alertname="x"', 'default', null],
  ])('finds %s', (_, key, receiver, expected) => {
    const routes = expected === null ? [] : [...tree.byId.values()].filter(expected[0]);
    if (expected !== null) expect(routes).not.toEqual([]);
    expect(lookup.groupIds(key, receiver).sort()).toEqual(routes.map((found) => groupId(found, expected![1])).sort());
  });

  it('finds every group by its key', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'b.c', 'ü', 'x y'), fc.string({ unit: 'grapheme' }));
    const all = [...tree.byId.values()].find((found) => found.groupBy === 'all')!;
    fc.assert(
      fc.property(labels, (groupLabels) => {
        expect(lookup.groupIds(groupKey(all, groupLabels), 'team')).toContain(groupId(all, groupLabels));
      }),
    );
  });
});

describe('parseLabelSet', () => {
  it.each(['', '{', '}', '{}x', '{a}', '{a=}', '{a="1"', '{a="1", }', '{a="\\q"}', 'a="1"}'])('refuses %s', (text) => {
    expect(parseLabelSet(text)).toBeNull();
  });

  it('reads what Go escapes', () => {
    expect(parseLabelSet('{a="\\x00\\u200b\\U0010ffff\\t"}')).toEqual({ a: '\0\u200b\u{10ffff}\t' });
  });

  it('reads back every label set of usual names', () => {
    const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z_ü.:-]+$/), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(labels, (set) => {
        expect(parseLabelSet(labelSetText(set))).toEqual(set);
      }),
    );
  });
});

function route(matchers: string, spec: Partial<RouteSpec>, children: RouteSpec[] = []): RouteSpec {
  const parsed = parseMatchers(matchers, 'utf8');
  if (!parsed.ok) throw new Error(parsed.error);
  return aRoute({ ...spec, matchers: parsed.matchers, children });
}
