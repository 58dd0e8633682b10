import { muteText } from '../pipeline/mute-alerts';
import { type MutedBy } from '../pipeline/muting';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type GroupRef } from './groups';

/** What a flush decided, for the timeline: every decision to tell, and of the others those that changed. */
export function* verdictEvents(flush: {
  group: GroupRef;
  integrations: readonly { readonly key: string; readonly receiver: string }[];
  muted: ReadonlyMap<string, MutedBy>;
  verdicts: readonly NotifyVerdict[];
  nowMs: number;
}): Generator<TimelineEvent> {
  const { group, integrations, muted, verdicts, nowMs } = flush;
  const about = { atMs: nowMs, kind: 'verdict', group: group.id } as const;
  const mutes = muteTexts(muted);
  yield {
    ...about,
    groupKey: group.key,
    receiver: group.route.receiver,
    fingerprints: [...muted.keys()],
    message: mutes.value === '' ? 'no longer muted' : `muted by ${mutes.shown}`,
    state: { key: `${group.id}|muted`, value: mutes.value },
  };
  for (const [index, { key, receiver }] of integrations.entries()) {
    const verdict = verdicts[index] ?? 'none';
    const state = { key: `${group.id}|${key}`, value: verdict === 'none' ? '' : verdict };
    const told = { ...about, groupKey: group.key, receiver, integration: key, detail: { verdict } };
    if (verdict === 'none') yield { ...told, message: 'heard again, and nothing new to tell', state };
    else if (verdict === 'muted') yield { ...told, message: 'not told: everything is muted', state };
    else yield { ...told, message: `to be told: ${verdict}` };
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
