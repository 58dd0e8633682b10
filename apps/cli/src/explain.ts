import { type ExplanationView } from '@tocsin/notifier/api/tocsin/explain-view';
import { labelsFromArguments } from './alert-add';
import { askNotifier, shown } from './ask-notifier';
import { type RunCommand } from './command';
import { explanationText } from './explain-text';

/** `tocsin explain`: what becomes of an alert with these labels, and why. */
export const explain: RunCommand = async (flags, args, console) => {
  const at = flags.text('at');
  const answer = await askNotifier<ExplanationView>(flags, {
    method: 'POST',
    path: '/api/tocsin/v1/explain',
    body: { labels: labelsFromArguments(args), ...(at !== '' && { at }) },
  });
  console.out(shown(flags, answer, explanationText));
  return 0;
};
