import { type Alert, isResolved } from './alert';

/**
 * What is kept when a message about an alert meets what is known of it.
 *
 * Source: Alertmanager's provider and `Alert.Merge`: alerts that overlap become one, otherwise the message replaces what
 * was known. All comparisons are strict, so a refresh with the same start and a later end replaces. One rule is ours:
 * a message that was true earlier than what is known, and does not overlap it, changes nothing (then `old` itself is
 * returned); Alertmanager never sees such a message, because there an alert is true when it arrives.
 */
export function mergeAlert(old: Alert | undefined, incoming: Alert, nowMs: number): Alert {
  if (old === undefined) return incoming;
  const isLate = incoming.updatedAtMs < old.updatedAtMs;
  if (!overlaps(old, incoming)) return isLate ? old : incoming;
  return isLate ? join(incoming, old, nowMs) : join(old, incoming, nowMs);
}

function overlaps(old: Alert, incoming: Alert): boolean {
  return (
    (incoming.endsAtMs > old.startsAtMs && incoming.endsAtMs < old.endsAtMs) ||
    (incoming.startsAtMs > old.startsAtMs && incoming.startsAtMs < old.endsAtMs)
  );
}

function join(older: Alert, younger: Alert, nowMs: number): Alert {
  const start = older.startsAtMs < younger.startsAtMs ? older : younger;
  const end = olderEndRules(older, younger, nowMs) ? older : younger;
  return {
    fingerprint: younger.fingerprint,
    labels: younger.labels,
    annotations: younger.annotations,
    startsAtMs: start.startsAtMs,
    endsAtMs: end.endsAtMs,
    updatedAtMs: younger.updatedAtMs,
    generatorURL: younger.generatorURL,
    timeout: younger.timeout,
    startsAtOffsetMin: start.startsAtOffsetMin,
    endsAtOffsetMin: end.endsAtOffsetMin,
  };
}

/** The latest explicit end counts: of two resolved alerts the later, of a firing one any later end that a sender gave. */
function olderEndRules(older: Alert, younger: Alert, nowMs: number): boolean {
  if (older.endsAtMs <= younger.endsAtMs) return false;
  return isResolved(younger, nowMs) ? isResolved(older, nowMs) : !older.timeout;
}
