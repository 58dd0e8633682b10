import { formatDuration } from '@tocsin/common/time/duration';
import { type SimulatedNotificationView, type SimulationView } from '@tocsin/notifier/api/tocsin/simulation-view';
import { labelsText } from './explain-text';
import { eventLine } from './timeline';

/** A simulation for people: what is told, then why. */
export function simulationText({ start, end, notifications, events }: SimulationView): string {
  const lines = [
    `From ${start} to ${end}`,
    '',
    notifications.length === 0 ? 'Nothing is told.' : 'Told',
    ...notifications.flatMap((told) => notificationLines(told, Date.parse(start))),
    '',
    'Why',
  ];
  return `${lines.join('\n')}\n${events.map((event) => `  ${eventLine(event)}`).join('')}`;
}

function notificationLines(told: SimulatedNotificationView, startMs: number): string[] {
  const { at, integration, status, reason, alerts } = told;
  const after = formatDuration(Date.parse(at) - startMs);
  return [
    `  ${at}  +${after}  ${integration}  ${status}: ${reason}`,
    ...alerts.map((alert) => `    ${alert.status.padEnd(8)}  ${labelsText(alert.labels)}`),
  ];
}
