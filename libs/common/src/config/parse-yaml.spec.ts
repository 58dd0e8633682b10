import { describe, expect, it } from 'vitest';
import { any, decodeDocument } from './decode';
import { parseYaml } from './parse-yaml';
import { findingText, type YamlDocument } from './yaml-document';

function document(text: string): YamlDocument {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(parsed.findings.map((finding) => findingText('f', finding)).join('\n'));
  return parsed.document;
}

function mistakes(text: string): string[] {
  const parsed = parseYaml(text);
  return parsed.ok ? [] : parsed.findings.map((finding) => findingText('f.yml', finding));
}

function value(text: string): unknown {
  const result = decodeDocument(document(text), any);
  return result.ok ? result.value : result.findings;
}

describe('parseYaml', () => {
  it.each([
    ['booleans of YAML 1.1', '[yes, NO, on, Off, y, True, "yes"]', [true, false, true, false, true, true, 'yes']],
    ['numbers of YAML 1.1', '[0777, 1_000, 0x1F, 0b11, 1e3, .5]', [511, 1000, 31, 3, 1000, 0.5]],
    ['times and base-60 numbers as text', '[2020-01-01, 1:30]', ['2020-01-01', '1:30']],
    ['nulls', '[~, null, ]', [null, null]],
    ['anchors and aliases', '{a: &x [1], b: *x}', { a: [1], b: [1] }],
    ['merge keys, own keys first', '{x: &x {a: 1, b: 1}, y: {<<: *x, b: 2}}', { x: { a: 1, b: 1 }, y: { b: 2, a: 1 } }],
    ['lists of merges, the first first', '{<<: [{a: 1}, {a: 2, b: 3}]}', { a: 1, b: 3 }],
    ['a quoted << as a plain key', '{"<<": 1}', { '<<': 1 }],
    ['the first document only', 'a: 1\n---\na: [', { a: 1 }],
    ['an empty file', '', null],
    ['comments alone', '# nothing\n', null],
    ['a byte order mark and Windows lines', '\ufeffa: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['keys like __proto__', '{__proto__: 1, constructor: 2}', JSON.parse('{"__proto__":1,"constructor":2}')],
  ])('reads %s', (_, text, expected) => expect(value(text)).toEqual(expected));

  it('tells all syntax errors with their places', () => {
    expect(mistakes('a: @x\nb: "\\q"\nc: 1')).toEqual([
      'f.yml:1:4: plain value cannot start with reserved character @',
      'f.yml:2:5: invalid escape sequence \\q',
    ]);
  });

  it.each([
    ['an unknown anchor', 'a: *x', "f.yml:1:4: unknown anchor 'x' referenced"],
    ['an anchor used before it is set', 'a: *x\nb: &x 1', "f.yml:1:4: unknown anchor 'x' referenced"],
    ['an anchor inside itself', 'a: &x\n  b: [*x]', "f.yml:2:7: anchor 'x' value contains itself"],
    ['a merge of a number', 'a:\n  <<: 5', 'f.yml:2:3: map merge requires map or sequence of maps as the value'],
    ['a merge of a list', 'a: &x [1]\n<<: *x', 'f.yml:2:1: map merge requires map or sequence of maps as the value'],
  ])('refuses %s', (_, text, mistake) => expect(mistakes(text)).toEqual([mistake]));

  it('refuses aliases that multiply', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(mistakes(['l0: &l0 x', ...levels].join('\n'))).toEqual(['f.yml:1:1: document contains excessive aliasing']);
  });
});

describe('positions', () => {
  const text = `route:
  receiver: &r team
  routes:
    - receiver: other
      matchers: [a=b, "c=d"]
    - {receiver: *r, group_by:}
`;

  it.each([
    [['route'], '2:3'],
    [['route', 'receiver'], '2:16'],
    [['route', 'routes', 0, 'receiver'], '4:17'],
    [['route', 'routes', 0, 'matchers', 1], '5:23'],
    [['route', 'routes', 1, 'receiver'], '6:18'],
    [['route', 'routes', 1, 'group_by'], '6:22'],
    [['route', 'routes', 7, 'receiver'], '4:5'],
    [['route', 'routes', 0, 'absent', 'deep'], '4:7'],
    [[], '1:1'],
  ])('%j is at %s', (path, place) => {
    const { line, column } = document(text).positionOf(path);
    expect(`${line}:${column}`).toBe(place);
  });

  it('makes findings for checks that come after decoding', () => {
    const path = ['route', 'routes', 0, 'receiver'];
    expect(document(text).finding(path, 'undefined receiver "other" used in route')).toEqual({
      line: 4,
      column: 17,
      path,
      message: 'undefined receiver "other" used in route',
    });
  });

  it('are 1:1 in an empty document', () => {
    expect(document('').positionOf(['route'])).toEqual({ line: 1, column: 1 });
  });
});
