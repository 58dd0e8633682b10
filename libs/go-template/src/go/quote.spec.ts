import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBackquote, quote, quoteRune, quoteRuneToAscii, quoteToAscii, unquote, unquoteRune } from './quote';

/** The byte ff in a Go string, which is not UTF-8. */
const ff = '\udcff';

// All expected values were printed by Go's strconv.
describe('quote', () => {
  it.each([
    ['', '""', '""'],
    ["it's", `"it's"`, `"it's"`],
    ['"\\', '"\\"\\\\"', '"\\"\\\\"'],
    ['\n\t\r\x07\b\f\v', '"\\n\\t\\r\\a\\b\\f\\v"', '"\\n\\t\\r\\a\\b\\f\\v"'],
    ['\x00\x1b\x7f', '"\\x00\\x1b\\x7f"', '"\\x00\\x1b\\x7f"'],
    ['é日😀', '"é日😀"', '"\\u00e9\\u65e5\\U0001f600"'],
    ['\u00a0\u00ad\u0085', '"\\u00a0\\u00ad\\u0085"', '"\\u00a0\\u00ad\\u0085"'],
    ['\ue000\u{10ffff}', '"\\ue000\\U0010ffff"', '"\\ue000\\U0010ffff"'],
    [`a${ff}`, '"a\\xff"', '"a\\xff"'],
    ['\ufffd', '"\ufffd"', '"\\ufffd"'],
  ])('%j', (text, quoted, ascii) => {
    expect(quote(text)).toBe(quoted);
    expect(quoteToAscii(text)).toBe(ascii);
  });

  it('takes surrogates that stand for nothing as U+FFFD', () => {
    expect(quote('a\ud800')).toBe('"a\ufffd"');
    expect(quoteToAscii('a\ud800')).toBe('"a\\ufffd"');
  });

  it('is undone by unquote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unquote(quote(text))).toBe(text);
      }),
    );
  });
});

describe('quoteRune', () => {
  it.each([
    [0x61, "'a'", "'a'"],
    [0x27, "'\\''", "'\\''"],
    [0x22, `'"'`, `'"'`],
    [0x5c, "'\\\\'", "'\\\\'"],
    [0x0a, "'\\n'", "'\\n'"],
    [0, "'\\x00'", "'\\x00'"],
    [0xe9, "'é'", "'\\u00e9'"],
    [0xff, "'ÿ'", "'\\u00ff'"],
    [0x1f600, "'😀'", "'\\U0001f600'"],
    [0xd800, "'\ufffd'", "'\\ufffd'"],
    [-1, "'\ufffd'", "'\\ufffd'"],
    [0x110000, "'\ufffd'", "'\\ufffd'"],
  ])('%d', (code, quoted, ascii) => {
    expect(quoteRune(code)).toBe(quoted);
    expect(quoteRuneToAscii(code)).toBe(ascii);
  });
});

describe('canBackquote', () => {
  it.each([
    ['', true],
    ['a\tb é', true],
    ['a\nb', false],
    ['`', false],
    ['\x7f', false],
    ['\ufeff', false],
    [ff, false],
  ])('%j', (text, can) => expect(canBackquote(text)).toBe(can));
});

describe('unquote', () => {
  it.each([
    ['""', ''],
    ['"a\'b"', "a'b"],
    ['"\\x41\\101"', 'AA'],
    ['"\\u00e9\\U0001F600é"', 'é😀é'],
    ['"\\xc3\\xa9"', 'é'],
    ['"\\xff"', ff],
    [`"${ff}"`, '\ufffd'],
    ['"\\a\\b\\f\\v\\r\\t\\\\\\""', '\x07\b\f\v\r\t\\"'],
    ['`a\\n"\nb`', 'a\\n"\nb'],
    ['`a\r\nb`', 'a\nb'],
    ["'a'", 'a'],
    ["'\\''", "'"],
    ["'\"'", '"'],
    ["'\\xff'", ff],
    ["''", ''],
  ])('reads %s', (quoted, text) => expect(unquote(quoted)).toBe(text));

  it.each([
    ['nothing', ''],
    ['a lone quote', '"'],
    ['no quotes', 'a'],
    ['quotes of two kinds', '"a`'],
    ['a raw newline', '"a\nb"'],
    ['a quote inside', '"a"b"'],
    ['a backquote inside', '`a`b`'],
    ['an escaped last quote', '"\\"'],
    ['an unknown escape', '"\\q"'],
    ['the other quote escaped', '"\\\'"'],
    ['octal above a byte', '"\\400"'],
    ['short hex', '"\\x4"'],
    ['a surrogate', '"\\ud800"'],
    ['beyond Unicode', '"\\U00110000"'],
    ['two characters', "'ab'"],
  ])('refuses %s', (_, quoted) => expect(unquote(quoted)).toBeNull());
});

describe('unquoteRune', () => {
  it.each([
    ["'a'", 0x61],
    ["'é'", 0xe9],
    ["'\\xff'", 0xff],
    ["'\\''", 0x27],
    ["'\\n'", 0x0a],
    ["'\\U0001F600'", 0x1f600],
    ["''", null],
    ["'ab'", null],
    ["'", null],
    ['"a"', null],
  ])('%s', (quoted, code) => expect(unquoteRune(quoted)).toBe(code));
});
