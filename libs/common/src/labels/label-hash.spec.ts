import { describe, expect, it } from 'vitest';
import { labelHash } from './label-hash';

describe('labelHash', () => {
  it.each([
    ['no labels', {}, 17241709254077376921n],
    ['one label', { alertname: 'test1' }, 3244186490308918998n],
    ['two labels, whatever their order', { severity: 'warning', alertname: 'test1' }, 13905491285116304203n],
  ])('is that of Alertmanager for %s', (_, labels, hash) => {
    expect(labelHash(labels)).toBe(hash.toString(16).padStart(16, '0'));
  });
});
