import { type Labels } from '@tocsin/common/labels/label-set';
import { listType, method, signature, STRING, structType } from '@tocsin/go-template/basic-types';
import { TIME, timeValue } from '@tocsin/go-template/functions/time-type';
import { type Instant, instantOfMs, ZERO_TIME } from '@tocsin/go-template/go/instant';
import { fixedZone, UTC, type Zone } from '@tocsin/go-template/go/zone';
import { GoList, GoStruct, type ListType, type Value } from '@tocsin/go-template/value';
import { type FrozenAlert } from '../pipeline/notification-record';
import { type GivenAlert, type GivenGroup } from './given-group';
import { KV, kvValue } from './kv-value';
import { isOver, type NotificationFacts } from './notification-facts';
import { quoteMeta } from './quote-meta';

/** Source: Alertmanager, `template.Alert`. */
const ALERT = structType<GivenAlert>('template.Alert', {
  Status: { type: STRING, jsonName: 'status', get: ({ status }) => status },
  Labels: { type: KV, jsonName: 'labels', get: ({ labels }) => kvValue(labels) },
  Annotations: { type: KV, jsonName: 'annotations', get: ({ annotations }) => kvValue(annotations) },
  StartsAt: { type: TIME, jsonName: 'startsAt', get: ({ startsAt }) => timeValue(startsAt) },
  EndsAt: { type: TIME, jsonName: 'endsAt', get: ({ endsAt }) => timeValue(endsAt) },
  GeneratorURL: { type: STRING, jsonName: 'generatorURL', get: ({ generatorURL }) => generatorURL },
  Fingerprint: { type: STRING, jsonName: 'fingerprint', get: ({ fingerprint }) => fingerprint },
});

const ALERT_LIST = listType(ALERT);

/** Source: Alertmanager, `template.Alerts`. */
const ALERTS: ListType = listType(ALERT, 'template.Alerts', {
  Firing: method(signature([], ALERT_LIST), (self) => withStatus(self, 'firing')),
  Resolved: method(signature([], ALERT_LIST), (self) => withStatus(self, 'resolved')),
});

const FIELDS: Parameters<typeof structType<GivenGroup>>[1] = {
  Receiver: { type: STRING, jsonName: 'receiver', get: ({ receiver }) => receiver },
  Status: { type: STRING, jsonName: 'status', get: ({ status }) => status },
  Alerts: { type: ALERTS, jsonName: 'alerts', get: ({ alerts }) => alertsValue(alerts) },
  NotificationReason: { type: STRING, jsonName: 'notification_reason', get: ({ reason }) => reason },
  GroupLabels: { type: KV, jsonName: 'groupLabels', get: ({ groupLabels }) => kvValue(groupLabels) },
  CommonLabels: { type: KV, jsonName: 'commonLabels', get: ({ commonLabels }) => kvValue(commonLabels) },
  CommonAnnotations: {
    type: KV,
    jsonName: 'commonAnnotations',
    get: ({ commonAnnotations }) => kvValue(commonAnnotations),
  },
  RouteLabels: { type: KV, jsonName: 'routeLabels', get: ({ routeLabels }) => kvValue(routeLabels) },
  ExternalURL: { type: STRING, jsonName: 'externalURL', get: ({ externalUrl }) => externalUrl },
};

/** Source: Alertmanager, `template.Data`: notifications hand on a pointer to it, amtool the struct itself. */
const DATA = structType<GivenGroup>('*template.Data', FIELDS);
const GIVEN_DATA = structType<GivenGroup>('template.Data', FIELDS);

/** What templates see as `.`; nothing of it is made before it is used. */
export function templateData(facts: NotificationFacts): Value {
  return new GoStruct(DATA, new ToldGroup(facts));
}

/** What templates see of a group that was written down. */
export function givenData(group: GivenGroup): Value {
  return new GoStruct(GIVEN_DATA, group);
}

class ToldGroup implements GivenGroup {
  constructor(private readonly facts: NotificationFacts) {}

  get receiver(): string {
    return quoteMeta(this.facts.receiver);
  }

  get status(): string {
    return this.facts.status;
  }

  get alerts(): readonly GivenAlert[] {
    return this.facts.alerts.map((alert) => new ToldAlert(alert));
  }

  get reason(): string {
    return this.facts.notification.reason;
  }

  get groupLabels(): Labels {
    return this.facts.notification.groupLabels;
  }

  get commonLabels(): Labels {
    return this.facts.commonLabels;
  }

  get commonAnnotations(): Labels {
    return this.facts.commonAnnotations;
  }

  get routeLabels(): Labels {
    return this.facts.notification.routeLabels;
  }

  get externalUrl(): string {
    return this.facts.externalUrl;
  }
}

class ToldAlert implements GivenAlert {
  constructor(private readonly alert: FrozenAlert) {}

  get status(): string {
    return isOver(this.alert) ? 'resolved' : 'firing';
  }

  get labels(): Labels {
    return this.alert.labels;
  }

  get annotations(): Labels {
    return this.alert.annotations;
  }

  get startsAt(): Instant {
    return instantOfMs(this.alert.startsAtMs, zoneOf(this.alert.startsAtOffsetMin));
  }

  get endsAt(): Instant {
    return isOver(this.alert) ? instantOfMs(this.alert.endsAtMs, zoneOf(this.alert.endsAtOffsetMin)) : ZERO_TIME;
  }

  get generatorURL(): string {
    return this.alert.generatorURL;
  }

  get fingerprint(): string {
    return this.alert.fingerprint;
  }
}

function alertsValue(alerts: readonly GivenAlert[]): GoList {
  return new GoList(
    ALERTS,
    alerts.map((alert) => new GoStruct(ALERT, alert)),
  );
}

function withStatus(list: GoList, status: string): GoList {
  const items = list.items.filter((item) => isAlert(item) && item.self.status === status);
  return new GoList(ALERT_LIST, items);
}

function isAlert(value: Value): value is GoStruct<GivenAlert> {
  return value instanceof GoStruct && value.type === ALERT;
}

function zoneOf(offsetMin: number): Zone {
  return offsetMin === 0 ? UTC : fixedZone('', offsetMin * 60);
}
