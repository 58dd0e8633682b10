import type { ContentType } from './content-types';

const names: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Control characters and line separators, which script does not take in a literal, and what ends tags or attributes. */
function escapeCommon(character: string): string {
  return character === '/' ? '\\/' : (names[character] ?? unicodeEscape(character));
}

/** In a quoted string. Text that is the inside of a string already keeps its backslashes. */
export function escapeJsString(text: string, type: ContentType): string {
  const escaped = type === 'jsStr' ? text : text.replaceAll('\\', '\\\\');
  return escaped.replace(/[\0-\x1f"`&'+/<>\u2028\u2029]/g, escapeCommon);
}

/** In a template literal. */
export function escapeTemplateLiteral(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/[\0-\x1f"`&'+/<>${}\u2028\u2029]/g, escapeCommon);
}

/** In a regular expression, where the text stands for itself. */
export function escapeJsRegexp(text: string): string {
  // Nothing between two slashes would be a comment.
  if (text === '') return '(?:)';
  return text.replace(/[\0-\x1f"&'+/<>\u2028\u2029]|[$()*\-.?[\\\]^{|}]/g, (character) =>
    '$()*-.?[\\]^{|}'.includes(character) ? `\\${character}` : escapeCommon(character),
  );
}

const identifierPart = /[$\w]/;

/** A value's JSON as an expression, kept apart from the words around it. */
export function jsonAsExpression(json: string): string {
  if (json === '') return ' null ';
  const escaped = json.replace(/[\u2028\u2029]/g, unicodeEscape);
  const touchesWords = identifierPart.test(json.charAt(0)) || identifierPart.test(json.charAt(json.length - 1));
  return touchesWords ? ` ${escaped} ` : escaped;
}

/** What stands for a value that has no JSON: null, with the reason beside it. */
export function jsonErrorAsExpression(message: string): string {
  const harmless = message
    .replace(/<(\/?)script/gi, '\\x3C$1script')
    .replaceAll('*/', '* /')
    .replaceAll('<!--', '\\x3C!--');
  return ` /* ${harmless} */null `;
}
