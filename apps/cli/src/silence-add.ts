import { userInfo } from 'node:os';
import { parseMatcher } from '@tocsin/common/matchers/parse-matchers';
import { askNotifier } from './ask-notifier';
import { type RunCommand, UsageError } from './command';
import { type FlagValues } from './parse-flags';
import {
  apiMatcher,
  checkOrder,
  durationFlagMs,
  matchersFromArguments,
  type PostableSilence,
  timeFlagMs,
} from './silence-text';

/** `tocsin silence add`. Source: amtool, command `silence add`. */
export const silenceAdd: RunCommand = async (flags, args, console) => {
  const body = silenceFromArguments(flags, args, Date.now(), userName());
  const { silenceID } = await askNotifier<{ silenceID: string }>(flags, {
    method: 'POST',
    path: '/api/v2/silences',
    body,
  });
  console.out(`${silenceID}\n`);
  return 0;
};

/** Reads matchers and flags; throws for what cannot be meant. */
export function silenceFromArguments(
  flags: FlagValues,
  args: readonly string[],
  nowMs: number,
  user: string,
): PostableSilence {
  const matchers = matchersFromArguments(args).map(apiMatcher);
  const startMs = timeFlagMs(flags, 'start') ?? nowMs;
  const endMs = timeFlagMs(flags, 'end') ?? startMs + durationFlagMs(flags);
  checkOrder(startMs, endMs);
  const comment = flags.text('comment');
  if (comment === '' && flags.isOn('require-comment')) {
    throw new UsageError('--comment: say why, or add --no-require-comment');
  }
  return {
    matchers,
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(endMs).toISOString(),
    createdBy: flags.isSet('author') ? flags.text('author') : user,
    comment,
    annotations: annotationsOf(flags),
  };
}

function annotationsOf(flags: FlagValues): Record<string, string> {
  return Object.fromEntries(
    flags.texts('annotation').map((text) => {
      const parsed = parseMatcher(text, 'fallback');
      if (!parsed.ok || parsed.matcher.op !== '=') {
        throw new UsageError(`annotations must be specified as name=value pairs: ${text}`);
      }
      return [parsed.matcher.name, parsed.matcher.value];
    }),
  );
}

/** Some systems have no name for the user that runs a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
