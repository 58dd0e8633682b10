import { matchersText } from '@tocsin/common/matchers/matcher';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type Silence } from './silence';

/** What happened to a silence; `replaced` is said of the new one, and names the old. */
export type SilenceAction =
  { kind: 'created' } | { kind: 'updated' } | { kind: 'replaced'; replaces: string } | { kind: 'expired' };

/** The line of the timeline. */
export function silenceEvent(action: SilenceAction, silence: Silence, nowMs: number): TimelineEvent {
  const matchers = silenceText(silence);
  const { id, createdBy, comment, startsAtMs, endsAtMs } = silence;
  return {
    atMs: nowMs,
    kind: 'silence',
    message: `silence ${matchers} ${action.kind}${createdBy === '' ? '' : `, by ${createdBy}`}: ${comment}`,
    detail: {
      action: action.kind,
      id,
      ...(action.kind === 'replaced' ? { replaces: action.replaces } : {}),
      matchers,
      createdBy,
      comment,
      startsAtMs,
      endsAtMs,
    },
  };
}

/** `{a="1"}`, sets parted by `or`. */
function silenceText({ matcherSets }: Silence): string {
  return matcherSets.map((set) => matchersText(set)).join(' or ');
}
