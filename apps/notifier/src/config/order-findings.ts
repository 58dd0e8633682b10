import { isMap, isSeq } from 'yaml';
import { isNotSupportedYet } from '@tocsin/common/config/not-supported';
import { type YamlDocument, type YamlFinding, type YamlPlace } from '@tocsin/common/config/yaml-document';

/**
 * All mistakes in the order in which Alertmanager would come upon them, so that the first is the one it reports: what a
 * validator refuses ends the decoding, inner sections before outer ones; wrong types and keys are collected and reported
 * after it; then what concerns several sections; at last what only this version refuses.
 */
export function orderFindings(
  document: YamlDocument,
  decoding: readonly YamlFinding[],
  sections: readonly YamlFinding[],
): YamlFinding[] {
  const known = decoding.filter(({ message }) => !isNotSupportedYet(message));
  const ends = new Map(known.map((finding) => [finding, endOf(document, finding)]));
  const refused = known
    .filter(({ message }) => !typeError.test(message))
    .sort((a, b) => ends.get(a)! - ends.get(b)! || b.path.length - a.path.length);
  const mistyped = known.filter(({ message }) => typeError.test(message));
  return [...refused, ...mistyped, ...sections, ...decoding.filter(({ message }) => isNotSupportedYet(message))];
}

/** Messages of the decoder itself, which Alertmanager collects. */
const typeError = /^(?:cannot unmarshal |(?:field|key) .* (?:not found in type|already set in) )/;

/** Where the value a finding is about ends: an outer section is checked once all inside it was read. */
function endOf(document: YamlDocument, { path }: YamlFinding): number {
  let place: YamlPlace | undefined = document.root;
  let end = 0;
  for (const step of [...path, null]) {
    end = place?.node?.range?.[1] ?? end;
    if (step === null || place === undefined) break;
    place = childOf(document, place, step);
  }
  return end;
}

function childOf(document: YamlDocument, { node, path }: YamlPlace, step: string | number): YamlPlace | undefined {
  if (isSeq(node)) return document.items(node, path).find((item) => item.path.at(-1) === step);
  return isMap(node) ? document.entries(node, path).find(({ key }) => key === step)?.value : undefined;
}
