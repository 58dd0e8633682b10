import { type DeliveryLimits } from './delivery-limits';

type Rate = NonNullable<DeliveryLimits['rate']>;

/** Attempts that may begin: what is left of the burst, as of an instant. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Sums of fractions fall a hair short. */
const HAIR = 1e-6;

/** The bucket now; one never used is full. */
export function refill(bucket: Bucket | null, rate: Rate, nowMs: number): Bucket {
  if (bucket === null) return { tokens: rate.burst, atMs: nowMs };
  // A clock set back takes nothing away.
  const gained = (Math.max(0, nowMs - bucket.atMs) / 1_000) * rate.perSecond;
  return { tokens: Math.min(rate.burst, bucket.tokens + gained), atMs: nowMs };
}

/** How many attempts may begin at once. */
export function wholeTokens({ tokens }: Bucket): number {
  return Math.max(0, Math.floor(tokens + HAIR));
}

/** When the next attempt may begin, epoch ms. */
export function nextTokenMs({ tokens, atMs }: Bucket, rate: Rate): number {
  return atMs + Math.max(0, Math.ceil(((1 - HAIR - tokens) / rate.perSecond) * 1_000));
}
