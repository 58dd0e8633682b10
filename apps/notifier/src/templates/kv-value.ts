import { compareBytes, type Labels, labelsOf } from '@tocsin/common/labels/label-set';
import {
  listType,
  mapType,
  method,
  signature,
  STRING,
  STRING_MAP,
  STRINGS,
  structType,
} from '@tocsin/go-template/basic-types';
import {
  GoList,
  type GoMap,
  GoStruct,
  type ListType,
  type MapType,
  RecordMap,
  textOf,
  type Value,
} from '@tocsin/go-template/value';

/** A label or annotation. */
interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Source: Alertmanager, `template.Strings`. */
export const STRINGS_TYPE: ListType = listType(STRING, 'template.Strings', {
  Join: method(signature([STRING], STRING), (self, [separator]) => self.items.map(textOf).join(textOf(separator))),
});

/** Source: Alertmanager, `template.Pair`. */
const PAIR = structType<NamedValue>('template.Pair', {
  Name: { type: STRING, get: ({ name }) => name },
  Value: { type: STRING, get: ({ value }) => value },
});

/** Source: Alertmanager, `template.Pairs`. */
const PAIRS: ListType = listType(PAIR, 'template.Pairs', {
  Names: method(signature([], STRINGS_TYPE), (self) => strings(pairsIn(self).map(({ name }) => name))),
  Values: method(signature([], STRINGS_TYPE), (self) => strings(pairsIn(self).map(({ value }) => value))),
  String: method(signature([], STRING), (self) => pairsText(pairsIn(self))),
});

/** Source: Alertmanager, `template.KV`. */
export const KV: MapType = mapType(STRING, STRING, 'template.KV', {
  SortedPairs: method(signature([], PAIRS), (self) => pairsOf(self).list),
  Names: method(signature([], STRINGS_TYPE), (self) => pairsOf(self).names),
  Values: method(signature([], STRINGS_TYPE), (self) => pairsOf(self).values),
  Remove: method(signature([STRINGS], STRING_MAP), (self, [names]) => without(self, names)),
  String: method(signature([], STRING), (self) => pairsText(pairsIn(pairsOf(self).list))),
});

/** Labels or annotations as templates see them; they are not copied. */
export function kvValue(labels: Labels): GoMap {
  return new Kv(labels);
}

class Kv extends RecordMap {
  private known: SortedPairs | undefined;

  constructor(labels: Labels) {
    super(KV, labels);
  }

  get sorted(): SortedPairs {
    return (this.known ??= new SortedPairs(this.record));
  }
}

/** The same pairs in every form that templates ask for; most ask for several. */
class SortedPairs {
  readonly list: GoList;
  private namesMade: GoList | undefined;
  private valuesMade: GoList | undefined;
  private readonly pairs: readonly NamedValue[];

  constructor(record: Readonly<Record<string, Value>>) {
    const names = Object.keys(record).sort(compareNames);
    this.pairs = names.map((name) => ({ name, value: textOf(record[name]) }));
    this.list = new GoList(
      PAIRS,
      this.pairs.map((pair) => new GoStruct(PAIR, pair)),
    );
  }

  get names(): GoList {
    return (this.namesMade ??= strings(this.pairs.map(({ name }) => name)));
  }

  get values(): GoList {
    return (this.valuesMade ??= strings(this.pairs.map(({ value }) => value)));
  }
}

/** `alertname` first, the others by bytes. */
function compareNames(a: string, b: string): number {
  if (a === 'alertname' || b === 'alertname') return a === b ? 0 : a === 'alertname' ? -1 : 1;
  return compareBytes(a, b);
}

function pairsOf(map: GoMap): SortedPairs {
  if (map instanceof Kv) return map.sorted;
  return new SortedPairs(labelsOf([...map.keys()].map((name) => [String(name), textOf(map.get(name))])));
}

function without(map: GoMap, names: Value | undefined): GoMap {
  const removed = new Set(names instanceof GoList ? names.items.map(textOf) : []);
  const kept = [...map.keys()].map(String).filter((name) => !removed.has(name));
  return kvValue(labelsOf(kept.map((name) => [name, textOf(map.get(name))])));
}

function strings(texts: readonly string[]): GoList {
  return new GoList(STRINGS_TYPE, texts);
}

function pairsIn(list: GoList): readonly NamedValue[] {
  return list.items.flatMap((item) => (isPair(item) ? [item.self] : []));
}

function isPair(value: Value): value is GoStruct<NamedValue> {
  return value instanceof GoStruct && value.type === PAIR;
}

function pairsText(pairs: readonly NamedValue[]): string {
  return pairs.map(({ name, value }) => `${name}=${value}`).join(', ');
}
