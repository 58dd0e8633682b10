import { any, decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';

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
  const parsed = parseYaml(text);
  const read = parsed.ok ? decodeDocument(parsed.document, any) : parsed;
  return read.ok && typeof read.value !== 'string' ? asMaps(read.value) : text;
}

/** Maps without an order of their own, as Go has them. */
function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, asMaps(inner)] as const));
}
