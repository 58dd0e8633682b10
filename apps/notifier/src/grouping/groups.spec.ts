import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels } from '@tocsin/common/labels/label-set';
import { createMatcher, type Matcher } from '@tocsin/common/matchers/matcher';
import { type AlertView, type StoredAlert } from '../alerts/alert-book';
import { groupMembers } from '../pipeline/flush-context';
import { buildRouteTree, type RouteSpec } from '../routing/route-tree';
import { flushOrder } from './flush-order';
import { GroupIndex } from './groups';
import { aRoute } from '../testing/a-config';

const tree = buildRouteTree(
  route({ groupBy: ['alertname', 'job'] }, [
    route({ matchers: [equals('severity', 'page')], groupBy: ['alertname'], continue: true }),
    route({ matchers: [equals('each', 'yes')], groupBy: 'all' }),
    route({ matchers: [equals('one', 'yes')], groupBy: [] }),
  ]),
);

describe('GroupIndex', () => {
  it('puts an alert into a group of every route it matches, in route order', () => {
    const index = new GroupIndex(tree);
    const labels = { alertname: 'A', severity: 'page', each: 'yes' };
    expect(index.groupsOf(anAlert(labels)).map(({ key }) => key)).toEqual([
      '{}/{severity="page"}:{alertname="A"}',
      '{}/{each="yes"}:{alertname="A", each="yes", severity="page"}',
    ]);
  });

  it('lists members in the order that was kept, until another one joins', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((x) => anAlert({ one: 'yes', x }));
    const index = new GroupIndex(tree, [b!, a!]);
    const id = index.groupsOf(a!)[0]!.id;
    expect(index.isInOrder(id)).toBe(false);
    index.keepOrder(id, [a!, b!]);
    expect([index.isInOrder(id), ...index.members(id)]).toEqual([true, a!.fingerprint, b!.fingerprint]);
    index.apply([{ fingerprint: b!.fingerprint, before: b!, after: { ...b!, version: 2 } }]);
    expect(index.isInOrder(id)).toBe(true);
    index.apply([{ fingerprint: c!.fingerprint, before: null, after: c! }]);
    expect(index.isInOrder(id)).toBe(false);
    index.keepOrder(id, [b!, a!]);
    expect(index.isInOrder(id)).toBe(false);
  });

  it.each([
    ['labels that the alert lacks are left out', { job: 'x' }, { job: 'x' }],
    ['and differ from empty ones', { alertname: '', job: 'x' }, { alertname: '', job: 'x' }],
    ['`[]` makes one group', { one: 'yes', alertname: 'A' }, {}],
    ['`...` takes all labels', { each: 'yes', b: '1' }, { each: 'yes', b: '1' }],
  ])('groups by the labels of the route: %s', (_, labels, expected) => {
    const groups = new GroupIndex(tree).groupsOf(anAlert(labels));
    expect(groups.map((group) => group.labels)).toEqual([expected]);
  });

  it('tells groups apart whose values look alike when joined', () => {
    const index = new GroupIndex(tree);
    const ids = [
      { alertname: 'A', job: 'B' },
      { alertname: 'A,1:B' },
      { alertname: 'A,', job: '1:B' },
      { job: 'A' },
      { alertname: 'A' },
    ].map((labels) => index.groupsOf(anAlert(labels))[0]?.id);
    expect(new Set(ids).size).toBe(5);
  });

  it('lists a group while it has members', () => {
    const index = new GroupIndex(tree);
    const alert = anAlert({ alertname: 'A' });
    const [group] = index.groupsOf(alert);
    expect(index.group(group!.id)).toBeUndefined();

    index.apply([{ fingerprint: alert.fingerprint, before: null, after: alert }]);
    expect(index.group(group!.id)).toBe(group);
    expect([...index.members(group!.id)]).toEqual([alert.fingerprint]);

    const settled = { ...alert, settledIn: [group!.id] };
    index.apply([{ fingerprint: alert.fingerprint, before: alert, after: settled }]);
    expect(index.group(group!.id)).toBeUndefined();
    expect([...index.groups()]).toEqual([]);

    index.apply([{ fingerprint: alert.fingerprint, before: settled, after: { ...alert, version: 2 } }]);
    expect(index.group(group!.id)).toBe(group);

    index.apply([{ fingerprint: alert.fingerprint, before: alert, after: null }]);
    expect(index.group(group!.id)).toBeUndefined();
    expect(index.members(group!.id).size).toBe(0);
  });

  it('settles an alert in one group and keeps it in the others', () => {
    const alert = anAlert({ alertname: 'A', severity: 'page', each: 'yes' });
    const index = new GroupIndex(tree, [alert]);
    const [first, second] = index.groupsOf(alert);
    index.apply([{ fingerprint: alert.fingerprint, before: alert, after: { ...alert, settledIn: [first!.id] } }]);
    expect([...index.groups()]).toEqual([second]);
    expect(index.isMember(alert.fingerprint)).toBe(true);
    const done = { ...alert, settledIn: [first!.id, second!.id] };
    index.apply([{ fingerprint: alert.fingerprint, before: alert, after: done }]);
    expect(index.isMember(alert.fingerprint)).toBe(false);
  });

  it('shares one group between alerts', () => {
    const index = new GroupIndex(tree);
    const [a] = index.groupsOf(anAlert({ alertname: 'A', x: '1' }));
    const [b] = index.groupsOf(anAlert({ alertname: 'A', x: '2' }));
    expect(a).toBe(b);
  });

  it('follows changes to what a rebuild would give', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (changes) => {
        const book = new Map<string, StoredAlert>();
        const index = new GroupIndex(tree);
        for (const { labels, change, settled } of changes) {
          const id = fingerprint(labels);
          const before = book.get(id) ?? null;
          const groups = index.groupsOf(anAlert(labels));
          const settledIn = groups.filter((_, at) => settled[at]).map((group) => group.id);
          const after = change === 'forget' ? null : { ...anAlert(labels), settledIn };
          if (after === null) book.delete(id);
          else book.set(id, after);
          const applied = { fingerprint: id, before, after };
          index.apply(change === 'repeat' ? [applied, applied] : [applied]);
          for (const group of groups) {
            const sorted = [...index.members(group.id)].map((member) => book.get(member)!).sort(flushOrder);
            expect(groupMembers(index, view(book), group.id)).toEqual(sorted);
          }
        }
        expect(contents(index)).toEqual(contents(new GroupIndex(tree, book.values())));
        const used = new GroupIndex(buildRouteTree(route({})), book.values());
        used.rebuild(tree, book.values());
        expect(contents(index)).toEqual(contents(used));
      }),
      { verbose: 1 },
    );
  });

  it('keeps nothing of alerts and groups that are gone', () => {
    const index = new GroupIndex(tree);
    for (let at = 0; at < 1_000; at++) {
      const alert = anAlert({ alertname: `A${at}` });
      index.apply([{ fingerprint: alert.fingerprint, before: null, after: alert }]);
      index.apply([{ fingerprint: alert.fingerprint, before: alert, after: null }]);
    }
    const sizes = Object.values(index as unknown as Record<string, unknown>).flatMap((value) =>
      value instanceof Map ? [value.size] : [],
    );
    expect(sizes).toEqual(sizes.map(() => 0));
    expect(sizes.length).toBeGreaterThan(0);
  });
});

