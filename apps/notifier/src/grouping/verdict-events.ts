import { muteText } from '../pipeline/mute-alerts';
import { type MutedBy } from '../pipeline/muting';
import { type NotificationRecord } from '../pipeline/notification-record';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type GroupRef } from './groups';

/** What was decided by one flush. */
export interface Verdicts {
  readonly group: GroupRef;
  readonly integrations: readonly { readonly key: string; readonly receiver: string }[];
  /** Fingerprints. */
  readonly members: readonly string[];
  readonly muted: ReadonlyMap<string, MutedBy>;
  /** As they were before. */
  readonly records: ReadonlyMap<string, Pick<NotificationRecord, 'told'>>;
  readonly verdicts: readonly NotifyVerdict[];
  readonly nowMs: number;
}

/** What flushes decided, for the timeline, where it changed: what is to be told (again only once something was told in
 *  between), and what mutes. */
export class VerdictEvents {
  /** What muted alerts of a group, as it was put into words last: flush after flush it is the same. */
  private readonly known = new WeakMap<GroupRef, MuteTexts>();

  *of({ group, integrations, members, muted, records, verdicts, nowMs }: Verdicts): Generator<TimelineEvent> {
    const { id, key: groupKey } = group;
    const mutes = this.muteTexts(group, muted);
    const isMuted = mutes.value !== '';
    // Written out here and below: spreading what they share takes several times as long, and every flush makes these.
    yield {
      atMs: nowMs,
      kind: 'verdict',
      group: id,
      groupKey,
      receiver: group.route.receiver,
      fingerprints: isMuted ? [...muted.keys()] : members,
      message: isMuted ? `muted by ${mutes.shown}` : 'no longer muted',
      state: { key: `${id}|muted`, value: mutes.value },
    };
    for (const [index, { key, receiver }] of integrations.entries()) {
      const verdict = verdicts[index] ?? 'none';
      if (verdict === 'none' || verdict === 'muted') continue;
      yield {
        atMs: nowMs,
        kind: 'verdict',
        group: id,
        groupKey,
        receiver,
        fingerprints: members,
        integration: key,
        message: `to be told: ${verdict}`,
        detail: { verdict },
        state: {
          key: `${id}|${key}`,
          value: `${verdict}, after ${records.get(key)?.told?.sequence ?? 'nothing'}`,
        },
      };
    }
  }

  private muteTexts(group: GroupRef, muted: ReadonlyMap<string, MutedBy>): MuteTexts {
    if (muted.size === 0) return NOT_MUTED;
    const mutes = [...new Set(muted.values())];
    const known = this.known.get(group);
    if (known?.mutes.length === mutes.length && known.mutes.every((mute, at) => mute === mutes[at])) return known;
    const texts = muteTexts(mutes);
    this.known.set(group, texts);
    return texts;
  }
}

/** What mutes, each once: in full to tell changes by, and shortened to be shown. */
interface MuteTexts {
  readonly mutes: readonly MutedBy[];
  readonly value: string;
  readonly shown: string;
}

const NOT_MUTED: MuteTexts = { mutes: [], value: '', shown: '' };

function muteTexts(mutes: readonly MutedBy[]): MuteTexts {
  const texts = [...new Set(mutes.map(muteText))].sort();
  const more = texts.length - MOST_SHOWN;
  return {
    mutes,
    value: texts.join('; '),
    shown: texts.slice(0, MOST_SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : ''),
  };
}

const MOST_SHOWN = 5;
