import { type RegexShape, regexShape } from '@tocsin/common/matchers/compile-regex';
import { createMatcher, type Matcher } from '@tocsin/common/matchers/matcher';
import { type SilenceMatcher } from './silence';

/** A matcher that is compiled when it is first needed: compiling thousands at once would be felt. */
export class Condition {
  readonly name: string;
  readonly op: SilenceMatcher['op'];
  readonly value: string;
  /** Of `=~`; null for the others. */
  readonly shape: RegexShape | null;
  /** Order of testing: comparing goes before looking at texts, that before running a regex. */
  readonly cost: number;
  /** Null: it does not compile, so nothing satisfies it. */
  private compiled: Matcher | null | undefined;

  constructor({ name, op, value }: SilenceMatcher) {
    this.name = name;
    this.op = op;
    this.value = value;
    this.shape = op === '=~' ? regexShape(value) : null;
    this.cost = this.shape === null ? (op === '!~' ? 3 : 0) : this.shape.literals === null ? 2 : 1;
  }

  /** Whether a label value satisfies it; an absent label has the value ''. */
  test(value: string): boolean {
    if (this.op === '=') return value === this.value;
    if (this.op === '!=') return value !== this.value;
    const { shape } = this;
    if (shape !== null) {
      if (shape.literals !== null) return shape.literals.has(value);
      if (!value.endsWith(shape.suffix) || !startsWithAny(value, shape.prefixes)) return false;
    }
    if (this.compiled === undefined) {
      const created = createMatcher(this.name, this.op, this.value);
      this.compiled = created.ok ? created.matcher : null;
    }
    return this.compiled?.matches(value) ?? false;
  }
}

function startsWithAny(value: string, prefixes: readonly string[]): boolean {
  for (const prefix of prefixes) if (value.startsWith(prefix)) return true;
  return false;
}

/** Equal matchers of different silences are one condition. */
export class ConditionPool {
  private readonly byText = new Map<string, { condition: Condition; uses: number }>();

  get size(): number {
    return this.byText.size;
  }

  take(matcher: SilenceMatcher): Condition {
    const text = textOf(matcher);
    let known = this.byText.get(text);
    if (known === undefined) this.byText.set(text, (known = { condition: new Condition(matcher), uses: 0 }));
    known.uses++;
    return known.condition;
  }

  /** What nobody uses any more is forgotten. */
  giveBack(condition: Condition): void {
    const text = textOf(condition);
    const known = this.byText.get(text);
    if (known !== undefined && --known.uses === 0) this.byText.delete(text);
  }
}

function textOf({ name, op, value }: SilenceMatcher): string {
  return `${name}\0${op}\0${value}`;
}
