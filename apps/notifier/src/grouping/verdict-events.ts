import { muteText } from '../pipeline/mute-alerts';
import { type MutedBy } from '../pipeline/muting';
import { type NotificationRecord } from '../pipeline/notification-record';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type GroupRef } from './groups';

/** What a flush decided, for the timeline, where it changed: what is to be told (again only once something was told in
 *  between), and what mutes. */
export function* verdictEvents(flush: {
  group: GroupRef;
  integrations: readonly { readonly key: string; readonly receiver: string }[];
  /** Fingerprints. */
  members: readonly string[];
  muted: ReadonlyMap<string, MutedBy>;
  /** As they were before. */
  records: ReadonlyMap<string, Pick<NotificationRecord, 'told'>>;
  verdicts: readonly NotifyVerdict[];
  nowMs: number;
}): Generator<TimelineEvent> {
  const { group, integrations, members, muted, records, verdicts, nowMs } = flush;
  const about = { atMs: nowMs, kind: 'verdict', group: group.id, groupKey: group.key } as const;
  const mutes = muteTexts(muted);
  const isMuted = mutes.value !== '';
  yield {
    ...about,
    receiver: group.route.receiver,
    fingerprints: isMuted ? [...muted.keys()] : members,
    message: isMuted ? `muted by ${mutes.shown}` : 'no longer muted',
    state: { key: `${group.id}|muted`, value: mutes.value },
  };
  for (const [index, { key, receiver }] of integrations.entries()) {
    const verdict = verdicts[index] ?? 'none';
    if (verdict === 'none' || verdict === 'muted') continue;
    const message = `to be told: ${verdict}`;
    const state = {
      key: `${group.id}|${key}`,
      value: `${verdict}, after ${records.get(key)?.told?.sequence ?? 'nothing'}`,
    };
    yield { ...about, fingerprints: members, receiver, integration: key, message, detail: { verdict }, state };
  }
}

/** What mutes, each once: in full to tell changes by, and shortened to be shown. */
function muteTexts(muted: ReadonlyMap<string, MutedBy>): { value: string; shown: string } {
  const texts = [...new Set([...muted.values()].map(muteText))].sort();
  const more = texts.length - MOST_SHOWN;
  return {
    value: texts.join('; '),
    shown: texts.slice(0, MOST_SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : ''),
  };
}

const MOST_SHOWN = 5;
