import { labelHash } from '@tocsin/common/labels/label-hash';
import { type Labels, labelSetText, labelValue } from '@tocsin/common/labels/label-set';
import { type FrozenAlert } from '../../pipeline/notification-record';
import { type Notification } from '../../receivers/integration';
import { isOver, type NotificationFacts } from '../notification-facts';
import { isHttpUrl, urlPart } from './hbs-links';

/** What templates in Handlebars see. Labels and annotations that are not there are empty; any other name that is not there
 *  is a mistake. */
export interface HbsData {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  /** Why it is sent: `first notification`, … */
  readonly reason: string;
  /** All that are told of, then the same by what became of them since this receiver was told last. */
  readonly alerts: readonly HbsAlert[];
  readonly firing: readonly HbsAlert[];
  readonly resolved: readonly HbsAlert[];
  /** Fire now, and the receiver has not heard of them since they began. */
  readonly new: readonly HbsAlert[];
  readonly stillFiring: readonly HbsAlert[];
  /** Fire again after a mute, or a blip: they had begun before the receiver was told that they were over. */
  readonly unmuted: readonly HbsAlert[];
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly routeLabels: Labels;
  readonly externalUrl: string;
  readonly links: { readonly alerts: string };
}

/** An alert as templates in Handlebars see it. */
export interface HbsAlert {
  readonly status: 'firing' | 'resolved';
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Epoch ms, for the helper `date`. */
  readonly startsAt: number;
  /** Epoch ms; null while it fires. */
  readonly endsAt: number | null;
  /** How long it has been firing, or fired; ms, for the helper `duration`. */
  readonly duration: number;
  readonly fingerprint: string;
  readonly links: AlertLinks;
}

interface AlertLinks {
  /** The query behind it; '' where its sender does not say, or gives no address of a page. */
  readonly source: string;
  /** A new silence of exactly this alert. */
  readonly silence: string;
  /** Why it is told to whom. */
  readonly explain: string;
}

/** The data of one notification at an instant. */
export function hbsData(facts: NotificationFacts, nowMs: number): HbsData {
  const { notification, externalUrl, receiver } = facts;
  const alerts = facts.alerts.map((alert) => alertData(alert, externalUrl, nowMs));
  const sinceLast = sinceTold(notification.before);
  const sorted = new Map(facts.alerts.map((alert, at) => [alerts[at], sinceLast(alert)]));
  const those = (since: Since): HbsAlert[] => alerts.filter((alert) => sorted.get(alert) === since);
  return {
    receiver,
    status: facts.status,
    reason: notification.reason,
    alerts,
    firing: alerts.filter(({ status }) => status === 'firing'),
    resolved: those('resolved'),
    new: those('new'),
    stillFiring: those('still firing'),
    unmuted: those('unmuted'),
    groupLabels: lenient(notification.groupLabels),
    commonLabels: lenient(facts.commonLabels),
    commonAnnotations: lenient(facts.commonAnnotations),
    routeLabels: lenient(notification.routeLabels),
    externalUrl,
    links: { alerts: `${externalUrl}/#/alerts?receiver=${urlPart(receiver)}` },
  };
}

type Since = 'new' | 'still firing' | 'unmuted' | 'resolved';

/** What became of each alert since the receiver was told last. */
function sinceTold(before: Notification['before']): (alert: FrozenAlert) => Since {
  const firing = new Set(before?.firing);
  const resolved = new Set(before?.resolved);
  return (alert) => {
    if (isOver(alert)) return 'resolved';
    if (before === null) return 'new';
    const { fingerprint, labels } = alert;
    // A record that was imported from Alertmanager names alerts by their hash.
    const names = before.hashing === undefined ? [fingerprint] : [fingerprint, labelHash(labels)];
    if (names.some((name) => firing.has(name))) return 'still firing';
    const wasOver = names.some((name) => resolved.has(name));
    return wasOver && alert.startsAtMs <= before.atMs ? 'unmuted' : 'new';
  };
}

function alertData(alert: FrozenAlert, externalUrl: string, nowMs: number): HbsAlert {
  const { labels, annotations, startsAtMs, endsAtMs, fingerprint, generatorURL } = alert;
  const over = isOver(alert);
  const filter = urlPart(labelSetText(labels));
  return {
    status: over ? 'resolved' : 'firing',
    name: labelValue(labels, 'alertname') ?? '',
    labels: lenient(labels),
    annotations: lenient(annotations),
    startsAt: startsAtMs,
    endsAt: over ? endsAtMs : null,
    duration: Math.max(0, (over ? endsAtMs : nowMs) - startsAtMs),
    fingerprint,
    links: {
      source: isHttpUrl(generatorURL) ? generatorURL : '',
      silence: `${externalUrl}/#/silences/new?filter=${filter}`,
      explain: `${externalUrl}/#/explain?filter=${filter}`,
    },
  };
}

/** Strict templates ask whether a name is there before they use it: any may be. What is not there is empty. */
function lenient(labels: Labels): Labels {
  return new Proxy(labels, { has: () => true });
}
