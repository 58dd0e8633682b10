import { Secret } from '@tocsin/common/config/secret';

/** Rules of a section, each with whether it is broken, in the order in which they are checked. */
export type Rules = readonly (readonly [isBroken: boolean, message: string])[];

/** A text, a secret or the name of a file. */
type Setting = string | Secret;

/** What the broken ones say. */
export function broken(rules: Rules): string[] {
  return rules.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

/** Whether there is anything in it. */
export function isSet(value: Setting): boolean {
  return (value instanceof Secret ? value.reveal() : value) !== '';
}

/** The local setting, or the global one. */
export function or<T extends Setting>(own: T, inherited: T): T {
  return isSet(own) ? own : inherited;
}

/** Broken when both are set; `names` as in `api_key & api_key_file`. */
export function notBoth(a: Setting, b: Setting, names: string): Rules[number] {
  return [isSet(a) && isSet(b), `at most one of ${names} must be configured`];
}

/** Broken when neither is set. */
export function oneOf(a: Setting, b: Setting, message: string): Rules[number] {
  return [!isSet(a) && !isSet(b), message];
}
