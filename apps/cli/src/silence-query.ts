import { matcherText } from '@tocsin/common/matchers/matcher';
import { askNotifier } from './ask-notifier';
import { type RunCommand } from './command';
import { type FlagValues } from './parse-flags';
import { type GettableSilence, matchersFromArguments, silencesText } from './silence-text';

/** `tocsin silence query`. Source: amtool, command `silence query`. */
export const silenceQuery: RunCommand = async (flags, args, console) => {
  const query = new URLSearchParams(
    matchersFromArguments(args).map((matcher): [string, string] => ['filter', matcherText(matcher)]),
  );
  for (const state of flags.isOn('expired') ? ['active', 'pending'] : ['expired']) query.set(state, 'false');
  const found = await askNotifier<GettableSilence[]>(flags, { method: 'GET', path: `/api/v2/silences?${query}` });
  const nowMs = Date.now();
  console.out(
    silencesText(
      flags,
      found.filter((silence) => isWanted(silence, flags, nowMs)),
    ),
  );
  return 0;
};

/** An Alertmanager may answer with all states. */
function isWanted({ id, createdBy, endsAt }: GettableSilence, flags: FlagValues, nowMs: number): boolean {
  const leftMs = Date.parse(endsAt) - nowMs;
  const isExpired = flags.isOn('expired');
  const withinMs = flags.isSet('within') ? flags.durationMs('within') : Infinity;
  return (
    (isExpired ? leftMs <= 0 : leftMs >= 0) &&
    Math.abs(leftMs) <= withinMs &&
    (!flags.isSet('created-by') || createdBy === flags.text('created-by')) &&
    (!flags.isSet('id') || id === flags.text('id'))
  );
}
