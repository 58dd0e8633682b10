import { ANY, BOOL, goFunc, HTML, signature, STRING } from '../basic-types';
import type { Budget } from '../budget';
import { toLower, toUpper } from '../go/letter-case';
import { humanizeDuration } from '../go/humanize';
import { matchString, replaceAllString } from '../go/regex';
import { Failure, type GoFunc, Scalar, textOf, type Value } from '../value';
import { convertToFloat } from './convert-to-float';

/** Functions by the names that templates call them by. */
export type Functions = Readonly<Record<string, GoFunc>>;

const oneText = signature([STRING], STRING);
const numberToText = signature([ANY], STRING, { mayFail: true });

/** A function of one text that always has an answer. */
export function textFunction(of: (text: string) => string): GoFunc {
  return goFunc(oneText, ([text], budget) => allowed(of(textOf(text)), budget));
}

/** A function of anything that can be taken for a number. */
export function numberFunction(of: (value: number) => string | Failure): GoFunc {
  return goFunc(numberToText, ([value = null]) => {
    const number = convertToFloat(value);
    return number instanceof Failure ? number : of(number);
  });
}

/** A text, paid for. */
export function allowed(text: string, budget: Budget): string {
  budget.allowLength(text.length);
  return text;
}

/** What Alertmanager's and Prometheus' templates have in the same form. */
export const COMMON_FUNCTIONS: Functions = {
  toUpper: textFunction(toUpper),
  toLower: textFunction(toLower),
  match: goFunc(signature([STRING, STRING], BOOL, { mayFail: true }), matchArgs),
  reReplaceAll: goFunc(signature([STRING, STRING, STRING], STRING), replaceArgs),
  safeHtml: goFunc(signature([STRING], HTML), ([text]) => new Scalar(HTML, textOf(text))),
  humanizeDuration: numberFunction(humanizeDuration),
};

function matchArgs([pattern, text]: readonly Value[], budget: Budget): boolean | Failure {
  budget.spend(textOf(pattern).length + (textOf(text).length >> 3));
  const result = matchString(textOf(pattern), textOf(text));
  return result.ok ? result.isMatch : new Failure(result.error);
}

function replaceArgs([pattern, replacement, text]: readonly Value[], budget: Budget): string | Failure {
  budget.spend(textOf(pattern).length + (textOf(text).length >> 3));
  const allow = (length: number): void => budget.allowLength(length);
  const result = replaceAllString(textOf(pattern), textOf(replacement), textOf(text), allow);
  return result.ok ? result.text : new Failure(result.error);
}
