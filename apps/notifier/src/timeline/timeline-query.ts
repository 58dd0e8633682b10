import { type TimelineEvent, type TimelineKind } from './timeline-event';
import { decodeEvent } from './timeline-line';

/** Which events are wanted; null: any. */
export interface TimelineFilter {
  readonly fingerprint: string | null;
  readonly group: string | null;
  readonly receiver: string | null;
  readonly integration: string | null;
  readonly kind: TimelineKind | null;
  /** Both included. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** Place of an event, for going on before it. */
export interface TimelineCursor {
  readonly batch: string;
  /** Lines of the batch before the event. */
  readonly line: number;
}

/** An event with its place. */
export interface FoundEvent {
  readonly cursor: TimelineCursor;
  readonly event: TimelineEvent;
}

export function formatCursor({ batch, line }: TimelineCursor): string {
  return `${batch}.${line}`;
}

/** Null: no cursor that was ever handed out. */
export function parseCursor(text: string): TimelineCursor | null {
  const [, batch, line] = /^(\d{1,20}(?:-\d{1,20})?)\.(\d{1,9})$/.exec(text) ?? [];
  return batch === undefined ? null : { batch, line: Number(line) };
}

/**
 * Finds the wanted events among lines of JSON. Nearly all lines are passed over by looking for what a wanted one must hold
 * as text; only what has all of it is parsed.
 */
export class TimelineSearch {
  private readonly needles: readonly string[];

  constructor(private readonly filter: TimelineFilter) {
    const { fingerprint, kind, group, receiver, integration } = filter;
    this.needles = [
      ...(fingerprint === null ? [] : [JSON.stringify(fingerprint)]),
      ...Object.entries({ group, receiver, integration, kind }).flatMap(([name, value]) =>
        value === null ? [] : [`"${name}":${JSON.stringify(value)}`],
      ),
    ];
  }

  /** Whether nothing kept at this time or before can be wanted. */
  isPast(keptAtMs: number): boolean {
    return this.filter.fromMs !== null && keptAtMs < this.filter.fromMs;
  }

  /** Wanted events of a batch, newest first, of its first `lines` lines. */
  *find(batch: string, text: string, lines = Infinity): Generator<FoundEvent> {
    if (!this.mayHold(text)) return;
    const all = text.split('\n');
    for (let line = Math.min(all.length, lines) - 1; line >= 0; line--) {
      const candidate = all[line] as string;
      if (!this.mayHold(candidate)) continue;
      const event = decodeEvent(candidate);
      if (this.isWanted(event)) yield { cursor: { batch, line }, event };
    }
  }

  private mayHold(text: string): boolean {
    return this.needles.every((needle) => text.includes(needle));
  }

  private isWanted(event: TimelineEvent): boolean {
    const { fingerprint, group, receiver, integration, kind, fromMs, toMs } = this.filter;
    return (
      (fromMs === null || event.atMs >= fromMs) &&
      (toMs === null || event.atMs <= toMs) &&
      (kind === null || event.kind === kind) &&
      (group === null || event.group === group) &&
      (receiver === null || event.receiver === receiver) &&
      (integration === null || event.integration === integration) &&
      (fingerprint === null || (event.fingerprints?.includes(fingerprint) ?? false))
    );
  }
}
