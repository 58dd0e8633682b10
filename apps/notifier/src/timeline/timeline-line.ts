import { type TimelineEvent } from './timeline-event';

/** One event as one line of JSON: an order of fields and a spelling that `timeline-query.ts` relies on. */
export function encodeEvent(event: TimelineEvent): string {
  const { atMs, kind, fingerprints, group, groupKey, receiver, integration, message, detail, state } = event;
  const line = { state, atMs, kind, fingerprints, group, groupKey, receiver, integration, message, detail };
  try {
    return JSON.stringify(line);
  } catch {
    // Details that cannot be written down are a mistake of whoever made them; the event says the rest.
    return JSON.stringify({ ...line, detail: undefined });
  }
}

/** The event of a line that `encodeEvent` made. */
export function decodeEvent(line: string): TimelineEvent {
  return JSON.parse(line) as TimelineEvent;
}

/** The states that the lines of a batch say, in order. */
export function statesIn(text: string): NonNullable<TimelineEvent['state']>[] {
  if (!text.includes(STATE)) return [];
  return text.split('\n').flatMap((line) => (line.startsWith(STATE) ? stateOf(line) : []));
}

/** Lines that say a state begin with it, so that it can be read without the rest. */
const STATE = '{"state":';

function stateOf(line: string): NonNullable<TimelineEvent['state']> {
  // Within texts the quotes would be escaped.
  const end = line.indexOf(',"atMs":');
  return JSON.parse(line.slice(STATE.length, end)) as NonNullable<TimelineEvent['state']>;
}
