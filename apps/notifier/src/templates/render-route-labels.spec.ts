import { describe, expect, it, vi } from 'vitest';
import { aNotification } from '../receivers/integration.contract';
import { GoTemplates } from './go-templates';
import { NotificationFacts } from './notification-facts';
import { haveTemplates, renderRouteLabels } from './render-route-labels';

const templates = new GoTemplates(() => 0);
const facts = new NotificationFacts(aNotification(), 'team', 'http://tocsin.test');
const uses = (name: string): string => `{{ routeLabels "${name}" }}`;

describe('renderRouteLabels', () => {
  it.each([
    ['none', {}, {}],
    ['texts', { team: 'db' }, { team: 'db' }],
    ['templates', { name: '{{ .GroupLabels.alertname }}' }, { name: 'DiskFull' }],
    ['labels that use later ones', { a: `<${uses('b')}>`, b: uses('c'), c: 'x' }, { a: '<x>', b: 'x', c: 'x' }],
    ['a label that the route does not have', { a: `<${uses('none')}>` }, { a: '<>' }],
  ])('renders %s', (_, labels, rendered) => {
    expect(renderRouteLabels(labels, facts, templates)).toEqual({ labels: rendered, failed: [] });
  });

  it.each([
    ['a template that fails', { a: '{{ .Nothing }}', b: 'x' }, { b: 'x' }, { a: /can't evaluate field Nothing/ }],
    ['one that uses it', { a: uses('b'), b: '{{ .Nothing }}' }, {}, { a: /field Nothing/, b: /field Nothing/ }],
    ['itself', { a: uses('a') }, {}, { a: /: route label cycle detected: a -> a$/ }],
    [
      'a label that uses it',
      { a: uses('b'), b: uses('a'), c: 'x' },
      { c: 'x' },
      {
        a: /: route label cycle detected: a -> b -> a$/,
        b: /: route label cycle detected: b -> a -> b$/,
      },
    ],
  ])('leaves out what fails on %s', (_, labels, rendered, errors) => {
    const made = renderRouteLabels(labels, facts, templates);
    expect(made.labels).toEqual(rendered);
    const expected = Object.entries(errors).map(([name, error]) => ({ name, error: expect.stringMatching(error) }));
    expect(made.failed).toEqual(expected);
  });

  it('renders each label once', () => {
    const engine = new GoTemplates(() => 0);
    const of = vi.spyOn(engine, 'of');
    const labels = { a: uses('c') + uses('b'), b: uses('c'), c: 'x' };
    expect(renderRouteLabels(labels, facts, engine).labels).toEqual({ a: 'xx', b: 'x', c: 'x' });
    expect(of).toHaveBeenCalledTimes(3);
  });
});

describe('haveTemplates', () => {
  it.each([
    [{}, false],
    [{ a: 'x', b: '}}' }, false],
    [{ a: 'x', b: '{{ .Status }}' }, true],
  ])('of %j: %s', (labels, have) => expect(haveTemplates(labels)).toBe(have));
});
