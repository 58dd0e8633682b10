import { type Labels } from '@tocsin/common/labels/label-set';
import { type FrozenAlert } from '../pipeline/notification-record';
import { type Notification } from '../receivers/integration';
import { NotificationFacts } from './notification-facts';

/** Groups on which the templates of a configuration are tried at load, each with what is particular about it. */
export function syntheticGroups(receiver: string, externalUrl: string): readonly SyntheticGroup[] {
  return cases.map(({ what, alerts, groupLabels }) => {
    const resolved = alerts.every(({ endsAtMs }) => endsAtMs !== 0);
    const notification: Notification = {
      reason: resolved ? 'all alerts resolved' : 'first notification',
      sequence: 1,
      groupKey: '{}:{alertname="TemplateCheck"}',
      groupLabels,
      routeLabels: {},
      alerts,
      receiverData: {},
      before: null,
    };
    return { what, facts: new NotificationFacts(notification, receiver, externalUrl) };
  });
}

/** A group that stands for many. */
export interface SyntheticGroup {
  /** `a firing group`, for messages. */
  readonly what: string;
  readonly facts: NotificationFacts;
}

const START_MS = Date.UTC(2026, 0, 1);
const LABELS: Labels = { alertname: 'TemplateCheck', instance: 'host:9100', job: 'node', severity: 'critical' };
const ANNOTATIONS: Labels = { description: 'It is only tried.', summary: 'Templates are checked' };

function alert(overrides: Partial<FrozenAlert> = {}): FrozenAlert {
  return {
    fingerprint: '0000000000000001',
    labels: LABELS,
    annotations: ANNOTATIONS,
    startsAtMs: START_MS,
    endsAtMs: 0,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    generatorURL: 'http://prometheus.example/graph?g0.expr=up',
    version: 1,
    ...overrides,
  };
}

const group: Labels = { alertname: 'TemplateCheck' };
const over = { endsAtMs: START_MS + 3_600_000 };
const many = Array.from({ length: 500 }, (_, at) => alert({ labels: { ...LABELS, instance: `host-${at}:9100` } }));
const unicode: Labels = { alertname: 'Überlauf 💾', 'ключ.name': '"<&>\u2028\\' };

const cases: readonly { what: string; alerts: readonly FrozenAlert[]; groupLabels: Labels }[] = [
  { what: 'a firing group', alerts: [alert(), alert({ labels: { ...LABELS, instance: 'b' } })], groupLabels: group },
  { what: 'a resolved group', alerts: [alert(over)], groupLabels: group },
  { what: 'a group that fires in part', alerts: [alert(), alert(over)], groupLabels: group },
  { what: 'a group of 500 alerts', alerts: many, groupLabels: group },
  { what: 'a group with Unicode', alerts: [alert({ labels: unicode, annotations: unicode })], groupLabels: unicode },
  {
    what: 'a group without any labels, annotations and source',
    alerts: [alert({ labels: {}, annotations: {}, generatorURL: '' })],
    groupLabels: {},
  },
];
