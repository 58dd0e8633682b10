import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

export type YamlNode = Scalar | YAMLMap | YAMLSeq;

/** Keys and list indexes from the root. */
export type YamlPath = readonly (string | number)[];

/** A mistake in a file; line and column count from 1. */
export interface YamlFinding {
  readonly line: number;
  readonly column: number;
  readonly path: YamlPath;
  readonly message: string;
}

/** A value with where it was written; `node` is null for an empty or `null` value and for an absent one. */
export interface YamlPlace {
  readonly node: YamlNode | null;
  readonly offset: number;
  readonly path: YamlPath;
}

export interface YamlEntry {
  /** Source text of the key; null when the key is a list or map. */
  readonly key: string | null;
  readonly keyNode: YamlNode | null;
  readonly keyOffset: number;
  readonly value: YamlPlace;
}

/** A parsed document that knows where everything stands; aliases are followed and merge keys applied. */
export class YamlDocument {
  readonly root: YamlPlace;

  constructor(
    contents: YamlNode | Alias | null,
    private readonly targets: ReadonlyMap<Alias, YamlNode>,
    private readonly lines: LineCounter,
  ) {
    this.root = this.place(contents, 0, []);
  }

  /** Line and column of an offset, from 1. */
  position(offset: number): { line: number; column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** Line and column of the value at a path. */
  positionOf(path: YamlPath): { line: number; column: number } {
    return this.position(this.offsetOf(path));
  }

  /** Where the value at a path stands, or else the nearest thing around it. */
  offsetOf(path: YamlPath): number {
    let place = this.root;
    for (const step of path) {
      const next = this.child(place, step);
      if (next === undefined) break;
      place = next;
    }
    return place.offset;
  }

  /** A finding about the value at a path. */
  finding(path: YamlPath, message: string): YamlFinding {
    return { ...this.positionOf(path), path, message };
  }

  /** Own entries as written (repeated keys too), then those that merge keys (`<<`) add. */
  entries(map: YAMLMap, path: YamlPath): YamlEntry[] {
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) {
        for (const source of this.mergeSources(pair.value)) merged.push(...this.entries(source, path));
      } else {
        own.push(this.entry(pair.key, pair.value, path));
      }
    }
    if (merged.length === 0) return own;
    const keys = new Set(own.map((entry) => entry.key));
    for (const entry of merged) {
      if (keys.has(entry.key)) continue;
      keys.add(entry.key);
      own.push(entry);
    }
    return own;
  }

  /** The elements of a list. */
  items(list: YAMLSeq, path: YamlPath): YamlPlace[] {
    return list.items.map((item, index) => this.place(item, startOf(list), [...path, index]));
  }

  private child(place: YamlPlace, step: string | number): YamlPlace | undefined {
    if (isSeq(place.node)) return typeof step === 'number' ? this.items(place.node, place.path)[step] : undefined;
    if (!isMap(place.node)) return undefined;
    return this.entries(place.node, place.path).find((entry) => entry.key === String(step))?.value;
  }

  private entry(rawKey: unknown, value: unknown, path: YamlPath): YamlEntry {
    const keyNode = this.follow(rawKey);
    const keyOffset = startOf(rawKey);
    const key = keyNode === null ? '' : isScalar(keyNode) ? sourceText(keyNode) : null;
    return { key, keyNode, keyOffset, value: this.place(value, keyOffset, [...path, key ?? '']) };
  }

  private place(raw: unknown, aroundOffset: number, path: YamlPath): YamlPlace {
    const node = this.follow(raw);
    const isNull = node === null || (isScalar(node) && node.value === null);
    return isNull ? { node: null, offset: aroundOffset, path } : { node, offset: startOf(raw, aroundOffset), path };
  }

  private follow(raw: unknown): YamlNode | null {
    if (isAlias(raw)) return this.targets.get(raw) ?? null;
    return isScalar(raw) || isMap(raw) || isSeq(raw) ? raw : null;
  }

  private mergeSources(raw: unknown): YAMLMap[] {
    const node = this.follow(raw);
    if (isMap(node)) return [node];
    return isSeq(node) ? node.items.map((item) => this.follow(item)).filter((item) => isMap(item)) : [];
  }
}

/** The text of a scalar as written, without its quotes: what a string field takes even from `1.50` or `yes`. */
export function sourceText(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value);
}

/** `FILE:LINE:COL: message`. */
export function findingText(file: string, finding: YamlFinding): string {
  return `${file}:${finding.line}:${finding.column}: ${finding.message}`;
}

/** Whether a key is a plain `<<`, whose value is a map, or a list of maps, to take entries from. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

/** Offset at which something parsed begins; what is not there begins where its surroundings do. */
export function startOf(raw: unknown, aroundOffset = 0): number {
  return isAlias(raw) || isScalar(raw) || isMap(raw) || isSeq(raw) ? (raw.range?.[0] ?? aroundOffset) : aroundOffset;
}
