import { type AlertState, type Firing, INACTIVE, type Inactive, type Pending, type Resolved } from './alert-state';

/** How long a resolved alert is remembered, ms: receivers are told of its end all that time. Source: Prometheus. */
export const RESOLVED_RETENTION_MS = 15 * 60_000;

/** `unknown`: the result lacks it, but the result is not complete. */
export type Presence = 'seen' | 'absent' | 'unknown';

export interface HoldTimes {
  /** A result must be seen this long before it fires, ms. */
  readonly forMs: number;
  /** It fires this long after it was last seen, ms. */
  readonly keepFiringForMs: number;
}

/** The state after one evaluation; the same object when nothing changed. Source: Prometheus' alerting rule. */
export function advanceAlert(prev: AlertState, presence: Presence, hold: HoldTimes, slotMs: number): AlertState {
  if (presence === 'unknown') return prev;
  const isSeen = presence === 'seen';
  switch (prev.phase) {
    case 'inactive':
      return isSeen ? activate(hold, slotMs) : prev;
    case 'resolved':
      return isSeen ? activate(hold, slotMs) : forget(prev, slotMs);
    case 'pending':
      return isSeen ? fireWhenHeld(prev, hold, slotMs) : INACTIVE;
    case 'firing':
      return isSeen ? goOn(prev, hold, slotMs) : keepOrResolve(prev, hold, slotMs);
  }
}

/** Moves `for` over time in which the rule was not evaluated: it does not count, and too much of it starts it anew. */
export function skipUnevaluated(prev: AlertState, unevaluatedMs: number, toleranceMs: number): AlertState {
  if (prev.phase !== 'pending' || unevaluatedMs <= 0) return prev;
  return unevaluatedMs > toleranceMs ? INACTIVE : { phase: 'pending', activeAtMs: prev.activeAtMs + unevaluatedMs };
}

function activate(hold: HoldTimes, slotMs: number): Pending | Firing {
  return fireWhenHeld({ phase: 'pending', activeAtMs: slotMs }, hold, slotMs);
}

function fireWhenHeld(prev: Pending, { forMs }: HoldTimes, slotMs: number): Pending | Firing {
  if (slotMs - prev.activeAtMs < forMs) return prev;
  const { activeAtMs } = prev;
  return { phase: 'firing', activeAtMs, firedAtMs: slotMs, lastSentMs: null, keepFiringSinceMs: null };
}

function goOn(prev: Firing, hold: HoldTimes, slotMs: number): Pending | Firing {
  if (isHeldAgain(prev, hold, slotMs)) return { phase: 'pending', activeAtMs: prev.activeAtMs };
  return prev.keepFiringSinceMs === null ? prev : { ...prev, keepFiringSinceMs: null };
}

function keepOrResolve(prev: Firing, hold: HoldTimes, slotMs: number): Pending | Firing | Resolved {
  const sinceMs = prev.keepFiringSinceMs ?? slotMs;
  if (hold.keepFiringForMs === 0 || slotMs - sinceMs >= hold.keepFiringForMs) {
    const { activeAtMs, firedAtMs, lastSentMs } = prev;
    return { phase: 'resolved', activeAtMs, firedAtMs, resolvedAtMs: slotMs, lastSentMs };
  }
  if (isHeldAgain(prev, hold, slotMs)) return { phase: 'pending', activeAtMs: prev.activeAtMs };
  return prev.keepFiringSinceMs === sinceMs ? prev : { ...prev, keepFiringSinceMs: sinceMs };
}

/** Only after a reload raised `for`. */
function isHeldAgain(prev: Firing, { forMs }: HoldTimes, slotMs: number): boolean {
  return slotMs - prev.activeAtMs < forMs;
}

function forget(prev: Resolved, slotMs: number): Resolved | Inactive {
  return slotMs - prev.resolvedAtMs > RESOLVED_RETENTION_MS ? INACTIVE : prev;
}
