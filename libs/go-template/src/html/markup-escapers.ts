import { attributeType } from './attribute-types';
import { type ContentType, failsafe } from './content-types';
import { stripTags } from './strip-tags';

const references: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  '&': '&amp;',
  "'": '&#39;',
  '+': '&#43;',
  '<': '&lt;',
  '>': '&gt;',
};

function escapeAll(text: string): string {
  return text.replace(/[\0"&'+<>]/g, (character) => references[character] ?? character);
}

/** For text that is HTML already: its references stay what they are. */
function escapeAllButReferences(text: string): string {
  return text.replace(/[\0"'+<>]/g, (character) => references[character] ?? character);
}

/** Between tags. */
export function escapeHtml(text: string, type: ContentType): string {
  return type === 'html' ? text : escapeAll(text);
}

/** In a quoted attribute. */
export function escapeAttribute(text: string, type: ContentType): string {
  return type === 'html' ? escapeAllButReferences(stripTags(text)) : escapeAll(text);
}

/** In `<title>` and `<textarea>`. */
export function escapeRcdata(text: string, type: ContentType): string {
  return type === 'html' ? escapeAllButReferences(text) : escapeAll(text);
}

/** Lone surrogates are bytes that are no UTF-8; the ranges are those that some browsers do not take in such a place. */
const unquotedUnsafe = /[\0\t-\r "'+<=>`\ufdd0-\ufdef\ufff0-\uffff]|\p{Surrogate}/gu;
const unquotedUnsafeOrReference = new RegExp(`&|${unquotedUnsafe.source}`, 'gu');

function unquotedReference(character: string): string {
  const known = references[character];
  if (known !== undefined && character !== '\0') return known;
  const code = character.codePointAt(0) ?? 0;
  if (code === 0 || /\p{Surrogate}/u.test(character)) return '&#xfffd;';
  return code > 0xff ? `&#x${code.toString(16)};` : `&#${code};`;
}

/** In an attribute without quotes, where an empty value would make the next word the value. */
export function escapeUnquoted(text: string, type: ContentType): string {
  if (text === '') return failsafe;
  return type === 'html'
    ? stripTags(text).replace(unquotedUnsafe, unquotedReference)
    : text.replace(unquotedUnsafeOrReference, unquotedReference);
}

/** In place of an attribute's name: only names whose values are plain text. */
export function filterAttributeName(text: string, type: ContentType): string {
  if (type === 'htmlAttr') return text;
  const name = text.toLowerCase();
  return attributeType(name) === 'plain' && /^[0-9a-z]+$/.test(name) ? name : failsafe;
}

/** In a comment, which is left out of the output, and its values with it. */
export function omit(): string {
  return '';
}
