import { type Labels } from '@tocsin/common/labels/label-set';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { beforeEach, describe, expect, it } from 'vitest';
import { type StoredAlert } from '../alerts/alert-book';
import { buildRouteTree } from '../routing/route-tree';
import { GoTemplates } from '../templates/go-templates';
import { fakeTemplates } from '../templates/testing/fake-templates';
import { aNotifierConfig, aRoute } from '../testing/a-config';
import { routeLabelsFor } from './route-labels.service';
import { type RouteLabelsOf } from './route-labels';

function firing(labels: Labels): StoredAlert {
  return {
    fingerprint: JSON.stringify(labels),
    labels,
    annotations: {},
    startsAtMs: 0,
    endsAtMs: 1e15,
    updatedAtMs: 0,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 1,
    settledIn: [],
  };
}

/** `first` fails in a group in which nothing fires. */
const LABELS = { team: 'db', first: '{{ (index .Alerts.Firing 0).Labels.alertname }}' };
const routeOf = (labels: Labels) => buildRouteTree(aRoute({ receiver: 'team', labels })).root;
const full = [firing({ alertname: 'DiskFull' })];

describe('routeLabelsFor', () => {
  let logged: unknown[];
  let labelsOf: RouteLabelsOf;
  let route: ReturnType<typeof routeOf>;

  beforeEach(() => {
    logged = [];
    const log: Log = { ...nullLog, error: (message, fields) => void logged.push([message, fields]) };
    const templates = { go: new GoTemplates(() => 0), handlebars: fakeTemplates() };
    labelsOf = routeLabelsFor({ config: aNotifierConfig({ templates }) }, () => 'http://tocsin.test', log);
    route = routeOf(LABELS);
  });

  const rendered = (members: readonly StoredAlert[], id = 'g1', of = route): Labels =>
    labelsOf({ id, route: of, key: '{}:{}', labels: {} }, members, 1_000);

  it('gives the labels that the file has where none is a template', () => {
    const plain = routeOf({ team: 'db' });
    expect(rendered(full, 'g1', plain)).toBe(plain.labels);
  });

  it('renders them on the alerts of the group', () => {
    expect(rendered(full)).toEqual({ team: 'db', first: 'DiskFull' });
    expect(logged).toEqual([]);
  });

  it('leaves out a label that fails, and logs that once', () => {
    for (const id of ['g1', 'g1', 'g2']) expect(rendered([], id)).toEqual({ team: 'db' });
    const err = expect.stringContaining('slice index out of range');
    expect(logged).toEqual([['failed to render route label', { label: 'first', receiver: 'team', err }]]);
  });

  it.each<[what: string, lines: number, turns: (readonly [group: string, members: readonly StoredAlert[]])[]]>([
    [
      'again after it was well',
      2,
      [
        ['g1', []],
        ['g1', full],
        ['g1', []],
      ],
    ],
    [
      'not again because it is well in another group',
      1,
      [
        ['g1', []],
        ['g2', full],
        ['g1', []],
      ],
    ],
  ])('logs %s', (_, lines, turns) => {
    for (const [group, members] of turns) rendered(members, group);
    expect(logged).toHaveLength(lines);
  });

  it('logs it anew of a route that a reload made', () => {
    rendered([]);
    rendered([], 'g1', routeOf(LABELS));
    expect(logged).toHaveLength(2);
  });
});
