// Random template texts, mostly well formed, from a seed.

/** A number from 0 to below 1, the same ones for the same seed. */
export type Random = () => number;

/** A small generator (mulberry32): good enough to choose with, and the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What random templates may name. */
export interface Names {
  /** Keys of the data. */
  readonly fields: readonly string[];
  readonly functions: readonly string[];
}

/** A random template. */
export function randomTemplate(random: Random, names: Names): string {
  const writer = new TemplateWriter(random, names);
  const text = writer.body(3);
  return random() < 0.15 ? damaged(text, random) : text;
}

const TEXTS = ['', ' ', 'x', '\n', ' a b ', 'é😀', '"', '<b>', '}}', '{', '\t\n '];
const LITERALS = [
  ...['0', '1', '2', '-1', '3', '7', '10', '1.5', '-0.0', '1e3', '1e-9', '1e21', '0x1F', "'a'", "'\\n'", '0b11', '0o7'],
  ...['""', '"a"', '"k1"', '"é😀"', '`raw`', '"\\xff"', '"%d"', '"__proto__"', '"constructor"', '"x,y"', '","', '"b"'],
  ...['true', 'false', 'nil', '9223372036854775807', '18446744073709551615', '-9223372036854775808', '1_000', '0x1p4'],
];
const SUBFIELDS = [
  ...['x', 'a', 'b', 'k1', 'k', 'n', 'deep', 'X', 'Y', 'Name', 'Tags', 'Inner', 'Sum', 'Scale', 'Greet', 'Vary', 'Any'],
  ...['Labels', 'Names', 'Get', 'Fail', 'Join', 'Next', 'Title', 'Error', 'String', 'one', 'p', 'l', 'w'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'name', 'self', 'valueOf'],
];
const FLAGS = ['', '', '', '+', '-', '#', ' ', '0', '+#', '-0'];
const WIDTHS = [
  '',
  '',
  '',
  '5',
  '12',
  '*',
  '.2',
  '.0',
  '8.3',
  '.*',
  '*.*',
  '[1]',
  '[2]*',
  '[3].[1]*',
  '999999',
  '.99999',
];
const VERBS = [...'vvvvsdqxXtTbcoOUeEfFgGpwz%!'];

/** Calls that go well, by kinds of their arguments: what templates are mostly made of. */
const CALLS: readonly (readonly [string, ...string[]])[] = [
  ['add', 'int', 'int'],
  ['len', 'list'],
  ['len', 'map'],
  ['len', 'text'],
  ['index', 'list', 'small'],
  ['index', 'map', 'key'],
  ['slice', 'text', 'small'],
  ['slice', 'list', 'small'],
  ['eq', 'int', 'int'],
  ['eq', 'text', 'text', 'text'],
  ['ne', 'text', 'text'],
  ['lt', 'int', 'int'],
  ['ge', 'text', 'text'],
  ['and', 'any', 'any'],
  ['or', 'any', 'any', 'any'],
  ['not', 'any'],
  ['print', 'any', 'any'],
  ['println', 'any'],
  ['html', 'any'],
  ['js', 'text'],
  ['urlquery', 'any'],
  ['join', 'text', 'strings'],
  ['strs', 'text', 'text'],
  ['list', 'any', 'any', 'text'],
  ['dict', 'text', 'any'],
  ['same', 'any'],
];
const OPERANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['int', ['1', '2', '-3', '$.one', '$.two', '(len $.words)', '(add 1 2)', '$.neg']],
  ['small', ['0', '1', '2']],
  ['text', ['"a"', '`b`', '$.s', '$.uni', '$.empty', '$.html', '(print $.one)', '(printf "%v" $.map)']],
  ['key', ['"a"', '"k1"', '"__proto__"', '$.s']],
  ['list', ['$.words', '$.ints', '$.mixed', '$.points', '(list 1 nil "x")', '$.levels', '$.nested']],
  ['strings', ['$.words', '(strs "p" "q")', '$.none', '$.point.Tags']],
  ['map', ['$.map', '$.sm', '$.labels', '$.counts', '(dict "k" 1)', '$.map.deep']],
]);

class TemplateWriter {
  readonly #variables: string[] = [];
  #defined = 0;
  #ranges = 0;

  constructor(
    readonly random: Random,
    readonly names: Names,
  ) {}

  body(depth: number): string {
    const mark = this.#variables.length;
    let text = '';
    for (let count = this.#below(5); count >= 0; count--) text += this.#piece(depth);
    this.#variables.length = mark;
    return text;
  }

  #piece(depth: number): string {
    const kinds = depth > 0 ? 13 : 5;
    switch (this.#below(kinds)) {
      case 0:
      case 1:
        return this.#pick(TEXTS);
      case 2:
      case 3:
        return this.#action(this.#pipeline(2));
      case 4:
        return this.#declaration();
      case 5:
      case 6:
        return this.#branch('if', depth);
      case 7:
        return this.#branch('with', depth);
      case 8:
      case 9:
        return this.#range(depth);
      case 10:
        return this.#definition(depth);
      case 11:
        return this.#action(`template "t${this.#below(3)}" ${this.#pipeline(1)}`);
      default:
        return this.#ranges > 0 ? this.#action(this.#pick(['break', 'continue'])) : '{{/* comment */}}';
    }
  }

