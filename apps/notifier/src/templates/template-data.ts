import { listType, method, signature, STRING, structType } from '@tocsin/go-template/basic-types';
import { TIME, timeValue } from '@tocsin/go-template/functions/time-type';
import { instantOfMs, ZERO_TIME } from '@tocsin/go-template/go/instant';
import { fixedZone, UTC, type Zone } from '@tocsin/go-template/go/zone';
import { GoList, GoStruct, type ListType, type Value } from '@tocsin/go-template/value';
import { type FrozenAlert } from '../pipeline/notification-record';
import { KV, kvValue } from './kv-value';
import { isOver, type NotificationFacts } from './notification-facts';
import { quoteMeta } from './quote-meta';

/** Source: Alertmanager, `template.Alert`. */
const ALERT = structType<FrozenAlert>('template.Alert', {
  Status: { type: STRING, jsonName: 'status', get: (alert) => (isOver(alert) ? 'resolved' : 'firing') },
  Labels: { type: KV, jsonName: 'labels', get: ({ labels }) => kvValue(labels) },
  Annotations: { type: KV, jsonName: 'annotations', get: ({ annotations }) => kvValue(annotations) },
  StartsAt: {
    type: TIME,
    jsonName: 'startsAt',
    get: ({ startsAtMs, startsAtOffsetMin }) => timeValue(instantOfMs(startsAtMs, zoneOf(startsAtOffsetMin))),
  },
  EndsAt: {
    type: TIME,
    jsonName: 'endsAt',
    get: (alert) => timeValue(isOver(alert) ? instantOfMs(alert.endsAtMs, zoneOf(alert.endsAtOffsetMin)) : ZERO_TIME),
  },
  GeneratorURL: { type: STRING, jsonName: 'generatorURL', get: ({ generatorURL }) => generatorURL },
  Fingerprint: { type: STRING, jsonName: 'fingerprint', get: ({ fingerprint }) => fingerprint },
});

const ALERT_LIST = listType(ALERT);

/** Source: Alertmanager, `template.Alerts`. */
const ALERTS: ListType = listType(ALERT, 'template.Alerts', {
  Firing: method(signature([], ALERT_LIST), (self) => withStatus(self, false)),
  Resolved: method(signature([], ALERT_LIST), (self) => withStatus(self, true)),
});

/** Source: Alertmanager, `template.Data`. */
const DATA = structType<NotificationFacts>('*template.Data', {
  Receiver: { type: STRING, jsonName: 'receiver', get: ({ receiver }) => quoteMeta(receiver) },
  Status: { type: STRING, jsonName: 'status', get: ({ status }) => status },
  Alerts: { type: ALERTS, jsonName: 'alerts', get: ({ alerts }) => alertsValue(alerts) },
  NotificationReason: {
    type: STRING,
    jsonName: 'notification_reason',
    get: ({ notification }) => notification.reason,
  },
  GroupLabels: { type: KV, jsonName: 'groupLabels', get: ({ notification }) => kvValue(notification.groupLabels) },
  CommonLabels: { type: KV, jsonName: 'commonLabels', get: ({ commonLabels }) => kvValue(commonLabels) },
  CommonAnnotations: {
    type: KV,
    jsonName: 'commonAnnotations',
    get: ({ commonAnnotations }) => kvValue(commonAnnotations),
  },
  RouteLabels: { type: KV, jsonName: 'routeLabels', get: ({ notification }) => kvValue(notification.routeLabels) },
  ExternalURL: { type: STRING, jsonName: 'externalURL', get: ({ externalUrl }) => externalUrl },
});

/** What templates see as `.`; nothing of it is made before it is used. */
export function templateData(facts: NotificationFacts): Value {
  return new GoStruct(DATA, facts);
}

function alertsValue(alerts: readonly FrozenAlert[]): GoList {
  return new GoList(
    ALERTS,
    alerts.map((alert) => new GoStruct(ALERT, alert)),
  );
}

function withStatus(list: GoList, isOverWanted: boolean): GoList {
  const items = list.items.filter((item) => isAlert(item) && isOver(item.self) === isOverWanted);
  return new GoList(ALERT_LIST, items);
}

function isAlert(value: Value): value is GoStruct<FrozenAlert> {
  return value instanceof GoStruct && value.type === ALERT;
}

function zoneOf(offsetMin: number): Zone {
  return offsetMin === 0 ? UTC : fixedZone('', offsetMin * 60);
}
