import { decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, deliveryDeadlineMs, type DeliverySettings, limitsOfOne, mergeLimits } from './delivery-limits';
import { deliveryField, deliveryLimits } from './delivery-limits.schema';

function decode(text: string) {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error('expected YAML');
  return decodeDocument(parsed.document, deliveryLimits);
}

const full = `
max_in_flight: 4
rate_limit: { per_second: 0.5, burst: 3 }
circuit_breaker: { failures: 5, pause: 1m }
timeout: 10s
retry_for: 2h
`;

const fullSettings: DeliverySettings = {
  maxInFlight: 4,
  rate: { perSecond: 0.5, burst: 3 },
  circuit: { failures: 5, pauseMs: 60_000 },
  attemptTimeoutMs: 10_000,
  retryForMs: 7_200_000,
};

describe('the block `delivery`', () => {
  it.each<[string, string, DeliverySettings]>([
    ['every field', full, fullSettings],
    ['nothing', '{}', {}],
    ['null', '', {}],
    ['one field', 'timeout: 5s', { attemptTimeoutMs: 5_000 }],
    ['`off`', 'rate_limit: off\ncircuit_breaker: "off"', { rate: null, circuit: null }],
    ['a burst by default of a second', 'rate_limit: { per_second: 2.5 }', { rate: { perSecond: 2.5, burst: 3 } }],
  ])('reads %s', (_, text, value) => expect(decode(text)).toEqual({ ok: true, value }));

  it.each([
    ['max_in_flight: 0', ['max_in_flight'], 'max_in_flight must be at least 1'],
    ['timeout: 0s', ['timeout'], 'timeout must be longer than 0s'],
    ['retry_for: soon', ['retry_for'], 'not a valid duration string: "soon"'],
    ['rate_limit: { burst: 3 }', ['rate_limit'], 'missing per_second in rate_limit'],
    ['rate_limit: { per_second: 0 }', ['rate_limit', 'per_second'], 'per_second must be a number greater than 0'],
    ['rate_limit: { per_second: .inf }', ['rate_limit', 'per_second'], 'per_second must be a number greater than 0'],
    ['rate_limit: { per_second: 1, burst: 0 }', ['rate_limit', 'burst'], 'burst must be at least 1'],
    ['circuit_breaker: { pause: 1m }', ['circuit_breaker'], 'missing failures in circuit_breaker'],
    ['circuit_breaker: { failures: 3 }', ['circuit_breaker'], 'missing pause in circuit_breaker'],
    ['circuit_breaker: on', ['circuit_breaker'], 'cannot unmarshal !!bool `on` into config.DeliveryCircuitBreaker'],
    ['retries: 3', ['retries'], 'field retries not found in type config.DeliveryConfig'],
  ])('refuses %s', (text, path, message) => {
    expect(decode(text)).toMatchObject({ ok: false, findings: [{ path, message }] });
  });

  it('tells all mistakes at once', () => {
    const result = decode('timeout: 0s\nrate_limit: { per_second: -1, burst: 0 }');
    expect(result.ok ? [] : result.findings.map(({ message }) => message)).toEqual([
      'timeout must be longer than 0s',
      'per_second must be a number greater than 0',
      'burst must be at least 1',
    ]);
  });

  it('is shown as it is read', () => {
    expect(deliveryField.show(fullSettings)).toEqual({
      max_in_flight: 4,
      rate_limit: { per_second: 0.5, burst: 3 },
      circuit_breaker: { failures: 5, pause: '1m' },
      timeout: '10s',
      retry_for: '2h',
    });
    expect(deliveryField.show({ rate: null, circuit: null })).toEqual({ rate_limit: 'off', circuit_breaker: 'off' });
    expect(deliveryField.show({})).toBeUndefined();
  });
});

it('an integration takes each limit by itself from its own block, the global one or the defaults', () => {
  const global = { maxInFlight: 7, circuit: null };
  expect(mergeLimits(global, { maxInFlight: 2 })).toEqual({ ...DEFAULT_LIMITS, maxInFlight: 2, circuit: null });
});

it.each([
  ['alone', 1, { perSecond: 4, burst: 10 }],
  ['one of two', 2, { perSecond: 2, burst: 5 }],
  ['one of many, who may still begin one', 40, { perSecond: 0.1, burst: 1 }],
])('the rate is shared: %s', (_, sharers, rate) => {
  const limits = { ...DEFAULT_LIMITS, rate: { perSecond: 4, burst: 10 } };
  expect(limitsOfOne(limits, sharers)).toEqual({ ...limits, rate });
});

it.each([
  ['as long as the group interval', 300_000, null, 300_000],
  ['at least ten seconds', 1_000, null, 10_000],
  ['as long as its limits say', 300_000, 2_000, 2_000],
])('a notification is tried %s', (_, groupIntervalMs, retryForMs, budgetMs) =>
  expect(deliveryDeadlineMs(1_000, groupIntervalMs, { ...DEFAULT_LIMITS, retryForMs })).toBe(1_000 + budgetMs),
);
