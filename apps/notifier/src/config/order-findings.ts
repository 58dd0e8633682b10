import { isMap, isSeq } from 'yaml';
import { type DecodeFinding } from '@tocsin/common/config/decode';
import { isNotSupportedYet } from '@tocsin/common/config/not-supported';
import {
  type YamlDocument,
  type YamlFinding,
  type YamlPath,
  type YamlPlace,
} from '@tocsin/common/config/yaml-document';

/**
 * All mistakes in the order in which Alertmanager would come upon them, so that the first is the one it reports: what a
 * check refuses ends the decoding, inner sections before outer ones; wrong types and keys are collected and reported
 * after it, and sections that have some are not checked; then what concerns several sections; at last what only this
 * version refuses. `decoding` comes in the order of the checks of each section.
 */
export function orderFindings(
  document: YamlDocument,
  decoding: readonly DecodeFinding[],
  sections: readonly YamlFinding[],
): YamlFinding[] {
  const unsupported = decoding.filter(({ message }) => isNotSupportedYet(message));
  const known = decoding.filter((finding) => !unsupported.includes(finding));
  const ends = new Map(known.map((finding) => [finding, endOf(document, finding.section)]));
  const misshapen = known.filter(({ kind }) => kind === 'shape').sort((a, b) => a.line - b.line || a.column - b.column);
  const refused = known
    .filter(({ kind }) => kind === 'check')
    .sort((a, b) => ends.get(a)! - ends.get(b)! || b.section.length - a.section.length);
  const isReached = ({ section }: DecodeFinding): boolean => !misshapen.some(({ path }) => isWithin(path, section));
  const ordered = [
    ...refused.filter(isReached),
    ...misshapen,
    ...refused.filter((finding) => !isReached(finding)),
    ...sections,
    ...unsupported,
  ];
  return ordered.map(({ line, column, path, message }) => ({ line, column, path, message }));
}

function isWithin(path: YamlPath, section: YamlPath): boolean {
  return section.every((step, at) => path[at] === step);
}

/** Where a section ends: it is checked once all inside it was read. */
function endOf(document: YamlDocument, path: YamlPath): number {
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
