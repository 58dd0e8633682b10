import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goQuote, goUnquote } from './go-quote';

describe('goQuote', () => {
  // Printed by Go's strconv.Quote.
  it.each([
    ['', '""'],
    ["it's", `"it's"`],
    ['"\\', '"\\"\\\\"'],
    ['\n\t\r\x07\b\f\v', '"\\n\\t\\r\\a\\b\\f\\v"'],
    ['\x00\x1b\x7f', '"\\x00\\x1b\\x7f"'],
    ['é日本😀\u0301', '"é日本😀\u0301"'],
    ['\u00a0\u00ad\u0085', '"\\u00a0\\u00ad\\u0085"'],
    ['\u200b\ufeff\u2028\u3000', '"\\u200b\\ufeff\\u2028\\u3000"'],
    ['\ue000\uffff', '"\\ue000\\uffff"'],
    ['\u{10ffff}', '"\\U0010ffff"'],
    ['\ufffd', '"\ufffd"'],
  ])('%j', (text, quoted) => expect(goQuote(text)).toBe(quoted));

  it('writes a lone surrogate as UTF-8 does', () => expect(goQuote('a\ud800')).toBe('"a\ufffd"'));

  it('is undone by goUnquote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(goUnquote(goQuote(text))).toEqual({ ok: true, text });
      }),
    );
  });
});

describe('goUnquote', () => {
  it.each([
    ['""', ''],
    ['"\\x41\\101"', 'AA'],
    ['"\\u00e9\\U0001F600é"', 'é😀é'],
    ['"\\xc3\\xa9"', 'é'],
    ['"\\a\\b\\f\\v\\r\\t\\\\\\""', '\x07\b\f\v\r\t\\"'],
  ])('reads %s', (quoted, text) => expect(goUnquote(quoted)).toEqual({ ok: true, text }));

  it.each([
    ['nothing', ''],
    ['a lone quote', '"'],
    ['no quotes', 'a'],
    ['a raw newline', '"a\nb"'],
    ['a quote inside', '"a"b"'],
    ['an escaped last quote', '"\\"'],
    ['an unknown escape', '"\\q"'],
    ['an escaped single quote', '"\\\'"'],
    ['octal above a byte', '"\\400"'],
    ['short hex', '"\\x4"'],
    ['a surrogate', '"\\ud800"'],
    ['beyond Unicode', '"\\U00110000"'],
  ])('refuses %s', (_, quoted) => expect(goUnquote(quoted)).toEqual({ ok: false, error: 'invalid syntax' }));

  it('refuses bytes that are not UTF-8', () => {
    expect(goUnquote('"\\xff"')).toEqual({ ok: false, error: 'invalid UTF-8' });
  });
});
