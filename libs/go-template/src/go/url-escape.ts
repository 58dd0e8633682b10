import { fromBytes, toBytes } from './bytes';
import { quote } from './quote';

/** Text for a query: spaces are `+`. Source: Go `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return escapeBytes(text, /[A-Za-z0-9\-_.~]/).replaceAll('%20', '+');
}

/** Text for one segment of a path. Source: Go `url.PathEscape`. */
export function pathEscape(text: string): string {
  return escapeBytes(text, /[A-Za-z0-9\-_.~$&+:=@]/);
}

function escapeBytes(text: string, plain: RegExp): string {
  let escaped = '';
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    escaped += plain.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

export type TextRead = { ok: true; text: string } | { ok: false; error: string };

/** Undoes `queryEscape`. Source: Go `url.QueryUnescape`. */
export function queryUnescape(text: string): TextRead {
  return unescape(text, true);
}

/** Undoes `pathEscape`. Source: Go `url.PathUnescape`. */
export function pathUnescape(text: string): TextRead {
  return unescape(text, false);
}

function unescape(text: string, plusIsSpace: boolean): TextRead {
  const wrong = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (wrong !== null) {
    const seen = fromBytes(toBytes(text.slice(wrong.index, wrong.index + 4)).subarray(0, 3));
    return { ok: false, error: `invalid URL escape ${quote(seen)}` };
  }
  const spaced = plusIsSpace ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return { ok: true, text: spaced };
  const parts = spaced.split(/%([0-9a-fA-F]{2})/);
  const bytes = parts.map((part, place) =>
    place % 2 === 1 ? Uint8Array.of(Number.parseInt(part, 16)) : toBytes(part),
  );
  return { ok: true, text: fromBytes(Buffer.concat(bytes)) };
}
