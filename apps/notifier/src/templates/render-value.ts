import { any, decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { yamlDepth } from '@tocsin/common/config/yaml-depth';
import { NOT_JSON, readJson } from './read-json';

/** Levels of lists and maps; what is deeper stays a text, since it may come from an alert and readers call themselves. */
const MAX_DEPTH = 100;
/** Characters that are read as YAML, which takes long; JSON may be longer. */
const MAX_YAML = 64 * 1024;

/** A copy of anything configured with its texts rendered, and read as YAML where that gives something else than a text: a
 *  rendered `3` is a number, `{"a": 1}` a map, nothing is null. Source: Alertmanager, `template.DeepCopyWithTemplate`. */
export function renderValue(configured: unknown, render: (source: string) => string): unknown {
  if (typeof configured === 'string') return readYaml(render(configured));
  if (Array.isArray(configured)) return configured.map((item) => renderValue(item, render));
  if (typeof configured !== 'object' || configured === null) return configured;
  const entries = Object.entries(configured).map(([key, value]) => [render(key), renderValue(value, render)] as const);
  return new Map(entries);
}

function readYaml(text: string): unknown {
  if (NO_VALUE.test(text)) return text;
  const json = readJson(text, MAX_DEPTH);
  if (json !== NOT_JSON) return json;
  if (text.length > MAX_YAML || yamlDepth(text) > MAX_DEPTH) return text;
  const parsed = parseYaml(text, 'exact');
  const read = parsed.ok ? decodeDocument(parsed.document, any) : parsed;
  if (!read.ok || typeof read.value === 'string') return text;
  // JSON has no infinity.
  return typeof read.value === 'number' && !Number.isFinite(read.value) ? text : asGo(read.value);
}

/** `%CPU`, `&amp;`, `!!!`: directives, anchors and tags to a parser, and words to whoever wrote them. */
const NO_VALUE = /^\s*[%&!]/;

/** Maps without an order of their own, and whole numbers of 64 bits, as Go has them. */
function asGo(value: unknown): unknown {
  if (typeof value === 'bigint')
    return BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value ? value : Number(value);
  if (Array.isArray(value)) return value.map(asGo);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, asGo(inner)] as const));
}
