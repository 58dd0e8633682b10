import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import { compareMatchers, type Matcher } from '@tocsin/common/matchers/matcher';
import { type Route, type RouteTree } from './route';
import { buildRouteTree, matchRoutes, type RouteSpec } from './route-tree';
import { aRoute } from '../testing/a-config';

describe('matchRoutes', () => {
  const tree = buildRouteTree(
    route({ receiver: 'default' }, [
      route({ receiver: 'team-A', matchers: 'owner="team-A"' }, [
        route({ receiver: 'testing', matchers: 'env="testing"' }),
        route({ receiver: 'production', matchers: 'env="production"', continue: true }),
        route({ receiver: 'any-production', matchers: 'env=~"produ.*"', continue: true }),
        route({ receiver: 'has-job', matchers: 'job=~".+"' }),
      ]),
      route({ receiver: 'group', matchers: 'group="x"', continue: true }),
      route({ receiver: 'no-owner', matchers: 'owner=""' }),
    ]),
  );

  it.each([
    ['the root takes what no child takes', { owner: 'team-C' }, ['default']],
    ['a node of which no child matches takes the alert itself', { owner: 'team-A', env: 'staging' }, ['team-A']],
    ['the deepest match takes the alert from its parents', { owner: 'team-A', env: 'testing' }, ['testing']],
    [
      '`continue` goes on to the next siblings, and the first without it ends the search',
      { owner: 'team-A', env: 'production', job: 'a' },
      ['production', 'any-production', 'has-job'],
    ],
    ['`continue` on the only match changes nothing', { owner: 'team-B', group: 'x' }, ['group']],
    ['a missing label counts as empty', { group: 'x' }, ['group', 'no-owner']],
    ['a match ends the search on the upper level too', { owner: 'team-A', group: 'x' }, ['team-A']],
  ])('%s', (_, labels, receivers) => {
    expect(matchRoutes(tree, labels).map((matched) => matched.receiver)).toEqual(receivers);
  });

  it('gives one receiver several times when several of its routes match', () => {
    const twice = buildRouteTree(
      route({}, [
        route({ receiver: 'a', matchers: 'x="1"', continue: true }),
        route({ receiver: 'a', matchers: 'y="1"' }),
      ]),
    );
    expect(matchRoutes(twice, { x: '1', y: '1' }).map((matched) => matched.receiver)).toEqual(['a', 'a']);
  });
});

describe('route keys', () => {
  it.each([
    ['', '{}'],
    ['severity="critical"', '{}/{severity="critical"}'],
    ['a="1",b=~"x|y"', '{}/{a="1",b=~"x|y"}'],
    ['foo🙂="bar"', '{}/{foo🙂="bar"}'],
  ])('the route for %s has the key %s', (matchers, key) => {
    const tree = buildRouteTree(matchers === '' ? route({}) : route({}, [route({ matchers })]));
    expect((tree.root.children[0] ?? tree.root).key).toBe(key);
  });
});

