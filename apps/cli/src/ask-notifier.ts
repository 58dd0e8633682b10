import { type ApiCall, callNotifier } from './call-api';
import { UsageError } from './command';
import { type FlagValues } from './parse-flags';

/** What the notifier at `--notifier.url` answers. */
export async function askNotifier<Answer>(flags: FlagValues, call: ApiCall): Promise<Answer> {
  const url = flags.text('notifier.url');
  const text = await callNotifier(flags, call);
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new UsageError(`${url} does not answer like a Tocsin notifier`);
  }
}

/** The answer as `--output` wants it. */
export function shown<Answer>(flags: FlagValues, answer: Answer, text: (answer: Answer) => string): string {
  return flags.text('output') === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : text(answer);
}
