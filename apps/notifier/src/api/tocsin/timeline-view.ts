import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type TimelineEvent } from '../../timeline/timeline-event';
import { type TimelineAnswer } from '../../timeline/timeline-queries.service';
import { formatCursor, type FoundEvent } from '../../timeline/timeline-query';

/** An event as the API shows it; fields that do not apply are absent. */
export interface TimelineEventView extends TimelineEventFields {
  /** Its place: `before=<id>` continues behind it. */
  readonly id: string;
}

/** What happened. */
export interface TimelineEventFields {
  readonly at: string;
  readonly kind: string;
  readonly message: string;
  readonly fingerprints?: readonly string[];
  readonly group?: string;
  readonly groupKey?: string;
  readonly receiver?: string;
  readonly integration?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Body of `GET /api/tocsin/v1/timeline`. */
export interface TimelineView {
  /** Newest first. */
  readonly events: readonly TimelineEventView[];
  /** For the next request's `before`; null: there are no more. */
  readonly next: string | null;
}

/** The answer for clients. */
export function timelineView({ events, next }: TimelineAnswer): TimelineView {
  return { events: events.map(eventView), next: next === null ? null : formatCursor(next) };
}

function eventView({ cursor, event }: FoundEvent): TimelineEventView {
  return { id: formatCursor(cursor), ...eventFields(event) };
}

/** An event for clients. */
export function eventFields(event: TimelineEvent): TimelineEventFields {
  const { atMs, state: _, ...fields } = event;
  return { at: formatRfc3339Millis(atMs), ...fields };
}
