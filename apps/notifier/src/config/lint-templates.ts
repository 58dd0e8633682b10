import { isMap, isScalar, isSeq } from 'yaml';
import { sourceText, type YamlDocument, type YamlPlace } from '@tocsin/common/config/yaml-document';
import { sectionOf } from '../receivers/receiver.schema';
import { type FailingTemplate, failingTemplates } from '../templates/check-templates';
import { type LintFinding } from './lint-finding';
import { type NotifierConfig } from './notifier-config';

/** A finding for each template of the receivers that fails, at its place in the file; one that is a default is at its entry. */
export function lintTemplates(
  { receivers, templates }: Pick<NotifierConfig, 'receivers' | 'templates'>,
  document: YamlDocument,
): LintFinding[] {
  return failingTemplates(receivers, templates).map((failing) => {
    const at = receivers.findIndex(({ name }) => name === failing.receiver);
    const entry = ['receivers', at, sectionOf(failing.kind), failing.index];
    const place = placeOf(document, entry, failing);
    const message = `a template fails, and a plain message will be sent instead: ${failing.error}`;
    return {
      ...document.position(place?.offset ?? document.offsetOf(entry)),
      path: entry,
      code: 'template-fails',
      message,
    };
  });
}

function placeOf(document: YamlDocument, path: readonly (string | number)[], { source }: FailingTemplate) {
  let place: YamlPlace | undefined = document.root;
  for (const part of path) place = place && childrenOf(document, place).find(({ path }) => path.at(-1) === part);
  return place && findText(document, place, source);
}

function findText(document: YamlDocument, place: YamlPlace, text: string): YamlPlace | undefined {
  if (isScalar(place.node)) return sourceText(place.node) === text ? place : undefined;
  for (const child of childrenOf(document, place)) {
    const found = findText(document, child, text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childrenOf(document: YamlDocument, { node, path }: YamlPlace): YamlPlace[] {
  if (isMap(node)) return document.entries(node, path).map(({ value }) => value);
  return isSeq(node) ? document.items(node, path) : [];
}
