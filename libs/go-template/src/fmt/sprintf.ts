import type { Budget } from '../budget';
import { typeOf } from '../basic-types';
import { joined } from '../go-string';
import { Scalar, type Value } from '../value';
import { printArg } from './print-value';
import { PLAIN, type Spec } from './spec';

/** Widths and precisions beyond are taken for mistakes. */
const MAX_NUMBER = 1_000_000;

/** `fmt.Sprintf`. */
export function sprintf(format: string, args: readonly Value[], budget: Budget): string {
  return joined(new Formatting(format, args, budget).text());
}

class Formatting {
  #at = 0;
  #arg = 0;
  #isGoodArg = true;
  #isAfterIndex = false;
  #isReordered = false;
  #out = '';

  constructor(
    readonly format: string,
    readonly args: readonly Value[],
    readonly budget: Budget,
  ) {}

  text(): string {
    const { format } = this;
    while (this.#at < format.length) {
      const next = format.indexOf('%', this.#at);
      this.#write(format.slice(this.#at, next < 0 ? undefined : next));
      if (next < 0) break;
      this.#at = next + 1;
      this.#isGoodArg = true;
      this.budget.spend(1);
      this.#write(this.#directive());
    }
    if (!this.#isReordered && this.#arg < this.args.length) this.#write(this.#extra());
    return this.#out;
  }

  #write(text: string): void {
    this.#out += text;
    this.budget.checkLength(this.#out.length);
    this.budget.spend(text.length >> 6);
  }

  #directive(): string {
    const flags = this.#flags();
    this.#isAfterIndex = this.#argNumber();
    let problems = '';
    let width: number | null = null;
    let { minus, zero } = flags;
    if (this.format[this.#at] === '*') {
      this.#at++;
      width = this.#intArg();
      if (width === null) problems += '%!(BADWIDTH)';
      if (width !== null && width < 0) {
        width = -width;
        minus = true;
        zero = false;
      }
      this.#isAfterIndex = false;
    } else {
      width = this.#number();
      if (this.#isAfterIndex && width !== null) this.#isGoodArg = false;
    }
    const { precision, problem } = this.#precision();
    if (!this.#isAfterIndex) this.#isAfterIndex = this.#argNumber();
    const code = this.format.codePointAt(this.#at);
    if (code === undefined) return `${problems}${problem}%!(NOVERB)`;
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    this.budget.allowLength((width ?? 0) + (precision ?? 0));
    return problems + problem + this.#verb(verb, { ...flags, minus, zero, width, precision });
  }

  #verb(found: string, spec: Spec): string {
    const verb = /[\ud800-\udfff]/u.test(found) ? '\ufffd' : found;
    if (verb === '%') return '%';
    if (!this.#isGoodArg) return `%!${verb}(BADINDEX)`;
    const arg = this.args[this.#arg];
    if (arg === undefined) return `%!${verb}(MISSING)`;
    this.#arg++;
    if (verb !== 'v' && verb !== 'w') return printArg(arg, verb, spec, this.budget);
    const asSource = { ...spec, sharpV: spec.sharp, sharp: false, plusV: spec.plus, plus: false };
    return printArg(arg, verb, asSource, this.budget);
  }

  #flags(): Spec {
    let { plus, minus, sharp, space, zero } = PLAIN;
    for (; ; this.#at++) {
      switch (this.format[this.#at]) {
        case '#':
          sharp = true;
          break;
        case '0':
          zero = true;
          break;
        case '+':
          plus = true;
          break;
        case '-':
          minus = true;
          break;
        case ' ':
          space = true;
          break;
        default:
          return { ...PLAIN, plus, minus, sharp, space, zero };
      }
    }
  }

  #precision(): { precision: number | null; problem: string } {
    const { format } = this;
    if (format[this.#at] !== '.' || this.#at + 1 >= format.length) return { precision: null, problem: '' };
    this.#at++;
    if (this.#isAfterIndex) this.#isGoodArg = false;
    this.#isAfterIndex = this.#argNumber();
    if (format[this.#at] !== '*') return { precision: this.#number() ?? 0, problem: '' };
    this.#at++;
    this.#isAfterIndex = false;
    const given = this.#intArg();
    const precision = given !== null && given >= 0 ? given : null;
    return { precision, problem: precision === null ? '%!(BADPREC)' : '' };
  }

  /** A number in decimal digits; one that is far too large takes the rest of the format with it. */
  #number(): number | null {
    const start = this.#at;
    let number = 0;
    for (; isDigit(this.format[this.#at]); this.#at++) {
      if (number > MAX_NUMBER) {
        this.#at = this.format.length;
        return null;
      }
      number = number * 10 + Number(this.format[this.#at]);
    }
    return this.#at > start ? number : null;
  }

  /** The integer that `*` stands for. */
  #intArg(): number | null {
    const arg = this.args[this.#arg];
    if (arg === undefined) return null;
    this.#arg++;
    const value = arg instanceof Scalar ? arg.value : arg;
    if (typeof value !== 'bigint' || value > MAX_NUMBER || value < -MAX_NUMBER) return null;
    return Number(value);
  }

  /** Takes `[n]`, which says what argument is next; false where there is none, or where it is no number. */
  #argNumber(): boolean {
    if (this.format[this.#at] !== '[') return false;
    this.#isReordered = true;
    const close = this.format.indexOf(']', this.#at);
    const start = this.#at + 1;
    this.budget.spend(((close < 0 ? this.format.length : close) - start) >> 6);
    if (close < 0) {
      this.#at = start;
      this.#isGoodArg = false;
      return false;
    }
    this.#at = close + 1;
    const digits = this.format.slice(start, close);
    const isNumber = /^[0-9]+$/.test(digits) && Number(digits.slice(0, -1)) <= MAX_NUMBER;
    const index = Number(digits) - 1;
    if (isNumber && index >= 0 && index < this.args.length) {
      this.#arg = index;
      return true;
    }
    this.#isGoodArg = false;
    return isNumber;
  }

  #extra(): string {
    const rest = this.args.slice(this.#arg).map((arg) => {
      if (arg === null) return '<nil>';
      return `${typeOf(arg).name}=${printArg(arg, 'v', PLAIN, this.budget)}`;
    });
    return `%!(EXTRA ${rest.join(', ')})`;
  }
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}
