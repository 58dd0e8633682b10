import { type NotifyReason, type Told } from './notification-record';

/** Why a group's integration is notified, or `none`. */
export type NotifyVerdict = NotifyReason | 'none';

export interface NotifyQuestion {
  /** Fingerprints of what fires and what has resolved, after muting. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly sendResolved: boolean;
  readonly repeatIntervalMs: number;
  /** When the question was put: the flush's time. */
  readonly nowMs: number;
}

/** Whether the receiver must hear of this, given what it was told. Source: Alertmanager's dedup table, row by row. */
export function notifyVerdict(told: Told | null, question: NotifyQuestion): NotifyVerdict {
  const { firing, resolved } = question;
  if (told === null) return firing.length > 0 ? 'first notification' : 'none';
  if (!isSubset(firing, told.firing)) return told.firing.length === 0 ? 'first notification' : 'new alerts added';
  if (firing.length === 0) return told.firing.length > 0 ? 'all alerts resolved' : 'none';
  if (question.sendResolved && !isSubset(resolved, told.resolved)) return 'some alerts resolved';
  return told.atMs < question.nowMs - question.repeatIntervalMs ? 'repeat interval elapsed' : 'none';
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  if (part.length === 0) return true;
  if (part.length === 1) return whole.includes(part[0] as string);
  const known = new Set(whole);
  return part.every((item) => known.has(item));
}
