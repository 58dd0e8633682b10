import { DecodeContext, list, object, withDefault } from '@tocsin/common/config/decode';
import { type YamlDocument, type YamlFinding } from '@tocsin/common/config/yaml-document';
import { globalConfig, type GlobalConfig } from '../config/global.schema';
import { globalFor } from './compile-receiver';
import { checkOrder, type Kind, kinds } from './kinds.schema';
import { type EntriesByKind, receiver, type ReceiverFields, sectionOf } from './receiver.schema';

const outline = object({ global: globalConfig, receivers: withDefault(list(receiver), []) }, 'config.plain');

/**
 * What is missing from receivers after a look at `global`, by the position of the receiver.
 *
 * Entries with mistakes of their own are left out, and all of them where `global` has some: what it gives is not known.
 */
export function inheritanceFindings(document: YamlDocument): ReadonlyMap<number, readonly YamlFinding[]> {
  const scratch = new DecodeContext(document);
  const read = outline.decode(document.root, scratch);
  if (read === undefined || scratch.findings().some(({ path }) => path[0] === 'global')) return new Map();
  const receivers: readonly (ReceiverFields | undefined)[] = read.receivers ?? [];
  const found = receivers.map((fields, at): [number, YamlFinding[]] => [
    at,
    checkOrder.flatMap((kind) =>
      problemsOf(kind, fields?.entries, fields ? globalFor(fields, read.global) : read.global).map(
        ({ index, message }) => document.finding(['receivers', at, sectionOf(kind), index], message),
      ),
    ),
  ]);
  return new Map(found);
}

function problemsOf<K extends Kind>(
  kind: K,
  entries: EntriesByKind | undefined,
  global: GlobalConfig,
): { index: number; message: string }[] {
  return (entries?.[kind] ?? []).flatMap((entry, index) => {
    if (entry === undefined) return [];
    if (entry === null) return kinds[kind].problemsOfNull(global).map((message) => ({ index, message }));
    const inherited = kinds[kind].inherit(entry, global);
    return inherited.ok ? [] : inherited.problems.map((message) => ({ index, message }));
  });
}
