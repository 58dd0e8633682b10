import { type Problem } from './http.errors';

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
const firstToken = new RegExp(`^${TOKEN}`);
const subtype = new RegExp(`^/${TOKEN}`);
const parameter = new RegExp(`^\\s*;\\s*(${TOKEN})\\s*=\\s*(?:${TOKEN}|"(?:[^"\\\\\\r\\n]|\\\\.)*")`);

/** Why a `Content-Type` cannot be read; null: it can. Source: Go's `mime.ParseMediaType`, whose words they are. */
export function mediaTypeMistake(header: string): string | null {
  const [base = ''] = header.split(';', 1);
  const type = base.trim();
  const afterType = type.replace(firstToken, '');
  if (afterType === type) return 'mime: no media type';
  if (afterType === '') return `mediatype: malformed: "${type}" has no subtype`;
  if (!afterType.startsWith('/')) return 'mime: expected slash after first token';
  const afterSubtype = afterType.replace(subtype, '');
  if (afterSubtype === afterType) return 'mime: expected token after slash';
  if (afterSubtype !== '') return 'mime: unexpected content after media subtype';
  return parametersMistake(header.slice(base.length));
}

function parametersMistake(text: string): string | null {
  const names = new Set<string>();
  for (let rest = text; rest.trim() !== '';) {
    const [whole, name = ''] = parameter.exec(rest) ?? [];
    // One semicolon may end the list.
    if (whole === undefined) return rest.trim() === ';' ? null : 'mime: invalid media parameter';
    if (names.has(name.toLowerCase())) return 'mime: duplicate parameter name';
    names.add(name.toLowerCase());
    rest = rest.slice(whole.length);
  }
  return null;
}

/** Why a body of a type other than JSON is refused. Go takes a body without a type for any bytes. */
export function typeRefusal(header: string | undefined): Problem {
  const type = header === undefined || header === '' ? 'application/octet-stream' : header;
  const reason = mediaTypeMistake(type);
  if (reason !== null) return { kind: 'unreadable-type', header: type, reason };
  return { kind: 'body-type', met: type.split(';', 1)[0]?.trim().toLowerCase() ?? '' };
}
