import { toBytes } from '../go/bytes';
import { canBackquote, quote, quoteToAscii } from '../go/quote';
import { firstRunes } from '../go-string';
import { pad, type Spec } from './spec';

/** `%s`. */
export function formatText(text: string, spec: Spec): string {
  return pad(truncated(text, spec), spec);
}

/** `%q`. */
export function formatQuoted(text: string, spec: Spec): string {
  const kept = truncated(text, spec);
  if (spec.sharp && canBackquote(kept)) return pad(`\`${kept}\``, spec);
  return pad(spec.plus ? quoteToAscii(kept) : quote(kept), spec);
}

/** `%x` and `%X` of the bytes. */
export function formatHex(text: string, isUpper: boolean, spec: Spec): string {
  const bytes = [...toBytes(text).subarray(0, spec.precision ?? undefined)];
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const prefix = spec.sharp && bytes.length > 0 ? '0x' : '';
  const hex = spec.space ? digits.map((pair) => prefix + pair).join(' ') : prefix + digits.join('');
  return pad(isUpper ? hex.toUpperCase() : hex, spec);
}

function truncated(text: string, { precision }: Spec): string {
  return precision === null ? text : firstRunes(text, precision);
}
