import { type DeliveryLimits } from './delivery-limits';
import { askedWaitMs, type DeliveryOutcome } from './delivery-outcome';

/**
 * Whether an integration is worth trying.
 *
 * closed: attempts go out; so many in a row failed so far. Left for `open` at the limit.
 * open: nothing goes out before `untilMs`, then one attempt at a time, until one of them tells. What is heard of
 * attempts that began earlier counts, too.
 */
export type Circuit =
  { readonly phase: 'closed'; readonly failures: number } | { readonly phase: 'open'; readonly untilMs: number };

export const CLOSED: Circuit = { phase: 'closed', failures: 0 };

/** How many attempts may be under way; those of an open circuit are probes. */
export function attemptsAllowed(circuit: Circuit, nowMs: number): number {
  if (circuit.phase === 'closed') return Infinity;
  return nowMs < circuit.untilMs ? 0 : 1;
}

/** The circuit after an attempt. A receiver that rejects a notification, or asks for fewer, is alive: only what else is
 *  worth another try is a failure. */
export function afterAttempt(
  circuit: Circuit,
  outcome: DeliveryOutcome,
  limits: DeliveryLimits['circuit'],
  nowMs: number,
): Circuit {
  if (outcome.kind !== 'retryable' || asksForFewer(outcome) || limits === null) return CLOSED;
  const failures = circuit.phase === 'closed' ? circuit.failures + 1 : limits.failures;
  if (failures < limits.failures) return { phase: 'closed', failures };
  // Attempts of before end while it is open and must not keep it so.
  if (circuit.phase === 'open' && nowMs < circuit.untilMs) return circuit;
  return { phase: 'open', untilMs: nowMs + limits.pauseMs };
}

/** It is there, and says itself when it can take more. */
function asksForFewer(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'retryable' && outcome.reason === 'rateLimited' && askedWaitMs(outcome) > 0;
}
