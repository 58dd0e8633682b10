/// <reference lib="es2024.string" />
import { goQuote } from './go-quote';

/**
 * Label names and values (annotations too). Any own key counts, `__proto__` and `constructor` included: read with
 * `labelValue` and build with `labelsOf`, spread or `JSON.parse`, never by assigning to a key.
 */
export type Labels = Readonly<Record<string, string>>;

/** Which names are legal: `classic` is ASCII letters, digits and `_`; `utf8` any non-empty well-formed text. */
export type LabelNameMode = 'utf8' | 'classic';

/** The label set without labels. */
export const NO_LABELS: Labels = Object.freeze({});

/** A label set of these pairs; the last of a repeated name counts. */
export function labelsOf(pairs: Iterable<readonly [name: string, value: string]>): Labels {
  return Object.fromEntries(pairs);
}

/** The value of a label, undefined when the set lacks it. */
export function labelValue(labels: Labels, name: string): string | undefined {
  // Nothing that plain objects inherit is a string, so this is as safe as an own-key check and three times as fast.
  const value: unknown = labels[name];
  return typeof value === 'string' ? value : undefined;
}

/** Order of the UTF-8 bytes, as Go compares strings; UTF-16 order differs where surrogates meet U+E000 and above. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const unitA = a.charCodeAt(at);
    const unitB = b.charCodeAt(at);
    if (unitA !== unitB) {
      return unitA >= 0xd800 && unitB >= 0xd800 ? byteRank(unitA) - byteRank(unitB) : unitA - unitB;
    }
  }
  return a.length - b.length;
}

/** Places surrogates (code points from U+10000) behind U+E000..U+FFFF. */
function byteRank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** The names of a label set in byte order. */
export function sortedNames(labels: Labels): string[] {
  const names = Object.keys(labels);
  // Senders mostly send sorted labels, and sets are small: insertion beats the general sort.
  if (names.length > 32) return names.sort(compareBytes);
  for (let at = 1; at < names.length; at++) {
    const name = names[at]!;
    let to = at;
    while (to > 0 && compareBytes(names[to - 1]!, name) > 0) {
      names[to] = names[to - 1]!;
      to--;
    }
    names[to] = name;
  }
  return names;
}

/**
 * Order of alerts and groups. Source: Prometheus `model.LabelSet.Before`: fewer labels first; then, walking all names
 * in byte order, the side that lacks a name comes first, otherwise the smaller value does.
 */
export function compareLabelSets(a: Labels, b: Labels): number {
  const namesA = sortedNames(a);
  const namesB = sortedNames(b);
  if (namesA.length !== namesB.length) return namesA.length - namesB.length;
  for (const [at, name] of namesA.entries()) {
    const byName = compareBytes(name, namesB[at]!);
    if (byName !== 0) return -byName;
    const byValue = compareBytes(a[name]!, b[name]!);
    if (byValue !== 0) return byValue;
  }
  return 0;
}

/** Whether both sets hold the same names with the same values. */
export function labelSetsEqual(a: Labels, b: Labels): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => labelValue(b, name) === a[name]);
}

/** `{name="value", …}` in byte order of the names, values quoted as Go does. Source: Prometheus `LabelSet.String`. */
export function labelSetText(labels: Labels): string {
  return `{${sortedNames(labels)
    .map((name) => `${name}=${goQuote(labels[name]!)}`)
    .join(', ')}}`;
}

/** The labels with these names; those the set lacks are left out. */
export function pickLabels(labels: Labels, names: Iterable<string>): Labels {
  const picked: [string, string][] = [];
  for (const name of names) {
    const value = labelValue(labels, name);
    if (value !== undefined) picked.push([name, value]);
  }
  return labelsOf(picked);
}

const classicName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Whether a label (or annotation) may have this name. */
export function isValidLabelName(name: string, mode: LabelNameMode): boolean {
  return mode === 'classic' ? classicName.test(name) : name !== '' && isValidUtf8(name);
}

/** Whether the text can be written as UTF-8, that is, has no lone surrogate. */
export function isValidUtf8(text: string): boolean {
  return text.isWellFormed();
}
