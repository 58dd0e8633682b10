import { type Told } from '../pipeline/notification-record';

/** When what was told is told again if nothing changes: the first flush for which the repeat interval has passed. Null:
 *  nothing that fires was told. */
export function nextRepeatMs(
  told: Told | null,
  nextFlushMs: number,
  route: { readonly repeatIntervalMs: number; readonly groupIntervalMs: number },
): number | null {
  if (told === null || told.firing.length === 0) return null;
  const missingMs = told.atMs + route.repeatIntervalMs - nextFlushMs;
  if (missingMs < 0) return nextFlushMs;
  return nextFlushMs + (Math.floor(missingMs / route.groupIntervalMs) + 1) * route.groupIntervalMs;
}
