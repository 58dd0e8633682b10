import { type Labels } from '@tocsin/common/labels/label-set';
import { type Log } from '@tocsin/common/log/log';
import { type ActiveConfig } from '../config/active-config';
import { frozenAt } from '../pipeline/decide-flush';
import { type Route } from '../routing/route';
import { NotificationFacts } from '../templates/notification-facts';
import { haveTemplates, type RenderedLabels, renderRouteLabels } from '../templates/render-route-labels';
import { type RouteLabelsOf } from './route-labels';

/** Renders labels of routes for their groups. A label that fails is logged, once as long as it fails alike, and left out. */
export function routeLabelsFor(
  active: Pick<ActiveConfig, 'config'>,
  externalUrl: () => string,
  log: Log,
): RouteLabelsOf {
  const failures = new LabelFailures(log);
  return ({ id, route, key, labels: groupLabels }, members, nowMs) => {
    if (!haveTemplates(route.labels)) return route.labels;
    const notification = {
      // Nothing is known yet of what is told. Source: Alertmanager, `getRouteLabels`.
      reason: 'unknown' as const,
      sequence: 0,
      groupKey: key,
      groupLabels,
      routeLabels: {},
      alerts: members.map((alert) => frozenAt(alert, nowMs)),
      receiverData: {},
      before: null,
    };
    const facts = new NotificationFacts(notification, route.receiver, externalUrl());
    const rendered = renderRouteLabels(route.labels, facts, active.config.templates.go);
    failures.report(route, id, rendered);
    return rendered.labels;
  };
}

/** A label that fails, and the group in which that was seen. */
interface LabelFailure {
  readonly error: string;
  readonly groupId: string;
}

/** Logs failures of labels, those of one route once for all its groups. */
class LabelFailures {
  /** By label; a route that a reload removed takes its own along. */
  private readonly known = new WeakMap<Route, Map<string, LabelFailure>>();

  constructor(private readonly log: Log) {}

  report(route: Route, groupId: string, { labels, failed }: RenderedLabels): void {
    const known = this.known.get(route) ?? new Map<string, LabelFailure>();
    this.forgetMended(known, groupId, labels);
    for (const { name, error } of failed) {
      if (known.get(name)?.error === error) continue;
      known.set(name, { error, groupId });
      this.log.error('failed to render route label', { label: name, receiver: route.receiver, err: error });
    }
    if (known.size > 0) this.known.set(route, known);
    else this.known.delete(route);
  }

  /** That it is well in another group says nothing: it may have been well there all along. */
  private forgetMended(known: Map<string, LabelFailure>, groupId: string, labels: Labels): void {
    for (const [name, failure] of known) {
      if (failure.groupId === groupId && Object.hasOwn(labels, name)) known.delete(name);
    }
  }
}
