import { isMap, isScalar, isSeq } from 'yaml';
import { goQuote } from '../labels/go-quote';
import { sourceText, type YamlDocument, type YamlFinding, type YamlPath, type YamlPlace } from './yaml-document';

/** A document as plain values. */
export interface YamlValues {
  /** Maps, lists, null, and the text of everything else as it is written: `1.50` stays `1.50`. */
  readonly value: unknown;
  /** Keys that are there twice, and keys that are no texts. */
  readonly findings: readonly YamlFinding[];
  /** A finding about a key or list element, at its key where it has one; about what is not there, at what is around it. */
  finding(path: YamlPath, message: string): YamlFinding;
}

/** Reads a document whose values are all texts. */
export function yamlValues(document: YamlDocument): YamlValues {
  const offsets = new Map<string, number>();
  const findings: YamlFinding[] = [];
  const at = (offset: number, path: YamlPath, message: string): YamlFinding => ({
    ...document.position(offset),
    path,
    message,
  });

  const read = ({ node, path }: YamlPlace): unknown => {
    if (isScalar(node)) return sourceText(node);
    if (isSeq(node)) {
      return document.items(node, path).map((item) => {
        offsets.set(JSON.stringify(item.path), item.offset);
        return read(item);
      });
    }
    if (!isMap(node)) return null;
    const entries = new Map<string, unknown>();
    for (const { key, keyOffset, value } of document.entries(node, path)) {
      if (key === null) {
        findings.push(at(keyOffset, path, 'expected a text for a key'));
        continue;
      }
      if (entries.has(key)) findings.push(at(keyOffset, value.path, `key ${goQuote(key)} is there already`));
      offsets.set(JSON.stringify(value.path), keyOffset);
      entries.set(key, read(value));
    }
    return Object.fromEntries(entries);
  };

  const value = read(document.root);
  return {
    value,
    findings,
    finding: (path, message) => {
      let known = path;
      while (known.length > 0 && !offsets.has(JSON.stringify(known))) known = known.slice(0, -1);
      return at(offsets.get(JSON.stringify(known)) ?? document.root.offset, path, message);
    },
  };
}
