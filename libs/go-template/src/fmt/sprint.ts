import type { Budget } from '../budget';
import { joined } from '../go-string';
import { Scalar, type Value } from '../value';
import { printArg } from './print-value';
import { PLAIN } from './spec';

/** `fmt.Sprint`: a space between operands neither of which is a string. */
export function sprint(args: readonly Value[], budget: Budget): string {
  const [first] = args;
  if (args.length === 1 && typeof first === 'string') return first;
  let text = '';
  args.forEach((arg, place) => {
    if (place > 0 && !isText(arg) && !isText(args[place - 1])) text += ' ';
    text += printArg(arg, 'v', PLAIN, budget);
    budget.spend(1);
    budget.checkLength(text.length);
  });
  budget.spend(text.length >> 6);
  return joined(text);
}

/** `fmt.Sprintln`: spaces between all operands, and a newline. */
export function sprintln(args: readonly Value[], budget: Budget): string {
  let text = '';
  args.forEach((arg, place) => {
    text += (place > 0 ? ' ' : '') + printArg(arg, 'v', PLAIN, budget);
    budget.spend(1);
    budget.checkLength(text.length);
  });
  budget.spend(text.length >> 6);
  return joined(`${text}\n`);
}

function isText(value: Value | undefined): boolean {
  return typeof (value instanceof Scalar ? value.value : value) === 'string';
}
