import { type ReceiverTestView, type TestedIntegrationView } from '@tocsin/notifier/api/tocsin/receiver-test-view';
import { pairsFromFlags } from './alert-add';
import { askNotifier, shown } from './ask-notifier';
import { type RunCommand, UsageError } from './command';
import { textTable } from './text-table';

/** `tocsin receivers test`: whether a receiver can be told. */
export const testReceiver: RunCommand = async (flags, args, console) => {
  const [name = '', unexpected] = args;
  if (unexpected !== undefined) throw new UsageError(`expected one receiver, got ${unexpected}, too`);
  const labels = pairsFromFlags(flags.texts('label'), 'labels');
  const integration = flags.text('integration');
  const body = {
    ...(Object.keys(labels).length > 0 && { labels }),
    annotations: pairsFromFlags(flags.texts('annotation'), 'annotations'),
    status: flags.isOn('resolved') ? 'resolved' : 'firing',
    ...(integration !== '' && { integration }),
    ...(flags.isSet('resolve') && { resolve: flags.isOn('resolve') }),
  };
  const path = `/api/tocsin/v1/receivers/${encodeURIComponent(name)}/test`;
  const answer = await askNotifier<ReceiverTestView>(flags, { method: 'POST', path, body });
  console.out(shown(flags, answer, receiverTestText));
  return answer.integrations.every(({ outcome }) => outcome === 'delivered') ? 0 : 1;
};

/** One line for each integration. */
export function receiverTestText({ integrations }: ReceiverTestView): string {
  return textTable(
    integrations.map((tested) => [
      tested.outcome === 'delivered' ? 'ok' : 'FAIL',
      tested.integration,
      `${tested.durationMs} ms`,
      outcomeText(tested),
    ]),
  );
}

function outcomeText({ outcome, ended, degraded, error }: TestedIntegrationView): string {
  if (outcome === 'failed') return oneLine(error ?? 'it failed');
  const told = ended ? 'delivered, and its end' : 'delivered';
  return degraded === undefined ? told : `${told}, as a plain message: ${oneLine(degraded)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
