import { type Log } from '@tocsin/common/log/log';
import { type ActiveConfig } from '../config/active-config';
import { frozenAt } from '../pipeline/decide-flush';
import { NotificationFacts } from '../templates/notification-facts';
import { haveTemplates, renderRouteLabels } from '../templates/render-route-labels';
import { type RouteLabelsOf } from './route-labels';

/** Renders labels of routes for their groups. A label that fails is logged, once as long as it fails alike, and left out. */
export function routeLabelsFor(
  active: Pick<ActiveConfig, 'config'>,
  externalUrl: () => string,
  log: Log,
): RouteLabelsOf {
  const failing = new Map<string, string>();
  return ({ route, key, labels: groupLabels }, members, nowMs) => {
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
    const { labels, failed } = renderRouteLabels(route.labels, facts, active.config.templates.go);
    for (const { name, error } of failed) {
      const label = `${route.id} ${name}`;
      if (failing.get(label) === error) continue;
      failing.set(label, error);
      log.error('failed to render route label', { label: name, receiver: route.receiver, err: error });
    }
    return labels;
  };
}
