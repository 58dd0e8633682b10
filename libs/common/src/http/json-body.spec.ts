import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './json-body';

describe('parseJsonBody', () => {
  it.each([
    ['a list', '[1, {"a": "b"}]', [1, { a: 'b' }]],
    ['what follows the first value is ignored', '[] x', []],
    ['even a bracket', '[{"a":[]}]]', [{ a: [] }]],
    ['also right behind a text', '"x"y', 'x'],
    ['a lone high surrogate', '"a\\ud800b"', 'a\ufffdb'],
    ['a lone low surrogate', '"\\uDC00\\ud83d"', '\ufffd\ufffd'],
    ['a surrogate pair', '"\\ud83d\\ude42"', '🙂'],
    ['an escaped backslash before ud800', '"\\\\ud800"', '\\ud800'],
  ])('reads %s', (_, text, value) => expect(parseJsonBody(text)).toEqual({ kind: 'value', value }));

  it('refuses nesting that would block for seconds, and takes large bodies with brackets in texts', () => {
    const deep = '['.repeat(5_000_000);
    expect(parseJsonBody(deep)).toEqual({ kind: 'malformed', error: "invalid character '[' exceeded max depth" });
    const text = '[\\"'.repeat(400_000);
    expect(parseJsonBody(`["${text}"]`)).toMatchObject({ kind: 'value' });
  });

  it.each([[''], ['  \n']])('has nothing in %j', (text) => expect(parseJsonBody(text)).toEqual({ kind: 'empty' }));

  it('keeps __proto__ as a plain key', () => {
    const parsed = parseJsonBody('{"__proto__":"x"}');
    expect(parsed.kind === 'value' && Object.keys(parsed.value as object)).toEqual(['__proto__']);
  });

  // Every row was checked against Alertmanager 0.25.
  it.each([
    ['[', 'unexpected EOF'],
    ['[{"labels":{"a":"b}}]', 'unexpected EOF'],
    ['[nul', 'unexpected EOF'],
    ['["\\', 'unexpected EOF'],
    ['[-', 'unexpected EOF'],
    ['[1.', 'unexpected EOF'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['[tru]', "invalid character ']' in literal true (expecting 'e')"],
    ['[{}x]', "invalid character 'x' after array element"],
    ['[01]', "invalid character '1' after array element"],
    ['[1.5x]', "invalid character 'x' after array element"],
    ['[{"a" 1}]', "invalid character '1' after object key"],
    ['[{"a":1 2}]', "invalid character '2' after object key:value pair"],
    ['[{"a":1,}]', "invalid character '}' looking for beginning of object key string"],
    ['[{a:1}]', "invalid character 'a' looking for beginning of object key string"],
    ['["\\q"]', "invalid character 'q' in string escape code"],
    ['["\\u12x4"]', "invalid character 'x' in \\u hexadecimal character escape"],
    ['["a\nb"]', "invalid character '\\n' in string literal"],
    ['[1.]', "invalid character ']' after decimal point in numeric literal"],
    ['[-]', "invalid character ']' in numeric literal"],
    ['[1e]', "invalid character ']' in exponent of numeric literal"],
    ['[1e+]', "invalid character ']' in exponent of numeric literal"],
    ["[']", "invalid character '\\'' looking for beginning of value"],
    ['{"a":"b""c"}', `invalid character '"' after object key:value pair`],
    ['[é]', "invalid character 'Ã' looking for beginning of value"],
  ])('refuses %j as Go does', (text, error) => expect(parseJsonBody(text)).toEqual({ kind: 'malformed', error }));
});
