import { type ConfigView } from '@tocsin/common/http/http-config-view';
import { type GlobalConfig } from '../config/global.schema';
import { type Kind, kinds, viewOrder } from './kinds.schema';
import { type ReceiverFields, sectionOf } from './receiver.schema';

/** A checked receiver with what it takes from `global`, as the status API shows it. */
export function receiverView(receiver: ReceiverFields, global: GlobalConfig): ConfigView {
  const { name, labels, templateLanguage } = receiver;
  return {
    name,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(templateLanguage !== null && { template_language: templateLanguage }),
    ...Object.fromEntries(viewOrder.flatMap((kind) => sectionView(kind, receiver, global))),
  };
}

function sectionView<K extends Kind>(kind: K, { entries }: ReceiverFields, global: GlobalConfig): [string, unknown][] {
  const shown = entries[kind].map((entry) => entry && kinds[kind].view(entry, global));
  return shown.length > 0 ? [[sectionOf(kind), shown]] : [];
}
