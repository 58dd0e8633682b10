import { askNotifier } from './ask-notifier';
import { type RunCommand } from './command';
import { type FlagValues } from './parse-flags';
import { checkOrder, durationFlagMs, type GettableSilence, silencesText, timeFlagMs } from './silence-text';

/** `tocsin silence update`. Source: amtool, command `silence update`. */
export const silenceUpdate: RunCommand = async (flags, ids, console) => {
  const updated: GettableSilence[] = [];
  for (const asked of ids) {
    const path = `/api/v2/silence/${encodeURIComponent(asked)}`;
    const known = await askNotifier<GettableSilence>(flags, { method: 'GET', path });
    const silence = updatedSilence(known, flags);
    const { status: _, updatedAt: __, ...body } = silence;
    const { silenceID } = await askNotifier<{ silenceID: string }>(flags, {
      method: 'POST',
      path: '/api/v2/silences',
      body,
    });
    updated.push({ ...silence, id: silenceID });
  }
  console.out(silencesText(flags, updated));
  return 0;
};

/** The silence with what the flags say; throws for what cannot be meant. */
function updatedSilence(silence: GettableSilence, flags: FlagValues): GettableSilence {
  const startMs = timeFlagMs(flags, 'start') ?? Date.parse(silence.startsAt);
  const lasting = flags.isSet('duration') ? startMs + durationFlagMs(flags) : Date.parse(silence.endsAt);
  const endMs = timeFlagMs(flags, 'end') ?? lasting;
  checkOrder(startMs, endMs);
  return {
    ...silence,
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(endMs).toISOString(),
    comment: flags.isSet('comment') ? flags.text('comment') : silence.comment,
  };
}
