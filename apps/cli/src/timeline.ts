import { type TimelineEventFields, type TimelineView } from '@tocsin/notifier/api/tocsin/timeline-view';
import { askNotifier, shown } from './ask-notifier';
import { type RunCommand } from './command';

const FILTERS = ['fingerprint', 'group', 'receiver', 'integration', 'kind', 'from', 'to', 'limit'];

/** `tocsin timeline`: what a notifier did and why. */
export const timeline: RunCommand = async (flags, _args, console) => {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (flags.text(name) !== '') query.set(name, flags.text(name));
  const path = `/api/tocsin/v1/timeline?${query.toString()}`;
  console.out(shown(flags, await askNotifier<TimelineView>(flags, { method: 'GET', path }), timelineText));
  return 0;
};

/** Oldest first, as a log is read. */
export function timelineText({ events }: TimelineView): string {
  if (events.length === 0) return 'nothing happened\n';
  return [...events].reverse().map(eventLine).join('');
}

/** `2026-01-01T00:00:00.000Z  verdict      to be told: first notification  {}:{alertname="X"}` */
export function eventLine({ at, kind, message, integration, receiver, groupKey }: TimelineEventFields): string {
  const about = [integration ?? receiver, groupKey].filter((part) => part !== undefined && !message.includes(part));
  return `${[at, kind.padEnd(11), message, ...about].join('  ')}\n`;
}