  #action(inside: string): string {
    const left = this.#chance(0.1) ? '{{- ' : '{{';
    return `${left}${inside}${this.#chance(0.1) ? ' -}}' : '}}'}`;
  }

  #declaration(): string {
    const value = this.#pipeline(2);
    const known = this.#chance(0.4) && this.#variables.length > 0;
    if (known) return this.#action(`${this.#pick(this.#variables)} = ${value}`);
    return this.#action(`${this.#declared()} := ${value}`);
  }

  #declared(): string {
    const name = `$v${this.#below(4)}`;
    this.#variables.push(name);
    return name;
  }

  #branch(kind: 'if' | 'with', depth: number): string {
    const mark = this.#variables.length;
    const value = this.#pipeline(2);
    const start = this.#action(this.#chance(0.2) ? `${kind} ${this.#declared()} := ${value}` : `${kind} ${value}`);
    const body = this.body(depth - 1);
    let rest = '';
    if (this.#chance(0.2)) rest += this.#action(`else ${kind} ${this.#pipeline(1)}`) + this.body(depth - 1);
    if (this.#chance(0.4)) rest += this.#action('else') + this.body(depth - 1);
    this.#variables.length = mark;
    return `${start}${body}${rest}${this.#action('end')}`;
  }

  #range(depth: number): string {
    const mark = this.#variables.length;
    const value = this.#pipeline(2);
    const names = this.#chance(0.5)
      ? []
      : this.#chance(0.5)
        ? [this.#declared()]
        : [this.#declared(), this.#declared()];
    const start = this.#action(`range ${names.join(', ')}${names.length > 0 ? ' := ' : ''}${value}`);
    this.#ranges++;
    const body = this.body(depth - 1);
    this.#ranges--;
    const rest = this.#chance(0.3) ? this.#action('else') + this.body(depth - 1) : '';
    this.#variables.length = mark;
    return `${start}${body}${rest}${this.#action('end')}`;
  }

  #definition(depth: number): string {
    const name = `t${this.#defined++}`;
    const ranges = this.#ranges;
    const hidden = this.#variables.splice(0);
    this.#ranges = 0;
    const isBlock = this.#chance(0.4);
    const body = this.body(depth - 1);
    this.#variables.push(...hidden);
    this.#ranges = ranges;
    const start = isBlock ? `block "${name}" ${this.#pipeline(1)}` : `define "${name}"`;
    return `${this.#action(start)}${body}${this.#action('end')}`;
  }

  #pipeline(depth: number): string {
    let text = this.#command(depth);
    while (this.#chance(0.2)) text += ` | ${this.#chance(0.8) ? this.#call(depth) : this.#command(depth)}`;
    return text;
  }

  #command(depth: number): string {
    const roll = this.random();
    if (roll < 0.55) return this.#call(depth);
    if (roll < 0.7) return this.#ofKind(this.#pick([...OPERANDS.keys()]), depth);
    const operand = this.#operand(depth);
    return this.#chance(0.05) ? `${operand} ${this.#operand(depth)}` : operand;
  }

  #call(depth: number): string {
    if (this.#chance(0.55)) {
      const [name, ...kinds] = CALLS[this.#below(CALLS.length)] ?? ['print'];
      return [name, ...kinds.map((kind) => this.#ofKind(kind, depth))].join(' ');
    }
    if (this.#chance(0.5)) {
      const args = Array.from({ length: this.#below(4) }, () => this.#operand(depth - 1));
      return `printf ${this.#format()} ${args.join(' ')}`;
    }
    const args = Array.from({ length: this.#below(4) }, () => this.#operand(depth - 1));
    return [this.#pick(this.names.functions), ...args].join(' ');
  }

  #ofKind(kind: string, depth: number): string {
    const known = OPERANDS.get(kind);
    return known === undefined ? this.#operand(depth - 1) : this.#pick(known);
  }

  #format(): string {
    let format = '';
    for (let count = this.#below(3); count >= 0; count--) {
      format += `${this.#pick(['', ' ', 'a'])}%${this.#pick(FLAGS)}${this.#pick(WIDTHS)}${this.#pick(VERBS)}`;
    }
    return `"${format}"`;
  }

  #operand(depth: number): string {
    const roll = this.random();
    if (roll < 0.3) return this.#pick(LITERALS);
    if (roll < 0.34) return '.';
    if (roll < 0.5 && this.#variables.length > 0) return this.#pick(this.#variables) + this.#subfields();
    if (roll < 0.65 && depth > 0) return `(${this.#pipeline(depth - 1)})${this.#chance(0.3) ? this.#subfields() : ''}`;
    if (roll < 0.7) return `$${this.#subfields()}`;
    const root = this.#chance(0.7) ? '$' : '';
    return `${root}.${this.#pick(this.names.fields)}${this.#chance(0.4) ? this.#subfields() : ''}`;
  }

  #subfields(): string {
    let text = '';
    while (this.#chance(0.3)) text += `.${this.#pick(SUBFIELDS)}`;
    return text;
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  #chance(share: number): boolean {
    return this.random() < share;
  }

  #pick(options: readonly string[]): string {
    return options[this.#below(options.length)] ?? '';
  }
}

const SCRAPS = [
  '{{',
  '}}',
  '{{end}}',
  '{{else}}',
  '(',
  ')',
  '|',
  '"',
  '`',
  "'",
  '.',
  '$',
  ',',
  ':=',
  ' ',
  '\n',
  '-',
  '/*',
  '0',
  '☃',
];

/** A text with something cut out, doubled or put in. */
function damaged(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const length = Math.floor(random() * 5);
  const scrap = SCRAPS[Math.floor(random() * SCRAPS.length)] ?? '';
  const middle = random() < 0.5 ? scrap : text.slice(at, at + length);
  return text.slice(0, at) + middle + text.slice(random() < 0.5 ? at : at + length);
}
