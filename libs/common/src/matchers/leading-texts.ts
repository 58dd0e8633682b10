/** What the text of a pattern says about the values it matches when anchored. */
export interface LeadingTexts {
  /** Every value starts with one of these; none of them starts with another. `['']`: nothing is known. */
  readonly texts: readonly string[];
  /** Whether the values are exactly these. */
  readonly isExact: boolean;
}

/**
 * Reads a pattern that RE2 accepts, as far as it is literal: `node-(a|b)[0-9]+` starts with `node-a` or `node-b`.
 *
 * For use in an index: what it does not understand (flags, `\Q`) it says nothing about.
 */
export function leadingTexts(pattern: string): LeadingTexts {
  const reader = new PatternReader(pattern);
  const read = reader.alternatives(0, true);
  if (reader.hasGivenUp || !reader.isAtEnd) return NOTHING;
  return read.isExact ? { texts: [...new Set(read.texts)], isExact: true } : withoutLonger(read.texts);
}

const NOTHING: LeadingTexts = { texts: [''], isExact: false };

/** More alternatives than this are no help. */
const MAX_TEXTS = 128;

const quantifiers = /(?:[*+?]|\{\d+(?:,\d*)?\})*/y;
const groupStart = /\((?:\?:|\?P?<\w+>)?(?!\?)/y;

class PatternReader {
  hasGivenUp = false;
  private at = 0;

  constructor(private readonly pattern: string) {}

  get isAtEnd(): boolean {
    return this.at === this.pattern.length;
  }

  /** `isAtStart`: no text can come before. */
  alternatives(depth: number, isAtStart: boolean): LeadingTexts {
    const texts: string[] = [];
    let isExact = true;
    for (;;) {
      const sequence = this.sequence(depth, isAtStart);
      texts.push(...sequence.texts);
      isExact &&= sequence.isExact;
      if (this.hasGivenUp || this.next !== '|') break;
      this.at++;
    }
    return texts.length > MAX_TEXTS ? NOTHING : { texts, isExact };
  }

  private sequence(depth: number, isAtStart: boolean): LeadingTexts {
    let texts: readonly string[] = [''];
    // Once false, what follows is only skipped.
    let isExact = true;
    while (!this.hasGivenUp && !this.isAtEnd && this.next !== '|' && this.next !== ')') {
      const atom = this.atom(depth, isAtStart && isExact && texts.every((text) => text === ''));
      const times = this.quantifier();
      if (!isExact) continue;
      const longer = times === 'any' ? null : joined(texts, atom.texts);
      isExact = longer !== null && atom.isExact && times === 'once';
      texts = longer ?? texts;
    }
    return { texts, isExact };
  }

  private get next(): string {
    return this.pattern.charAt(this.at);
  }

  private atom(depth: number, isAtStart: boolean): LeadingTexts {
    const { pattern } = this;
    const char = String.fromCodePoint(pattern.codePointAt(this.at)!);
    switch (char) {
      case '(':
        return this.group(depth, isAtStart);
      case '[':
        this.skipClass();
        return NOTHING;
      case '\\':
        return this.escape();
      case '.':
        this.at++;
        return NOTHING;
      case '^':
        this.at++;
        return { texts: [''], isExact: isAtStart };
      case '$':
        this.at++;
        return { texts: [''], isExact: depth === 0 && (this.isAtEnd || this.next === '|') };
      case '*':
      case '+':
      case '?':
        return this.giveUp();
      default:
        this.at += char.length;
        return { texts: [char], isExact: true };
    }
  }

  private group(depth: number, isAtStart: boolean): LeadingTexts {
    groupStart.lastIndex = this.at;
    if (!groupStart.test(this.pattern)) return this.giveUp();
    this.at = groupStart.lastIndex;
    const inner = this.alternatives(depth + 1, isAtStart);
    if (this.next !== ')') return this.giveUp();
    this.at++;
    return inner;
  }

  private escape(): LeadingTexts {
    const char = this.pattern.charAt(this.at + 1);
    if (char === '' || char === 'Q') return this.giveUp();
    this.at += 2;
    return /[!-/:-@[-`{-~ ]/.test(char) ? { texts: [char], isExact: true } : NOTHING;
  }

  private skipClass(): void {
    const { pattern } = this;
    this.at++;
    if (this.next === '^') this.at++;
    // A bracket that comes first is a member.
    if (this.next === ']') this.at++;
    while (!this.isAtEnd && this.next !== ']') {
      const named = this.next === '[' && pattern.charAt(this.at + 1) === ':' ? pattern.indexOf(':]', this.at + 2) : -1;
      if (named !== -1) this.at = named + 2;
      else this.at += this.next === '\\' ? 2 : 1;
    }
    if (this.next !== ']') this.giveUp();
    this.at++;
  }

  private quantifier(): 'once' | 'some' | 'any' {
    quantifiers.lastIndex = this.at;
    const [text = ''] = quantifiers.exec(this.pattern) ?? [];
    this.at += text.length;
    if (text === '') return 'once';
    return text === '+' || text === '+?' ? 'some' : 'any';
  }

  private giveUp(): LeadingTexts {
    this.hasGivenUp = true;
    return NOTHING;
  }
}

/** Null: too many. */
function joined(heads: readonly string[], tails: readonly string[]): readonly string[] | null {
  if (heads.length * tails.length > MAX_TEXTS) return null;
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function withoutLonger(texts: readonly string[]): LeadingTexts {
  const shortest: string[] = [];
  for (const text of [...texts].sort((a, b) => a.length - b.length)) {
    if (!shortest.some((start) => text.startsWith(start))) shortest.push(text);
  }
  return { texts: shortest, isExact: false };
}
