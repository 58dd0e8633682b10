import { type Labels, labelSetText, sortedNames } from '@tocsin/common/labels/label-set';
import { type FrozenAlert } from '../pipeline/notification-record';
import { isOver, type NotificationFacts } from './notification-facts';

/** The plainest message there is: made without templates, so that none can keep it from being sent. */
export interface PlainText {
  /** One line. */
  readonly subject: string;
  /** Why it is plain, then the alerts with their labels. */
  readonly body: string;
}

const MAX_ALERTS = 20;

/** What is told when the templates of a receiver cannot be rendered. */
export function plainText(facts: NotificationFacts, reason: string): PlainText {
  const { alerts, firing, status, notification } = facts;
  const count = status === 'firing' ? `:${firing.length}` : '';
  const shown = alerts.slice(0, MAX_ALERTS).map(alertText);
  const more = alerts.length - shown.length;
  return {
    subject: `[${status.toUpperCase()}${count}] ${valuesOf(notification.groupLabels) || 'alerts'}`,
    body: [
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
      '',
      `This is a plain message, because the configured one could not be made: ${reason}`,
      facts.externalUrl,
    ].join('\n'),
  };
}

function alertText(alert: FrozenAlert): string {
  const annotations = sortedNames(alert.annotations).map((name) => `\n  ${name}: ${alert.annotations[name]}`);
  return `${isOver(alert) ? 'resolved' : 'firing'} ${labelSetText(alert.labels)}${annotations.join('')}`;
}

function valuesOf(labels: Labels): string {
  return sortedNames(labels)
    .map((name) => labels[name])
    .join(' ');
}
