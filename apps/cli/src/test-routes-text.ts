import { formatDuration } from '@tocsin/common/time/duration';
import {
  type ActualGroup,
  type ActualNotification,
  type Difference,
  type ExpectedGroup,
  type ExpectedNotification,
  type RouteTestDifferences,
} from '@tocsin/notifier/simulate/route-test';
import { labelsText } from './explain-text';

type Labels = Readonly<Record<string, string>>;

/** What differs, `-` before what is missing and `+` before what is there besides. */
export function differenceLines(differences: RouteTestDifferences, startMs: number): string[] {
  const { receivers, groups, notifications } = differences;
  return [
    ...section('receivers', receivers, (name) => name),
    ...section('groups', groups, groupText),
    ...section('notifications', notifications, (told) => notificationText(told, startMs)),
  ];
}

function section<Expected, Actual>(
  title: string,
  { missing, extra }: Difference<Expected, Actual>,
  text: (item: Expected | Actual) => string,
): string[] {
  if (missing.length + extra.length === 0) return [];
  return [
    `${title}, - missing, + not expected`,
    ...missing.map((item) => `  - ${text(item)}`),
    ...extra.map((item) => `  + ${text(item)}`),
  ];
}

function groupText({ receiver, labels, alerts }: ExpectedGroup | ActualGroup): string {
  return [receiver ?? 'any receiver', labels === null ? 'any labels' : labelsText(labels), alertsText(alerts)].join(
    '  ',
  );
}

function notificationText(told: ExpectedNotification | ActualNotification, startMs: number): string {
  const { atMs, receiver, status, reason, alerts } = told;
  const at = atMs === null ? 'any time' : formatDuration(Math.max(0, atMs - startMs));
  const parts = [at, receiver ?? 'any receiver', status ?? 'any status', alertsText(alerts)];
  return [...parts, ...(reason === null ? [] : [`(${reason})`])].join('  ');
}

function alertsText(alerts: readonly Labels[] | null): string {
  if (alerts === null) return 'any alerts';
  return alerts.length === 0 ? 'no alerts' : alerts.map(labelsText).join(' ');
}
