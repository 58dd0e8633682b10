import { type Labels, labelsOf, labelValue } from '@tocsin/common/labels/label-set';
import { type NotificationFacts } from './notification-facts';
import { type Rendered, type Templates } from './templates';

/** Labels of a route as one group has them. */
export interface RenderedLabels {
  /** Without those that cannot be rendered. */
  readonly labels: Labels;
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** Renders the labels of a route, which may use each other with `routeLabels`; each is rendered once. Source: Alertmanager,
 *  `template.RouteLabelRenderer`. */
export function renderRouteLabels(labels: Labels, facts: NotificationFacts, templates: Templates): RenderedLabels {
  const done = new Map<string, Rendered>();
  const underWay: string[] = [];
  const render = (name: string): Rendered => {
    const source = labelValue(labels, name) ?? '';
    const known = done.get(name);
    if (known !== undefined) return known;
    if (underWay.includes(name)) {
      return { ok: false, error: `route label cycle detected: ${[...underWay, name].join(' -> ')}` };
    }
    underWay.push(name);
    const result = templates.of(facts, render).text(source);
    underWay.pop();
    if (result.ok) done.set(name, result);
    return result;
  };
  const rendered = Object.keys(labels).map((name) => ({ name, result: render(name) }));
  return {
    labels: labelsOf(rendered.flatMap(({ name, result }) => (result.ok ? [[name, result.text] as const] : []))),
    failed: rendered.flatMap(({ name, result }) => (result.ok ? [] : [{ name, error: result.error }])),
  };
}

/** Whether there is anything to render; most routes have no labels at all. */
export function haveTemplates(labels: Labels): boolean {
  return Object.values(labels).some((value) => value.includes('{{'));
}
