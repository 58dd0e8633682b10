import { describe, expect, it } from 'vitest';
import { AlertnameLimit } from './alertname-limit';

const NOW = 1_000;
const alert = (fingerprint: string, alertname = 'A', endsAtMs = NOW + 1) => ({
  fingerprint,
  labels: { alertname },
  endsAtMs,
});

describe('AlertnameLimit', () => {
  it('admits up to the limit, by alertname, and whatever is known', () => {
    const limit = new AlertnameLimit(2, [alert('1')]);
    expect(limit.admit(alert('2'), NOW)).toBe(true);
    expect(limit.admit(alert('3'), NOW)).toBe(false);
    expect(limit.admit(alert('1'), NOW)).toBe(true);
    expect(limit.admit(alert('4', 'B'), NOW)).toBe(true);
  });

  it('gives the place of an alert that has ended to a new one', () => {
    const limit = new AlertnameLimit(1);
    expect(limit.admit(alert('1', 'A', NOW), NOW)).toBe(true);
    expect(limit.admit(alert('2'), NOW)).toBe(true);
    expect(limit.admit(alert('1'), NOW)).toBe(false);
  });

  it('counts alerts without a name together', () => {
    const limit = new AlertnameLimit(1);
    expect(limit.admit({ fingerprint: '1', labels: {}, endsAtMs: NOW + 1 }, NOW)).toBe(true);
    expect(limit.admit({ fingerprint: '2', labels: {}, endsAtMs: NOW + 1 }, NOW)).toBe(false);
  });

  it('frees the place of an alert the book forgets, and follows ends', () => {
    const limit = new AlertnameLimit(1);
    limit.admit(alert('1'), NOW);
    const stored = { ...alert('1'), version: 1 } as never;
    limit.apply([{ fingerprint: '1', before: stored, after: null }]);
    expect(limit.admit(alert('2'), NOW)).toBe(true);
    limit.apply([{ fingerprint: '2', before: null, after: { ...alert('2', 'A', NOW), version: 2 } as never }]);
    expect(limit.admit(alert('3'), NOW)).toBe(true);
  });

  it('remembers no alertname of which nothing is left', () => {
    const limit = new AlertnameLimit(1);
    limit.admit(alert('1', 'A'), NOW);
    limit.admit(alert('2', 'B'), NOW);
    limit.apply([{ fingerprint: '1', before: { ...alert('1', 'A'), version: 1 } as never, after: null }]);
    expect(limit.size).toBe(1);
  });
});