const steps = fc.record({
  labels: fc
    .record(
      {
        alertname: fc.constantFrom('A', 'B'),
        job: fc.constantFrom('x', 'y', ''),
        severity: fc.constantFrom('page', 'info'),
        each: fc.constant('yes'),
        one: fc.constant('yes'),
      },
      { requiredKeys: [] },
    )
    .map((labels) => ({ ...labels }) as Labels),
  change: fc.constantFrom('store', 'store', 'repeat', 'forget'),
  settled: fc.tuple(fc.boolean(), fc.boolean()),
});

function contents(index: GroupIndex): unknown {
  return [...index.groups()].map(({ id, key }) => [id, key, [...index.members(id)].sort()]).sort();
}

function view(book: ReadonlyMap<string, StoredAlert>): AlertView {
  return { get: (id) => book.get(id), values: () => book.values(), size: book.size };
}

function anAlert(labels: Labels): StoredAlert {
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations: {},
    startsAtMs: 0,
    endsAtMs: 0,
    updatedAtMs: 0,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 1,
    settledIn: [],
  };
}

function equals(name: string, value: string): Matcher {
  const created = createMatcher(name, '=', value);
  if (!created.ok) throw new Error(created.error);
  return created.matcher;
}

function route(options: Partial<RouteSpec>, children: RouteSpec[] = []): RouteSpec {
  return aRoute({ ...options, children });
}
