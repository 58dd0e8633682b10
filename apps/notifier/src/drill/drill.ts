import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels, labelSetText, labelsOf, labelValue } from '@tocsin/common/labels/label-set';
import { type ReceiverData } from '../pipeline/notification-record';
import { type Notification } from '../receivers/integration';

/** A notification that somebody asked for, to see whether a receiver can be told. */
export interface Drill {
  /** Without a name it is `TocsinTest`. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly status: 'firing' | 'resolved';
  /** The only one to tell: `slack/0`; null: all of the receiver. */
  readonly integration: string | null;
  /** Whether the end of a firing drill is told at once; null: where incidents are opened. */
  readonly resolve: boolean | null;
}

/** The label and annotation that mark a drill. Default templates show the values of labels. */
const MARK = 'tocsin_drill';
const MARK_VALUE = 'DRILL';
const PREFIX = '[DRILL]';
const EXPLANATION = 'This is a drill: somebody tests whether this receiver can be told. Nothing is wrong.';

/** How long ago the alert of a drill that has ended began, ms. */
const LENGTH_MS = 60_000;

/** Kinds of receivers that open incidents, which stay open until their end is told. */
const OPENING: ReadonlySet<string> = new Set(['pagerduty', 'opsgenie', 'victorops', 'jira', 'incidentio']);

/** The notification that tells a receiver of a drill. Its group is no other's, and the same for the same labels: an incident
 *  that a drill left open is the one that a later drill updates or ends. */
export function drillNotification(drill: Drill, receiver: string, nowMs: number): Notification {
  const alertname = labelValue(drill.labels, 'alertname') ?? 'TocsinTest';
  const labels = labelsOf([['alertname', alertname], ...Object.entries(drill.labels), [MARK, MARK_VALUE]]);
  const id = fingerprint(labels);
  const isOver = drill.status === 'resolved';
  return {
    reason: isOver ? 'all alerts resolved' : 'first notification',
    sequence: nowMs,
    groupKey: `{}:${labelSetText({ [MARK]: `${receiver}/${id}` })}`,
    groupLabels: { alertname, [MARK]: MARK_VALUE },
    routeLabels: {},
    alerts: [
      {
        fingerprint: id,
        labels,
        annotations: drillAnnotations(drill.annotations, receiver),
        startsAtMs: isOver ? nowMs - LENGTH_MS : nowMs,
        endsAtMs: isOver ? nowMs : 0,
        startsAtOffsetMin: 0,
        endsAtOffsetMin: 0,
        generatorURL: '',
        version: 1,
      },
    ],
    receiverData: {},
    before: null,
  };
}

function drillAnnotations(given: Labels, receiver: string): Labels {
  const summary = labelValue(given, 'summary') ?? `The receiver ${receiver} is tested`;
  return labelsOf([...Object.entries(given), ['summary', marked(summary)], [MARK, EXPLANATION]]);
}

function marked(summary: string): string {
  return summary.startsWith(PREFIX) ? summary : `${PREFIX} ${summary}`;
}

/** Whether the end of a drill is told right after it to an integration of this kind. */
export function isEndedAtOnce({ status, resolve }: Drill, kind: string): boolean {
  return status === 'firing' && (resolve ?? OPENING.has(kind));
}

/** The end of a firing drill that was accepted; `receiverData` is what the integration keeps of it. */
export function drillEnd(begun: Notification, receiverData: ReceiverData, nowMs: number): Notification {
  const sequence = Math.max(begun.sequence + 1, nowMs);
  const firing = begun.alerts.map(({ fingerprint: id }) => id);
  return {
    ...begun,
    reason: 'all alerts resolved',
    sequence,
    alerts: begun.alerts.map((alert) => ({ ...alert, endsAtMs: Math.max(alert.startsAtMs + 1, nowMs) })),
    receiverData,
    before: { sequence: begun.sequence, atMs: begun.sequence, firing, resolved: [], receiverData },
  };
}
