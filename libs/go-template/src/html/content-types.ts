import { CSS, HTML, HTML_ATTR, JS, JS_STR, SRCSET, URL } from '../basic-types';
import type { ScalarType } from '../value';

/** What a value's type vouches for: such text passes unescaped where it belongs. */
export type ContentType = 'plain' | 'css' | 'html' | 'htmlAttr' | 'js' | 'jsStr' | 'url' | 'srcset';

const contentTypes: ReadonlyMap<ScalarType, ContentType> = new Map<ScalarType, ContentType>([
  [CSS, 'css'],
  [HTML, 'html'],
  [HTML_ATTR, 'htmlAttr'],
  [JS, 'js'],
  [JS_STR, 'jsStr'],
  [SRCSET, 'srcset'],
  [URL, 'url'],
]);

/** What a type vouches for; undefined for a type that says nothing. */
export function contentTypeOf(type: ScalarType): ContentType | undefined {
  return contentTypes.get(type);
}

/** What is printed in place of a value that would be unsafe: Go's word, so that it is found by a search. */
export const failsafe = 'ZgotmplZ';

/** An escaper of text: what may stand in its context for the text of a value. */
export type TextEscaper = (text: string, type: ContentType) => string;
