import { expect, it } from 'vitest';
import { afterAttempt, attemptsAllowed, type Circuit, CLOSED } from './circuit-breaker';
import { type DeliveryOutcome } from './delivery-outcome';

const limits = { failures: 3, pauseMs: 15_000 };
const failed = (failures: number): Circuit => ({ phase: 'closed', failures });
const openUntil = (untilMs: number): Circuit => ({ phase: 'open', untilMs });

const delivered: DeliveryOutcome = { kind: 'delivered' };
const retryable: DeliveryOutcome = { kind: 'retryable', reason: 'serverError', message: 'busy' };
const rejected: DeliveryOutcome = { kind: 'rejected', reason: 'clientError', message: 'no' };
const throttled: DeliveryOutcome = { kind: 'retryable', reason: 'rateLimited', message: 'slower' };

it.each<[string, Circuit, DeliveryOutcome, typeof limits | null, number, Circuit]>([
  ['counts a failure', CLOSED, retryable, limits, 0, failed(1)],
  ['starts over with a success', failed(2), delivered, limits, 0, CLOSED],
  ['takes a rejection for a sign of life', failed(2), rejected, limits, 0, CLOSED],
  ['takes "later" for a sign of life', failed(2), { ...throttled, retryAfterMs: 5_000 }, limits, 0, CLOSED],
  ['counts "too many" that does not say until when', CLOSED, throttled, limits, 0, failed(1)],
  ['opens with the failure that is one too many', failed(2), retryable, limits, 100, openUntil(15_100)],
  ['stays as it is for attempts that began earlier', openUntil(15_100), retryable, limits, 9_000, openUntil(15_100)],
  ['closes when one of those succeeds', openUntil(15_100), delivered, limits, 9_000, CLOSED],
  ['opens again when the probe fails', openUntil(15_100), retryable, limits, 15_100, openUntil(30_100)],
  ['closes when the probe succeeds', openUntil(15_100), delivered, limits, 15_100, CLOSED],
  ['never opens without limits', failed(2), retryable, null, 0, CLOSED],
  ['closes when a reload takes the limits away', openUntil(15_100), retryable, null, 0, CLOSED],
])('a circuit %s', (_, circuit, outcome, own, nowMs, next) =>
  expect(afterAttempt(circuit, outcome, own, nowMs)).toEqual(next),
);

it.each<[string, Circuit, number, number]>([
  ['any while closed', failed(2), 0, Infinity],
  ['none while open', openUntil(100), 99, 0],
  ['one probe from then on', openUntil(100), 100, 1],
])('allows %s', (_, circuit, nowMs, allowed) => expect(attemptsAllowed(circuit, nowMs)).toBe(allowed));
