import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  compareLabelSets,
  isValidLabelName,
  isValidUtf8,
  labelSetsEqual,
  labelSetText,
  labelsOf,
  labelValue,
  pickLabels,
  sortedNames,
} from './label-set';

const text = fc.string({ unit: 'binary' });
const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('compareBytes', () => {
  it('orders as the UTF-8 bytes do', () => {
    const nearTheEdge = fc.string({ unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '😀') });
    fc.assert(
      fc.property(fc.oneof(text, nearTheEdge), fc.oneof(text, nearTheEdge), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  it('puts U+FFFD before an emoji, which UTF-16 order does not', () => {
    expect(compareBytes('\ufffd', '😀')).toBeLessThan(0);
    expect('\ufffd' < '😀').toBe(false);
  });
});

describe('label sets', () => {
  it.each(hostile)('holds a label named %s', (name) => {
    for (const labels of [labelsOf([[name, 'x']]), JSON.parse(`{"${name}":"x"}`)]) {
      expect(labelValue(labels, name)).toBe('x');
      expect(sortedNames(labels)).toEqual([name]);
      expect(labelSetText(labels)).toBe(`{${name}="x"}`);
      expect(labelSetsEqual(pickLabels(labels, [name, 'other']), labels)).toBe(true);
    }
  });

  it.each(hostile)('does not find an absent label named %s', (name) => {
    expect(labelValue({}, name)).toBeUndefined();
    expect(pickLabels({ a: '1' }, [name])).toEqual({});
    expect(labelSetsEqual({ a: '1' }, labelsOf([[name, '1']]))).toBe(false);
  });

  it('sorts names by bytes, whatever their number', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 80 }), (names) => {
        const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(sortedNames(labelsOf(names.map((name) => [name, ''])))).toEqual(sorted);
      }),
    );
  });

  it.each([
    ['{}', {}],
    ['{alertname="x", job="y"}', { job: 'y', alertname: 'x' }],
    ['{foo🙂="say \\"hi\\"\\n"}', { 'foo🙂': 'say "hi"\n' }],
  ])('prints %s', (printed, labels) => expect(labelSetText(labels)).toBe(printed));

  it.each([
    ['fewer labels come first', { z: '9' }, { a: '1', b: '1' }],
    ['the side that lacks the first name comes first', { b: '1', c: '1' }, { a: '1', c: '1' }],
    ['the smaller value of the first difference comes first', { a: '1', b: '1' }, { a: '1', b: '2' }],
    ['values are compared by bytes', { a: '\uffff' }, { a: '😀' }],
  ])('order: %s', (_, first, second) => {
    expect(compareLabelSets(first, second)).toBeLessThan(0);
    expect(compareLabelSets(second, first)).toBeGreaterThan(0);
    expect(compareLabelSets(first, { ...first })).toBe(0);
  });

  it.each([
    ['the same pairs in another order', { a: '1', b: '2' }, { b: '2', a: '1' }, true],
    ['another value', { a: '1' }, { a: '2' }, false],
    ['another name', { a: '1' }, { b: '1' }, false],
    ['an empty value is not an absent one', { a: '' }, {}, false],
  ])('equality: %s', (_, a, b, equal) => expect(labelSetsEqual(a, b)).toBe(equal));
});

describe('label names', () => {
  it.each([
    ['severity', true, true],
    ['_x9', true, true],
    ['9x', true, false],
    ['with space', true, false],
    ['colon:ed', true, false],
    ['foo🙂', true, false],
    ['name\n', true, false],
    ['', false, false],
    ['a\ud800', false, false],
  ])('%j is valid in UTF-8 mode: %j, in classic mode: %j', (name, utf8, classic) => {
    expect([isValidLabelName(name, 'utf8'), isValidLabelName(name, 'classic')]).toEqual([utf8, classic]);
  });

  it('tells text that UTF-8 cannot hold', () => {
    expect([isValidUtf8('😀'), isValidUtf8('\ude00'), isValidUtf8('😀\ud83d')]).toEqual([true, false, false]);
  });
});
