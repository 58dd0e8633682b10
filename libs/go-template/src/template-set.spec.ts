import { describe, expect, it } from 'vitest';
import { ANY_MAP, goFunc, listType, signature, STRING, STRINGS, structType } from './basic-types';
import type { Limits } from './budget';
import { editTree } from './edit-tree';
import type { Escaper } from './escaper';
import { TemplateSet, type TemplateSetOptions } from './template-set';
import { EntryMap, Failure, GoList, GoStruct, type Value } from './value';

function render(text: string, data: Value = null, options: TemplateSetOptions = {}): string {
  const compiled = new TemplateSet(options).compile(text, 't');
  const result = compiled.ok ? compiled.template.execute(data) : compiled;
  return result.ok ? result.text : result.error.message;
}

describe('limits', () => {
  const limits: Limits = { maxSteps: 1_000, maxDepth: 10, maxLength: 5_000 };
  const long = 'x'.repeat(4_000);
  const append = goFunc(signature([STRINGS, STRING], STRINGS), ([list, item = null], budget) => {
    const items = list instanceof GoList ? list.items : [];
    budget.spend(items.length);
    return new GoList(STRINGS, [...items, item]);
  });

  it.each([
    ['steps of a loop', '{{range 100000}}{{end}}', 'exceeded 1000 steps'],
    ['steps of loops in loops', '{{range 100}}{{range 100}}{{end}}{{end}}', 'exceeded 1000 steps'],
    ['calls of functions', '{{range 300}}{{print (print (print 1))}}{{end}}', 'exceeded 1000 steps'],
    ['a loop that never ends by itself', '{{range 9223372036854775807}}{{end}}', 'exceeded 1000 steps'],
    ['work within functions', '{{range 100}}{{$l := append $.l "x"}}{{end}}', 'exceeded 1000 steps'],
    [
      'templates in templates',
      '{{define "r"}}{{template "r"}}{{end}}{{template "r"}}',
      'exceeded maximum template depth (10)',
    ],
    ['a template that calls itself', '{{template "t"}}', 'exceeded maximum template depth (10)'],
    ['the output', '{{range 100}}{{$.long}}{{end}}', 'exceeded 5000 characters'],
    ['a text that is only made', '{{$x := print .long .long}}', 'exceeded 5000 characters'],
    ['text as hexadecimal digits', '{{$x := printf "%x" .long}}', 'exceeded 5000 characters'],
    ['widths', '{{printf "%1000000d" 1}}', 'exceeded 5000 characters'],
    ['widths given as arguments', '{{printf "%*d" 1000000 1}}', 'exceeded 5000 characters'],
    ['precisions', '{{printf "%.900000f" 1.0}}', 'exceeded 5000 characters'],
    ['lists printed', '{{print .big}}', 'exceeded 1000 steps'],
    ['escaped text', '{{$x := html .long}}', 'exceeded 5000 characters'],
    ['keys sorted', '{{range .keys}}{{break}}{{end}}', 'exceeded 1000 steps'],
  ])('hold %s', (_, text, reason) => {
    const data = new EntryMap(
      ANY_MAP,
      new Map<string, Value>([
        ['long', long],
        [
          'big',
          new GoList(
            STRINGS,
            Array.from({ length: 5_000 }, () => 'x'),
          ),
        ],
        [
          'l',
          new GoList(
            STRINGS,
            Array.from({ length: 50 }, () => 'x'),
          ),
        ],
        ['keys', new EntryMap(ANY_MAP, new Map(Array.from({ length: 2_000 }, (_unused, n) => [`k${n}`, null])))],
      ]),
    );
    expect(render(text, data, { limits, functions: { append } })).toMatch(
      new RegExp(`: ${reason.replace(/[()]/g, '\\$&')}$`),
    );
  });

  it.each([
    ['parentheses', `{{${'('.repeat(600)}1${')'.repeat(600)}}}`, 'template: t:1: max expression depth exceeded'],
    ['actions', `${'{{if 1}}'.repeat(600)}${'{{end}}'.repeat(600)}`, 'template: t:1: max nesting depth exceeded'],
    [
      'an else behind an else',
      `{{if 0}}${'{{else if 0}}'.repeat(600)}{{end}}`,
      'template: t:1: max nesting depth exceeded',
    ],
  ])('hold %s in each other', (_, text, message) => expect(render(text)).toBe(message));

  it('allow a long text made of many parts', () => {
    const options = { limits: { maxSteps: 20_000, maxLength: 200_000 } };
    expect(render('{{range 5000}}0123456789{{end}}', null, options).length).toBe(50_000);
    expect(render(`{{printf "${'%%012345678'.repeat(5_000)}"}}`, null, options).length).toBe(50_000);
  });

  it('hold what a template and those it calls need of the stack', () => {
    const deep = `{{define "r"}}${'{{if 1}}'.repeat(450)}{{template "r"}}${'{{end}}'.repeat(450)}{{end}}{{template "r"}}`;
    expect(render(deep)).toContain('exceeded maximum nesting depth (2000)');
  });

  it('leave room for what is nested as deep as it may be', () => {
    expect(render(`{{${'('.repeat(450)}1${')'.repeat(450)}}}`)).toBe('1');
    expect(render(`${'{{if 1}}'.repeat(450)}x${'{{end}}'.repeat(450)}`)).toBe('x');
  });

  it('hold values in values', () => {
    let nested: Value = 'x';
    for (let level = 0; level < 5_000; level++) nested = new GoList(listType(STRING), [nested]);
    expect(render('{{.}}', nested)).toContain('exceeded 1000 levels of nested values');
  });
});

