import { type NotifierConfig } from '../config/notifier-config';
import { GroupIndex, type GroupRef } from '../grouping/groups';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type ActualGroup, type ActualNotification, type RouteTest, type RouteTestOutcome } from './route-test';
import { DEFAULT_SCENARIO_LIMITS, type Scenario } from './scenario';
import { SimulatedNotifier } from './simulated-notifier.service';
import { type SimulatedNotification } from './simulation';

/** What a case comes to; null: it would take too much work. */
export async function runRouteTest(
  config: NotifierConfig,
  { scenario, expect }: RouteTest,
  metrics: NotifierMetrics,
): Promise<RouteTestOutcome | null> {
  const groups = groupsOf(config, scenario);
  const receivers = [...new Set(groups.map(({ receiver }) => receiver))];
  if (expect.notifications === null) return { receivers, groups, notifications: null };
  const result = await new SimulatedNotifier(config, scenario, DEFAULT_SCENARIO_LIMITS, metrics).run();
  if (result.kind !== 'done') return null;
  return { receivers, groups, notifications: byReceiver(result.simulation.notifications) };
}

function groupsOf(config: NotifierConfig, { arrivals }: Scenario): ActualGroup[] {
  const index = new GroupIndex(config.routes);
  const alerts = new Map(arrivals.map(({ alert }) => [alert.fingerprint, alert]));
  const found = new Map<GroupRef, ActualGroup & { alerts: ActualGroup['alerts'][number][] }>();
  for (const alert of alerts.values()) {
    for (const group of index.groupsOf(alert)) {
      const known = found.get(group) ?? { receiver: group.route.receiver, labels: group.labels, alerts: [] };
      known.alerts.push(alert.labels);
      found.set(group, known);
    }
  }
  return [...found.values()];
}

/** What several integrations of a receiver tell alike counts once. */
function byReceiver(notifications: readonly SimulatedNotification[]): ActualNotification[] {
  const told = new Map<string, ActualNotification>();
  for (const { atMs, receiver, groupKey, status, reason, alerts } of notifications) {
    const key = JSON.stringify([
      atMs,
      receiver,
      groupKey,
      status,
      reason,
      alerts.map(({ fingerprint }) => fingerprint),
    ]);
    told.set(key, { atMs, receiver, status, reason, alerts: alerts.map(({ labels }) => labels) });
  }
  return [...told.values()];
}
