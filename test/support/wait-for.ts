/** Resolves after this many ms. For polling and for "nothing happens meanwhile" checks only. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface WaitLimits {
  /** Default 15 000. */
  limitMs?: number;
  /** Default 50. */
  everyMs?: number;
}

/**
 * Polls until the probe returns something truthy, and returns that; a probe that throws is tried again.
 *
 * @param what completes the sentence "waited 15 s for …" when the limit passes
 */
export async function waitFor<T>(
  what: string | (() => string),
  probe: () => T | Promise<T>,
  { limitMs = 15_000, everyMs = 50 }: WaitLimits = {},
): Promise<NonNullable<T>> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) {
      failure = error;
    }
    if (performance.now() >= endMs) {
      const text = typeof what === 'string' ? what : what();
      throw new Error(`waited ${limitMs / 1000} s for ${text}`, failure === undefined ? {} : { cause: failure });
    }
    await sleep(everyMs);
  }
}
