/** What `readJson` makes of texts that it leaves to others. */
export const NOT_JSON = Symbol('not JSON');

/** A list or map in JSON with maps as `Map`, which is read much faster than YAML; `NOT_JSON` where it is none, or where YAML
 *  says something else than `JSON.parse`: of keys that are there twice, of whole numbers that are not exact, of `-0`. */
export function readJson(text: string, deepest: number): unknown {
  if (!/^[ \t\r\n]*[[{]/.test(text)) return NOT_JSON;
  const keys = keysOf(text, deepest);
  if (keys === null) return NOT_JSON;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  let kept = 0;
  const withMaps = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withMaps);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    kept += entries.length;
    return new Map(entries.map(([key, inner]) => [key, withMaps(inner)] as const));
  };
  const value = withMaps(parsed);
  return kept === keys ? value : NOT_JSON;
}

/** How many keys a text has if it is JSON; null where it is too deep, or not for `JSON.parse`. */
function keysOf(text: string, deepest: number): number | null {
  let keys = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') at = endOfString(text, at);
    else if (char === ':') keys++;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    else if (char === '-' || isDigit(char)) {
      const end = endOfNumber(text, at);
      if (!isExact(text.slice(at, end))) return null;
      at = end - 1;
    }
    if (depth > deepest) return null;
  }
  return keys;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return at;
    if (char === '\\') at++;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && (isDigit(text.charAt(end)) || '.eE+-'.includes(text.charAt(end)))) end++;
  return end;
}

function isExact(number: string): boolean {
  if (/[.eE]/.test(number)) return true;
  return number !== '-0' && number.replace('-', '').length < 16;
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}
