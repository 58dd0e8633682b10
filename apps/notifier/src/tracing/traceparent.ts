import { type SpanRef } from './tracer';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** Reads a `traceparent` header; null where there is none or where it is not valid. Source: W3C Trace Context. */
export function parseTraceparent(header: string | string[] | undefined): SpanRef | null {
  if (typeof header !== 'string') return null;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = FORM.exec(header) ?? [];
  if (version === '' || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0, isRemote: true };
}

/** Text of a `traceparent` header. */
export function formatTraceparent({ traceId, spanId, isSampled }: SpanRef): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
