import { goQuote } from '../labels/go-quote';

/** A request body read as JSON. Malformed ones are values: what to answer depends on what else is wrong. */
export type JsonBody = { kind: 'value'; value: unknown } | { kind: 'empty' } | { kind: 'malformed'; error: string };

/**
 * Reads the first JSON value of a body and ignores what follows it. Source: Go `json.Decoder`, which Alertmanager uses;
 * error texts are Go's.
 */
export function parseJsonBody(body: string): JsonBody {
  const text = wellFormed(body);
  const tooDeepAt = text.length > DEPTH_CHECKED_FROM ? firstTooDeep(text) : -1;
  if (tooDeepAt >= 0)
    return { kind: 'malformed', error: `invalid character ${quotedByte(text, tooDeepAt)} exceeded max depth` };
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch {
    const scanned = scanValue(text);
    if (scanned.kind === 'value') return { kind: 'value', value: JSON.parse(text.slice(0, scanned.end)) };
    return scanned;
  }
}

/** Go refuses deeper nesting. */
const MAX_DEPTH = 10_000;

/** Smaller bodies are parsed in no time however deep they are; in large ones deep nesting would block for seconds. */
const DEPTH_CHECKED_FROM = 1 << 20;

/** Where a bracket opens more levels than are allowed; -1: nowhere. */
function firstTooDeep(text: string): number {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) isInString = !isInString;
    else if (isInString) at += unit === 0x5c ? 1 : 0;
    else if (unit === 0x5b || unit === 0x7b) depth++;
    else if (unit === 0x5d || unit === 0x7d) depth--;
    if (depth > MAX_DEPTH) return at;
  }
  return -1;
}

/** Lone surrogate escapes become U+FFFD, as in Go, whose strings cannot hold them. */
function wellFormed(text: string): string {
  if (!text.includes('\\ud') && !text.includes('\\uD')) return text;
  return text.replace(escapeOrPair, (escape) => (/^\\ud...$/i.test(escape) ? '\\ufffd' : escape));
}

const escapeOrPair = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|ud[89a-f][\da-f]{2}|[^])/gi;

type Scanned = { kind: 'value'; end: number } | Exclude<JsonBody, { kind: 'value' }>;

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringPart = /[^"\\\u0000-\u001f]*/y;

/** Where the first value ends, or what Go's scanner says about the first character that does not fit. */
function scanValue(text: string): Scanned {
  let at = 0;
  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    if (pattern.test(text)) at = pattern.lastIndex;
  };
  const fail = (context: string): Scanned => ({
    kind: 'malformed',
    error: at >= text.length ? 'unexpected EOF' : `invalid character ${quotedByte(text, at)} ${context}`,
  });

  /** Null when the string ended. */
  const scanString = (): Scanned | null => {
    for (at++; ;) {
      skip(stringPart);
      const char = text.charAt(at);
      if (char === '"') {
        at++;
        return null;
      }
      if (char !== '\\') return fail('in string literal');
      at++;
      if (text.charAt(at) === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          at++;
          if (!/[\da-fA-F]/.test(text.charAt(at))) return fail('in \\u hexadecimal character escape');
        }
      } else if (!/["\\/bfnrt]/.test(text.charAt(at))) {
        return fail('in string escape code');
      }
      at++;
    }
  };
  const scanScalar = (): Scanned | null => {
    const char = text.charAt(at);
    if (char === '"') return scanString();
    const literal = literals[char];
    if (literal !== undefined) {
      for (const expected of literal) {
        if (text.charAt(at) !== expected) return fail(`in literal ${literal} (expecting '${expected}')`);
        at++;
      }
      return null;
    }
    if (!/[-\d]/.test(char)) return fail('looking for beginning of value');
    const start = at;
    skip(number);
    return at === start ? failNumber(start + 1, 'in numeric literal') : scanNumberRest();
  };
  /** What follows the longest number: a `.` or `e` here lacks its digits. */
  const scanNumberRest = (): Scanned | null => {
    const [rest] = /^(?:\.|[eE][+-]?)/.exec(text.slice(at, at + 2)) ?? [];
    if (rest === undefined) return null;
    const isFraction = rest === '.';
    return failNumber(
      at + rest.length,
      isFraction ? 'after decimal point in numeric literal' : 'in exponent of numeric literal',
    );
  };
  const failNumber = (position: number, context: string): Scanned => {
    at = position;
    return fail(context);
  };

  skip(space);
  if (at >= text.length) return { kind: 'empty' };
  const open: ('{' | '[')[] = [];
  let expectsKey = false;
  for (;;) {
    // Here a value, a key or the end of an empty container may stand.
    const char = text.charAt(at);
    if (expectsKey) {
      if (char !== '"') return fail('looking for beginning of object key string');
      const failed = scanString();
      if (failed !== null) return failed;
      skip(space);
      if (text.charAt(at) !== ':') return fail('after object key');
      at++;
      skip(space);
      expectsKey = false;
      continue;
    }
    if (char === '{' || char === '[') {
      open.push(char);
      at++;
      skip(space);
      if (text.charAt(at) !== closing[char]) {
        expectsKey = char === '{';
        continue;
      }
      at++;
      open.pop();
    } else {
      const failed = scanScalar();
      if (failed !== null) return failed;
    }
    // After a value: close what ends, then on to the next element.
    for (;;) {
      const container = open.at(-1);
      if (container === undefined) return { kind: 'value', end: at };
      skip(space);
      const next = text.charAt(at);
      if (next === closing[container]) {
        at++;
        open.pop();
        continue;
      }
      if (next !== ',') return fail(container === '{' ? 'after object key:value pair' : 'after array element');
      at++;
      skip(space);
      expectsKey = container === '{';
      break;
    }
  }
}

const closing = { '{': '}', '[': ']' } as const;

const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** Go names the byte, not the character: the first byte of its UTF-8 form, printed as if it were a character. */
function quotedByte(text: string, at: number): string {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const byte = String.fromCharCode(Buffer.from(char)[0] ?? 0);
  if (byte === "'") return "'\\''";
  if (byte === '"') return `'"'`;
  return `'${goQuote(byte).slice(1, -1)}'`;
}
