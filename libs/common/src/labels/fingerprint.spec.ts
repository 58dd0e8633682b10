import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, fnv1a64Hex } from './fingerprint';
import { labelsOf } from './label-set';

describe('fingerprint', () => {
  // The first two are vectors of prometheus/common, the others what Alertmanager's API shows.
  it.each([
    [{}, 'cbf29ce484222325'],
    [{ name: 'garland, briggs', fear: 'love is not enough' }, '507a62d79ee76c9a'],
    [{ alertname: 'test1' }, '5ae90ff6f82ebe6b'],
    [{ alertname: 'test1', severity: 'warning' }, '8f14a41207c8456c'],
    [{ severity: 'critical', alertname: 'test1' }, '4d68350aea315959'],
    [{ 'foo🙂': 'bar' }, '68477caefa9ff268'],
    [{ zone: 'aa', job: 'testjob', alertname: 'JobDown' }, '13c05405fa6acf19'],
  ])('%j is %s', (labels, printed) => expect(fingerprint(labels)).toBe(printed));

  it('equals FNV-1a 64 in big integers, characters beyond ASCII included', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 8 }), (pairs) => {
        expect(fingerprint(labelsOf(pairs))).toBe(slowFingerprint(pairs));
      }),
    );
  });

  it('hashes plain text to sixteen digits', () => {
    expect(fnv1a64Hex('')).toBe('cbf29ce484222325');
    expect(fnv1a64Hex('foobar')).toBe('85944171f73967e8');
  });
});

function slowFingerprint(pairs: readonly (readonly [string, string])[]): string {
  const bytes = [...pairs]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap(([name, value]) => [...Buffer.from(name), 0xff, ...Buffer.from(value), 0xff]);
  const hash = bytes.reduce(
    (sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n),
    0xcbf29ce484222325n,
  );
  return hash.toString(16).padStart(16, '0');
}
