import { describe, expect, it } from 'vitest';
import { type AlertWrite } from './alert-book';
import { cutBatches, MAX_BATCH_BYTES, MAX_BATCH_WRITES } from './cut-batches';

function aStore(index: number, textLength: number): AlertWrite {
  const alert = {
    fingerprint: `f${index}`,
    labels: { alertname: 'A' },
    annotations: { summary: 'x'.repeat(textLength) },
    startsAtMs: 0,
    endsAtMs: 0,
    updatedAtMs: 0,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
  };
  return { kind: 'store', expected: null, alert };
}

function aTouch(index: number): AlertWrite {
  return { kind: 'touch', fingerprint: `f${index}`, expected: null, endsAtMs: 0, updatedAtMs: 0 };
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('cutBatches', () => {
  it.each<[string, AlertWrite[], number[]]>([
    ['nothing', [], []],
    ['what fits stays together', many(256, aTouch), [256]],
    ['by number', many(600, aTouch), [256, 256, 88]],
    ['ordinary alerts by number', many(300, (index) => aStore(index, 700)), [256, 44]],
    ['large alerts by size', many(10, (index) => aStore(index, 100_000)), [2, 2, 2, 2, 2]],
    ['one that is too large alone', [aTouch(0), aStore(1, 2 * MAX_BATCH_BYTES), aTouch(2)], [1, 1, 1]],
  ])('cuts %s', (_, writes, sizes) => {
    const batches = cutBatches(writes);
    expect(batches.map(({ length }) => length)).toEqual(sizes);
    expect(batches.flat()).toEqual(writes);
  });

  it('keeps the text of every batch within the limit', () => {
    const writes = many(MAX_BATCH_WRITES * 4, (index) => aStore(index, (index * 37) % 4_000));
    for (const batch of cutBatches(writes)) expect(JSON.stringify(batch).length).toBeLessThanOrEqual(MAX_BATCH_BYTES);
  });
});
