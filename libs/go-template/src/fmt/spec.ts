import { runeCount } from '../go-string';

/** What stands between `%` and the verb. */
export interface Spec {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** `%+v`: structs with the names of their fields. */
  readonly plusV: boolean;
  /** `%#v`: as Go source. */
  readonly sharpV: boolean;
  readonly width: number | null;
  readonly precision: number | null;
}

/** A verb alone. */
export const PLAIN: Spec = {
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: null,
  precision: null,
};

/** Fills up to the width, on the left with zeros if they are asked for. */
export function pad(text: string, spec: Spec): string {
  return fill(text, spec, spec.zero && !spec.minus ? '0' : ' ');
}

/** Fills up to the width with spaces. */
export function padPlain(text: string, spec: Spec): string {
  return fill(text, spec, ' ');
}

function fill(text: string, { width, minus }: Spec, filler: string): string {
  if (width === null) return text;
  const missing = width - runeCount(text);
  if (missing <= 0) return text;
  return minus ? text + ' '.repeat(missing) : filler.repeat(missing) + text;
}
