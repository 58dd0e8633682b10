/** An element of a layout that stands for a part of the time. */
export type LayoutElement =
  | 'January'
  | 'Jan'
  | '1'
  | '01'
  | 'Monday'
  | 'Mon'
  | '2'
  | '_2'
  | '02'
  | '__2'
  | '002'
  | '15'
  | '3'
  | '03'
  | '4'
  | '04'
  | '5'
  | '05'
  | '2006'
  | '06'
  | 'PM'
  | 'pm'
  | 'MST'
  | 'Z0700'
  | 'Z070000'
  | 'Z07'
  | 'Z07:00'
  | 'Z07:00:00'
  | '-0700'
  | '-070000'
  | '-07'
  | '-07:00'
  | '-07:00:00'
  /** `.000` and the like: as many digits. */
  | 'fraction'
  /** `.999` and the like: without trailing zeros. */
  | 'short-fraction';

/** A part of a layout: text, then an element, which only the last part may lack. */
export interface LayoutPart {
  readonly prefix: string;
  readonly element: LayoutElement | null;
  /** The element as it is written. */
  readonly text: string;
}

// In the order in which Go looks; `Jan` and `Mon` are no element of `Janus` and `Month`.
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_(?=2006)|_2|__2|3|4|5|PM|pm|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?![0-9])/g;

/** Takes a layout apart. Source: Go `time.Time.Format`. */
export function layoutParts(layout: string): readonly LayoutPart[] {
  const known = parsed.get(layout);
  if (known !== undefined) return known;
  const parts = split(layout);
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(layout, parts);
  return parts;
}

const maxParsed = 100;
const parsed = new Map<string, readonly LayoutPart[]>();

function split(layout: string): LayoutPart[] {
  const parts: LayoutPart[] = [];
  let start = 0;
  for (const { 0: text, index } of layout.matchAll(elements)) {
    // Of `_2006` the underscore is text.
    if (text === '_') continue;
    parts.push({ prefix: layout.slice(start, index), element: elementOf(text), text });
    start = index + text.length;
  }
  parts.push({ prefix: layout.slice(start), element: null, text: '' });
  return parts;
}

function elementOf(text: string): LayoutElement {
  if (/^[.,]0/.test(text)) return 'fraction';
  return /^[.,]9/.test(text) ? 'short-fraction' : asElement(text);
}

/** The pattern above leaves nothing else. */
function asElement(text: string): LayoutElement {
  return text as LayoutElement;
}
