import { type ContentType, failsafe } from './content-types';
import { decodeCss } from './css-text';

/** In a string of CSS: what means something in CSS or HTML becomes an escape. */
export function escapeCss(text: string): string {
  return text.replace(/[\0\t\n\f\r"&'()+/:;<>\\{}]/g, (character, at: number) => {
    if (character === '\\') return '\\\\';
    const next = text.charAt(at + 1);
    // A hexadecimal digit or a space would belong to the escape.
    const separator = next === '' || /[0-9a-fA-F\t\n\f\r ]/.test(next) ? ' ' : '';
    return `\\${character.charCodeAt(0).toString(16)}${separator}`;
  });
}

/** As a value of CSS: sizes, colours, names; nothing that ends the value or runs script. */
export function filterCssValue(text: string, type: ContentType): string {
  if (type === 'css') return text;
  const value = decodeCss(text);
  if (/[\0"'()/;@[\\\]`{}<>]|--/.test(value)) return failsafe;
  const name = value.replace(/\W/g, '').toLowerCase();
  return name.includes('expression') || name.includes('mozbinding') ? failsafe : value;
}
