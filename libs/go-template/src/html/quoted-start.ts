import { firstRunes } from '../go-string';
import { quote } from '../go/quote';

const shown = 32;

/** The first characters of a piece of the template as an error shows them. */
export function quotedStart(text: string): string {
  return quote(firstRunes(text, shown));
}
