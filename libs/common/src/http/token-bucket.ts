import { type RateLimit } from './web-config';

/** Tokens left in a bucket at some time; each request takes one. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A full one. */
export function fullBucket({ burst }: RateLimit, nowMs: number): TokenBucket {
  return { tokens: burst, atMs: nowMs };
}

/** The bucket after a request has asked for a token, and whether it got one. Source: Go `rate.Limiter.Allow`. */
export function takeToken(
  bucket: TokenBucket,
  limit: RateLimit,
  nowMs: number,
): { allowed: boolean; next: TokenBucket } {
  const atMs = Math.max(bucket.atMs, nowMs);
  const tokens = Math.min(limit.burst, bucket.tokens + (atMs - bucket.atMs) / limit.intervalMs);
  const allowed = tokens >= 1;
  return { allowed, next: { tokens: allowed ? tokens - 1 : tokens, atMs } };
}