describe('a set', () => {
  it('keeps to itself what a compiled template defines', () => {
    const set = new TemplateSet();
    expect(set.add('file', '{{define "a"}}old{{end}}')).toBeNull();
    const own = set.compile('{{define "a"}}own{{end}}{{template "a"}}');
    const other = set.compile('{{template "a"}}');
    expect([own, other].map((one) => one.ok && one.template.execute(null))).toEqual([
      { ok: true, text: 'own' },
      { ok: true, text: 'old' },
    ]);
  });

  it('gives a compiled template the templates there were at the time', () => {
    const set = new TemplateSet();
    set.add('one', '{{define "a"}}1{{end}}');
    const before = set.compile('{{template "a"}}');
    set.add('two', '{{define "a"}}2{{end}}');
    const after = set.compile('{{template "a"}}');
    expect([before, after].map((one) => one.ok && one.template.execute(null))).toEqual([
      { ok: true, text: '1' },
      { ok: true, text: '2' },
    ]);
    expect(set.names()).toEqual(['a', 'one', 'two']);
  });

  it('adds nothing of a file with a mistake', () => {
    const set = new TemplateSet();
    expect(set.add('bad', '{{define "a"}}1{{end}}\n{{end}}')).toEqual({
      message: 'template: bad:2: unexpected {{end}}',
      reason: 'unexpected {{end}}',
      name: 'bad',
      line: 2,
      column: null,
    });
    expect(set.names()).toEqual([]);
  });

  it('tells where an execution ended', () => {
    const set = new TemplateSet();
    set.add('file', 'é\n é{{define "a"}}\né{{.x}}{{end}}');
    const compiled = set.compile('{{template "a" 1}}');
    expect(compiled.ok && compiled.template.execute(null)).toEqual({
      ok: false,
      error: {
        message: 'template: file:3:4: executing "a" at <.x>: can\'t evaluate field x in type int',
        reason: "can't evaluate field x in type int",
        name: 'file',
        line: 3,
        column: 4,
      },
    });
  });

  it.each([
    ['executing', '{{"\ud83d" | .x}}', `template: t:1:10: executing "t" at <.x>: can't evaluate field x in type int`],
    ['parsing', '{{x\ud83d}}', "template: t:1: bad character U+FFFD '\ufffd'"],
    [
      'naming',
      '{{"\ud83d" 1}}',
      'template: t:1:2: executing "t" at <"\ufffd">: can\'t give argument to non-function "\ufffd"',
    ],
  ])('reports well-formed errors of texts that are not: %s', (_, text, message) => {
    expect(render(text, 5n)).toBe(message);
  });

  it('runs what its escaper makes of the templates, made once', () => {
    let made = 0;
    const escaper: Escaper = {
      functions: new Map([['loud', goFunc(signature([STRING], STRING), ([text]) => `${String(text)}!`)]]),
      escape(entry) {
        made++;
        const edited = editTree(entry, {
          action: (node) => ({
            ...node,
            pipe: {
              ...node.pipe,
              cmds: [
                ...node.pipe.cmds,
                { kind: 'command', pos: node.pos, args: [{ kind: 'identifier', pos: node.pos, name: 'loud' }] },
              ],
            },
          }),
        });
        return { ok: true, entry: edited, called: new Map() };
      },
    };
    const compiled = new TemplateSet({ escaper }).compile('{{if true}}{{.}}{{end}} {{"b" | loud}}');
    const runs = [1, 2].map(() => compiled.ok && compiled.template.execute('a'));
    expect(runs).toEqual([
      { ok: true, text: 'a! b!!' },
      { ok: true, text: 'a! b!!' },
    ]);
    expect(made).toBe(1);
  });
});

describe('values', () => {
  it('compute a field when it is used, and once', () => {
    const computed: string[] = [];
    const note = (name: string) => ({
      type: STRING,
      get: () => {
        computed.push(name);
        return name;
      },
    });
    const type = structType<null>('main.Lazy', { A: note('a'), B: note('b'), C: note('c') });
    expect(render('{{.A}}{{.A}}{{if false}}{{.B}}{{end}}', new GoStruct(type, null))).toBe('aa');
    expect(computed).toEqual(['a']);
  });

  it.each([
    ['an error of a function', new Failure('no'), 'template: t:1:2: executing "t" at <f>: error calling f: no'],
    ['a text', 'yes', 'yes'],
  ])('take %s from a function', (_, result, text) => {
    expect(render('{{f}}', null, { functions: { f: goFunc(signature([], STRING), () => result) } })).toBe(text);
  });

  it.each([
    ['complex numbers are refused', '{{1i}}', 'template: t:1: complex numbers are not supported: "1i"'],
    ['an address is always the same', '{{printf "%p %v" .f .f}}', '0xc000010000 0xc000010000'],
    [
      'a list has the capacity of its length',
      '{{slice .l 2}}',
      'template: t:1:2: executing "t" at <slice .l 2>: error calling slice: index out of range: 2',
    ],
  ])('differ from Go: %s', (_, text, expected) => {
    const f = goFunc(signature([], STRING), () => '');
    const data = new EntryMap(
      ANY_MAP,
      new Map<string, Value>([
        ['f', f],
        ['l', new GoList(STRINGS, ['a'])],
      ]),
    );
    expect(render(text, data)).toBe(expected);
  });
});
