import { describe, expect, it } from 'vitest';
import { type StoredAlert } from './alert-book';
import { decodeAlert, decodeMeta, decodeSettled, encodeBody, encodeMeta, encodeSettled, metaText } from './alert-codec';

const alert: StoredAlert = {
  fingerprint: '00ff',
  labels: { alertname: 'ü "x"\n' },
  annotations: Object.fromEntries([['__proto__', 'y']]),
  startsAtMs: 1,
  endsAtMs: 2_000_000_000_000,
  updatedAtMs: -3,
  generatorURL: 'http://x',
  timeout: true,
  startsAtOffsetMin: 60,
  endsAtOffsetMin: -30,
  version: 1_767_225_600_000_001,
  settledIn: ['g1', 'g2'],
};

describe('alert texts', () => {
  it('hold an alert whole', () => {
    const texts = { body: encodeBody(alert), meta: encodeMeta(alert), settled: encodeSettled(alert) };
    expect(decodeAlert('00ff', texts)).toEqual(alert);
    expect(decodeMeta(texts.meta)).toEqual({
      version: alert.version,
      endsAtMs: alert.endsAtMs,
      updatedAtMs: alert.updatedAtMs,
    });
  });

  it('have one line', () => {
    expect(encodeBody(alert)).not.toContain('\n');
  });

  it('have an empty meta for no alert', () => {
    expect(encodeMeta(null)).toBe('');
    expect(decodeMeta('')).toBeNull();
  });

  it('leave settling of another version out', () => {
    expect(decodeSettled('5 g1', 5)).toEqual(['g1']);
    expect(decodeSettled('5 g1', 6)).toEqual([]);
    expect(decodeSettled(null, 5)).toEqual([]);
  });

  it('do not say the times in the body, so that a touch need not rewrite it', () => {
    expect(encodeBody({ ...alert, endsAtMs: 1, updatedAtMs: 1 })).toBe(encodeBody(alert));
    expect(metaText(1, 2, 3)).toBe('1 2 3');
  });
});
