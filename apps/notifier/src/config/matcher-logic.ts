import { type Matcher } from '@tocsin/common/matchers/matcher';

interface LabelFacts {
  readonly own: Matcher[];
  /** The values the label can have; null: too many to list. */
  possible: readonly string[] | null;
}

/**
 * What is certain of alerts that match all of some matchers, without seeing alerts. Regexes are compared by their text
 * and tried on literal values, so `true` is certain and `false` means that nothing can be said.
 */
export class MatcherFacts {
  private readonly labels = new Map<string, LabelFacts>();

  constructor(matchers: readonly Matcher[]) {
    for (const matcher of matchers) {
      const facts = this.labels.get(matcher.name);
      if (facts) facts.own.push(matcher);
      else this.labels.set(matcher.name, { own: [matcher], possible: null });
    }
    for (const facts of this.labels.values()) facts.possible = possibleValues(facts.own);
  }

  /** Whether there are no such alerts. */
  contradict(): boolean {
    return [...this.labels.values()].some(({ own, possible }) =>
      possible === null ? own.some((matcher) => isDenied(own, matcher)) : possible.length === 0,
    );
  }

  /** Whether all of them match these matchers too. */
  imply(matchers: readonly Matcher[]): boolean {
    return matchers.every((matcher) => {
      const { own, possible } = this.labels.get(matcher.name) ?? nothing;
      if (possible !== null) return possible.every((value) => matcher.matches(value));
      return isAlways(matcher) || own.some((other) => isSame(other, matcher)) || excludesAllOthers(own, matcher);
    });
  }
}

const nothing: LabelFacts = { own: [], possible: null };

function possibleValues(own: readonly Matcher[]): readonly string[] | null {
  for (const { op, value, regex } of own) {
    const listed = op === '=' ? [value] : op === '=~' ? regex?.literals : null;
    if (listed) return [...listed].filter((candidate) => own.every((matcher) => matcher.matches(candidate)));
  }
  return null;
}

/** Whether one of them is the very opposite of this one. */
function isDenied(own: readonly Matcher[], { op, value }: Matcher): boolean {
  return op === '=~' && own.some((other) => other.op === '!~' && other.value === value);
}

function isSame(a: Matcher, b: Matcher): boolean {
  return a.op === b.op && a.value === b.value;
}

function isAlways({ op, value }: Matcher): boolean {
  return op === '=~' && value === '.*';
}

/** Whether all values that this matcher refuses are few, and refused by the others as well. */
function excludesAllOthers(own: readonly Matcher[], { op, value, regex }: Matcher): boolean {
  const refused = op === '!=' ? [value] : op === '!~' ? regex?.literals : value === '.+' && op === '=~' ? [''] : null;
  return refused ? [...refused].every((candidate) => own.some((other) => !other.matches(candidate))) : false;
}
