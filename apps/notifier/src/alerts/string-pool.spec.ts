import { describe, expect, it } from 'vitest';
import { StringPool } from './string-pool';

describe('StringPool', () => {
  it('gives back the same labels, odd names included', () => {
    const labels = Object.fromEntries([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['job', 'x'.repeat(500)],
    ]);
    const pooled = new StringPool().labels(labels);
    expect(Object.entries(pooled)).toEqual(Object.entries(labels));
    expect(pooled).not.toBe(labels);
  });

  it('takes labels that cannot be changed', () => {
    expect(new StringPool().labels(Object.freeze({ job: 'node' }))).toEqual({ job: 'node' });
  });

  it('keeps working when it is full', () => {
    const pool = new StringPool();
    for (let index = 0; index < 120_000; index++) pool.text(`text ${index}`);
    expect(pool.text('text 1')).toBe('text 1');
  });
});
