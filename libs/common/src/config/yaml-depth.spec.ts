import { describe, expect, it } from 'vitest';
import { yamlDepth } from './yaml-depth';

const lines = (line: (indent: string) => string): string =>
  Array.from({ length: 300 }, (_, at) => line(' '.repeat(at))).join('\n');

describe('yamlDepth', () => {
  it.each([
    ['', 0],
    ['words', 1],
    ['[[1], [2, [3]]]', 4],
    ['["]]]", [ # ]]]\n[1]]]', 4],
    ["{a: ']', b: {c: [1]}}", 4],
    ['a: 1\nb: 2\nc: 3', 2],
    ['a:\n  b:\n    c: 1\nd: 1', 4],
    ['- - - x\n- y', 4],
    ['a:\n  b: |\n    ]]]\n  ]\n  c:\n    d: 1', 4],
    ['\ufeff[1]', 2],
  ])('of %j is %d at most', (text, depth) => expect(yamlDepth(text)).toBe(depth));

  it.each([
    ['lists', '['.repeat(20_000)],
    ['lists that end', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['maps', '{a: '.repeat(10_000)],
    ['items', '- '.repeat(20_000)],
    ['questions', '? '.repeat(20_000)],
    ['brackets in quotes', '["]",'.repeat(10_000)],
    ['brackets in comments', '[ # ]\n'.repeat(10_000)],
    ['indentation', lines((indent) => `${indent}a:`)],
    ['colons', ': '.repeat(20_000)],
    ['texts of two lines between', lines((indent) => `${indent}b: "\n ${indent}"\n${indent}a:`)],
    ['blocks between', lines((indent) => `${indent}b: |\n${indent} x\n${indent}a:`)],
  ])('is known of many %s', (_, text) => expect(yamlDepth(text)).toBeGreaterThanOrEqual(300));
});
