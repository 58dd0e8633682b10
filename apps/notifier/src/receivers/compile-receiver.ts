import { type GlobalConfig } from '../config/global.schema';
import { type Receiver } from '../config/notifier-config';
import { type IntegrationConfig, type Kind, kindNames, kinds } from './kinds.schema';
import { type EntriesByKind, type ReceiverFields } from './receiver.schema';

/** A checked receiver with everything inherited. */
export function compileReceiver(receiver: ReceiverFields, global: GlobalConfig): Receiver {
  const { name, labels, entries } = receiver;
  const around = globalFor(receiver, global);
  const integrations = kindNames.flatMap((kind) => compileEntries(kind, entries, around));
  return Object.freeze({
    name,
    labels: { ...labels, name },
    templateLanguage: around.template_language,
    integrations,
  });
}

/** What the entries of a receiver inherit from. */
export function globalFor({ templateLanguage }: ReceiverFields, global: GlobalConfig): GlobalConfig {
  return templateLanguage === null ? global : { ...global, template_language: templateLanguage };
}

/** The same receiver with the names of files as seen from this folder, where Alertmanager sees them from there. */
export function resolveReceiverFiles(receiver: ReceiverFields, folder: string): ReceiverFields {
  const entries = Object.fromEntries(kindNames.map((kind) => [kind, resolveEntries(kind, receiver.entries, folder)]));
  return { ...receiver, entries: entries as unknown as EntriesByKind };
}

function resolveEntries<K extends Kind>(kind: K, entries: EntriesByKind, folder: string): unknown[] {
  return entries[kind].map((entry) => entry && kinds[kind].resolveFiles(entry, folder));
}

function compileEntries<K extends Kind>(kind: K, entries: EntriesByKind, global: GlobalConfig): IntegrationConfig<K>[] {
  return entries[kind].map((entry, index) => {
    if (entry == null) throw new TypeError('a checked receiver has entries without mistakes');
    const inherited = kinds[kind].inherit(entry, global);
    if (!inherited.ok) throw new TypeError(`a checked receiver is complete: ${inherited.problems.join()}`);
    return asIntegration(kind, index, inherited.config);
  });
}

function asIntegration<K extends Kind>(kind: K, index: number, config: unknown): IntegrationConfig<K> {
  return { kind, index, config } as unknown as IntegrationConfig<K>;
}
