import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { checkPattern, compileRegex, type LabelRegex, regexShape } from './compile-regex';

function compiled(pattern: string): LabelRegex {
  const result = compileRegex(pattern);
  if (!result.ok) throw new Error(result.error);
  return result.regex;
}

const pieces = [
  'a',
  'b',
  'ab',
  '.',
  '.*',
  '.+',
  '|',
  '(',
  ')',
  '(?:',
  '\\.',
  '\\|',
  '\\\\',
  '\\-',
  '\n',
  '😀',
  '?',
  '[ab]',
  '[^a-b]',
  '*',
  '+',
  '^',
  '$',
];

describe('compileRegex', () => {
  it('agrees with RE2 on every value, whichever way a pattern takes', () => {
    const pattern = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 6 });
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '.', '|', '\\', '-', '\n', '😀', '\r'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, fc.array(value, { minLength: 8, maxLength: 8 }), (source, values) => {
        const ours = compileRegex(source);
        fc.pre(ours.ok);
        const re2 = RE2JS.compile(`^(?:${source})$`);
        for (const text of [...values, '', 'a', 'ab', 'a\n', '\n']) {
          expect(ours.ok && ours.regex.test(text), JSON.stringify({ source, text })).toBe(re2.test(text));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['api', ['api']],
    ['api|web', ['api', 'web']],
    ['(api|web|)', ['api', 'web', '']],
    ['(?:a\\.b|c)', ['a.b', 'c']],
    ['', ['']],
    ['(?i)api', null],
    ['a\\|b', ['a|b']],
    ['a\\|b|c', ['a|b', 'c']],
    ['^api$', ['api']],
    ['api-(a|b)', ['api-a', 'api-b']],
    ['api.*', null],
  ])('knows the literals of %j', (pattern, literals) => {
    const known = compiled(pattern).literals;
    expect(known && [...known]).toEqual(literals);
  });

  it.each([
    ['node-.*', ['node-']],
    ['node\\..+', ['node.']],
    ['node', ['node']],
    ['node-[0-9]+', ['node-']],
    ['(a|b)-.*', ['a-', 'b-']],
    ['a|b', ['']],
    ['.*node', ['']],
  ])('knows what a value of %j starts with', (pattern, prefixes) => {
    expect(compiled(pattern).prefixes).toEqual(prefixes);
    expect(regexShape(pattern)).toMatchObject({ prefixes });
  });

  it.each([
    ['.*node', 'node'],
    ['.+-node\\.example', '-node.example'],
    ['node', ''],
    ['node.*', ''],
    ['.*node.*', ''],
    ['.*(node|pod)', ''],
    ['[a-c]+-node\\.x', '-node.x'],
    ['pod-.-nodes?', ''],
  ])('knows what a value of %j ends with', (pattern, suffix) => {
    expect(compiled(pattern).suffix).toBe(suffix);
    expect(regexShape(pattern)).toMatchObject({ suffix });
  });

  it.each([
    ['a*', { ok: true, findsEmpty: true }],
    ['b|$', { ok: true, findsEmpty: true }],
    ['a', { ok: true, findsEmpty: false }],
    ['[', { ok: false, error: 'error parsing regexp: missing closing ]: `[`' }],
    ['a\\', { ok: false, error: 'error parsing regexp: trailing backslash at end of expression: ``' }],
    ['a)(?:b', { ok: false, error: 'error parsing regexp: unexpected ): `a)(?:b`' }],
  ])('checks %j as it is written', (pattern, result) => expect(checkPattern(pattern)).toEqual(result));

  it.each([
    ['.*', 'a\nb', false],
    ['.*', '', true],
    ['.+', '', false],
    ['.+', '\u2028', true],
    ['a.*', 'a\n', false],
    ['.+a.+', 'aaa', true],
    ['.+a.+', 'baa', true],
    ['.+a.+', 'aa', false],
    ['.+.+', '😀', false],
    ['(?s).*', 'a\nb', true],
    ['a$', 'a\n', false],
    ['a-[^b]', 'a-\n', true],
    ['a.[0-9]', 'a\r1', true],
    ['a.b', 'a😀b', true],
    ['[a-c]?x', 'x', true],
    ['(?P<n>a|b)(?<n>c|d)', 'bd', true],
    ['\\(?P<n>(?P<m>a|b)(?P<m>c|d)', 'P<n>ac', true],
  ])('%j on %j gives %j', (pattern, value, matches) => expect(compiled(pattern).test(value)).toBe(matches));

  // As Go's regexp.Compile("^(?:" + pattern + ")$") says.
  it.each([
    ['a(', 'missing closing ): `^(?:a()$`'],
    ['a)', 'unexpected ): `^(?:a))$`'],
    ['[a', 'missing closing ]: `[a)$`'],
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['\\q', 'invalid escape sequence: `\\q`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<=a)', 'invalid named capture: `(?<=a))$`'],
    ['\\p{Foo}', 'invalid character class range: `\\p{Foo}`'],
    ['(a{1000}){1000}', 'invalid repeat count: `{1000}`'],
    ['(?P<a b>x)', 'invalid named capture: `(?P<a b>`'],
  ])('refuses %s', (pattern, problem) => {
    expect(compileRegex(pattern)).toEqual({ ok: false, error: `error parsing regexp: ${problem}` });
  });

  it('takes linear time where backtracking explodes', () => {
    expect(compiled('(a+)+b').test('a'.repeat(5000))).toBe(false);
    expect(compiled('a*a*a*a*b').test('a'.repeat(5000))).toBe(false);
  });
});