describe('route ids', () => {
  it('are unique, also for twins', () => {
    const twin = route({ matchers: 'a="1"' }, [route({ matchers: 'b="1"' })]);
    expect(idsOf(buildRouteTree(route({}, [twin, twin, twin])))).toHaveLength(7);
  });

  it.each([
    ['timers', { groupWaitMs: 1, groupIntervalMs: 2, repeatIntervalMs: 3 }],
    ['continue', { continue: true }],
    ['route labels', { labels: { team: 'a' } }],
  ] satisfies [string, Partial<RouteSpec>][])('do not depend on %s', (_, change) => {
    const child = route({ matchers: 'a="1"' });
    const before = buildRouteTree(route({}, [child]));
    const after = buildRouteTree(route({}, [{ ...child, ...change }]));
    expect(idsOf(after)).toEqual(idsOf(before));
    expect(after.lane).toBe(before.lane);
  });

  it.each([
    ['matchers', { matchers: 'a="2"' }],
    ['receiver', { receiver: 'other' }],
    ['grouping', { groupBy: ['job'] as const }],
    ['grouping by all labels', { groupBy: 'all' as const }],
  ])('depend on %s', (_, change) => {
    const before = buildRouteTree(route({}, [route({ matchers: 'a="1"' })]));
    const after = buildRouteTree(route({}, [route({ matchers: 'a="1"', ...change })]));
    expect(after.root.children[0]!.id).not.toBe(before.root.children[0]!.id);
    expect(after.root.id).toBe(before.root.id);
    expect(after.lane).not.toBe(before.lane);
  });

  it('stay when an unrelated route comes or goes', () => {
    const kept = route({ matchers: 'a="1"' }, [route({ matchers: 'b="1"' })]);
    const before = idsOf(buildRouteTree(route({}, [kept])));
    const after = idsOf(buildRouteTree(route({}, [route({ matchers: 'c="1"' }), kept])));
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('stay, route by route, when siblings, matchers and group labels change places', () => {
    fc.assert(
      fc.property(specs, fc.infiniteStream(fc.nat()), (spec, numbers) => {
        const before = buildRouteTree(spec);
        const after = buildRouteTree(shuffled(spec, () => numbers.next().value));
        expect(idsByShape(after)).toEqual(idsByShape(before));
        expect(after.lane).toBe(before.lane);
        expect(new Set(idsOf(before)).size).toBe(count(spec));
      }),
      { verbose: 1 },
    );
  });
});

type Options = Partial<Omit<RouteSpec, 'matchers' | 'children'>> & { matchers?: string };

function route({ matchers = '', ...options }: Options, children: readonly RouteSpec[] = []): RouteSpec {
  return aRoute({ ...options, matchers: sortedMatchers(matchers), children });
}

function sortedMatchers(text: string): Matcher[] {
  const parsed = parseMatchers(text, 'fallback');
  if (!parsed.ok) throw new Error(parsed.error);
  return [...parsed.matchers].sort(compareMatchers);
}

// Few values, so that twins are common.
const matcherText = fc.constantFrom('a="1"', 'a="2"', 'b=~"x.*"');
const specs = specsOfDepth(3);

function specsOfDepth(depth: number): fc.Arbitrary<RouteSpec> {
  return fc
    .record({
      matchers: fc.uniqueArray(matcherText, { maxLength: 2 }),
      receiver: fc.constantFrom('default', 'other'),
      groupBy: fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.constantFrom('job', 'env'), { maxLength: 2 })),
      children: depth === 0 ? fc.constant([]) : fc.array(specsOfDepth(depth - 1), { maxLength: 4 }),
    })
    .map(({ matchers, children, ...options }) => route({ ...options, matchers: matchers.join(',') }, children));
}

function shuffled(spec: RouteSpec, random: () => number): RouteSpec {
  const groupBy = spec.groupBy === 'all' ? 'all' : shuffle(spec.groupBy, random);
  const text = shuffle(spec.matchers, random).map(({ name, op, value }) => `${name}${op}"${value}"`);
  const children = shuffle(spec.children, random).map((child) => shuffled(child, random));
  return { ...spec, groupBy, matchers: sortedMatchers(text.join(',')), children };
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Sorted pairs of what a route is (everything on its path and below it) and its id. */
function idsByShape(tree: RouteTree): string[] {
  const pairs: string[] = [];
  const visit = (node: Route, path: string): void => {
    pairs.push(`${path}${shape(node)} ${node.id}`);
    for (const child of node.children) visit(child, `${path}${own(node)}/`);
  };
  visit(tree.root, '');
  return pairs.sort();
}

function own({ matchers, receiver, groupBy }: Route): string {
  return JSON.stringify([matchers.map(({ name, op, value }) => name + op + value), receiver, [...groupBy].sort()]);
}

function shape(node: Route): string {
  return `${own(node)}[${node.children.map(shape).sort().join()}]`;
}

function idsOf(tree: RouteTree): string[] {
  return [...tree.byId.keys()];
}

function count(spec: RouteSpec): number {
  return 1 + spec.children.reduce((sum, child) => sum + count(child), 0);
}
