import { isScalar } from 'yaml';
import {
  custom,
  type Decoder,
  duration,
  float,
  int,
  object,
  optional,
  withDefault,
} from '@tocsin/common/config/decode';
import { formatDuration } from '@tocsin/common/time/duration';
import { type Field } from '../receivers/field.schema';
import { type DeliveryLimits, type DeliverySettings } from './delivery-limits';

/** A section that can be switched off as a whole: `off`, which YAML 1.1 takes for false. */
function orOff<T>(of: Decoder<T>): Decoder<T | null> {
  return {
    typeName: of.typeName,
    decode: (place, context) => {
      const isOff = isScalar(place.node) && (place.node.value === false || place.node.value === 'off');
      return isOff ? null : of.decode(place, context);
    },
  };
}

function atLeastOne(name: string): Decoder<number> {
  return custom(int, (value, report) => (value >= 1 ? value : report(`${name} must be at least 1`)));
}

function longerThanZero(name: string): Decoder<number> {
  return custom(duration, (ms, report) => (ms > 0 ? ms : report(`${name} must be longer than 0s`)));
}

const perSecond: Decoder<number> = custom(float, (value, report) =>
  value > 0 && Number.isFinite(value) ? value : report('per_second must be a number greater than 0'),
);

const rateFields = object(
  { per_second: optional(perSecond), burst: optional(atLeastOne('burst')) },
  'config.DeliveryRateLimit',
);

const rateLimit: Decoder<DeliveryLimits['rate']> = orOff(
  custom(rateFields, ({ per_second, burst }, report) => {
    if (per_second === undefined) return report('missing per_second in rate_limit');
    return { perSecond: per_second, burst: burst ?? Math.max(1, Math.ceil(per_second)) };
  }),
);

const circuitFields = object(
  { failures: optional(atLeastOne('failures')), pause: optional(longerThanZero('pause')) },
  'config.DeliveryCircuitBreaker',
);

const circuitBreaker: Decoder<DeliveryLimits['circuit']> = orOff(
  custom(circuitFields, ({ failures, pause }, report) => {
    if (failures === undefined) return report('missing failures in circuit_breaker');
    if (pause === undefined) return report('missing pause in circuit_breaker');
    return { failures, pauseMs: pause };
  }),
);

const fields = object(
  {
    max_in_flight: optional(atLeastOne('max_in_flight')),
    rate_limit: optional(rateLimit),
    circuit_breaker: optional(circuitBreaker),
    timeout: optional(longerThanZero('timeout')),
    retry_for: optional(longerThanZero('retry_for')),
  },
  'config.DeliveryConfig',
);

/** The block `delivery` of `global` or of an integration (ours); what it does not set is left out. */
export const deliveryLimits: Decoder<DeliverySettings> = custom(fields, (raw) => ({
  ...(raw.max_in_flight !== undefined && { maxInFlight: raw.max_in_flight }),
  ...(raw.rate_limit !== undefined && { rate: raw.rate_limit }),
  ...(raw.circuit_breaker !== undefined && { circuit: raw.circuit_breaker }),
  ...(raw.timeout !== undefined && { attemptTimeoutMs: raw.timeout }),
  ...(raw.retry_for !== undefined && { retryForMs: raw.retry_for }),
}));

/** The same as a field, absent like empty. */
export const deliveryField: Field<DeliverySettings> = {
  key: 'delivery',
  decoder: withDefault(deliveryLimits, {}),
  show: (settings) => (Object.keys(settings).length > 0 ? deliveryView(settings) : undefined),
};

function deliveryView({ maxInFlight, rate, circuit, attemptTimeoutMs, retryForMs }: DeliverySettings): object {
  const shown = {
    max_in_flight: maxInFlight,
    rate_limit: rate === null ? 'off' : rate && { per_second: rate.perSecond, burst: rate.burst },
    circuit_breaker:
      circuit === null ? 'off' : circuit && { failures: circuit.failures, pause: formatDuration(circuit.pauseMs) },
    timeout: attemptTimeoutMs && formatDuration(attemptTimeoutMs),
    retry_for: retryForMs ? formatDuration(retryForMs) : undefined,
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
}
