import { labelHash } from '@tocsin/common/labels/label-hash';
import { type OnMuted } from '../delivery/delivery-limits';
import { type Mutable } from './muting';
import { type NotifyReason, openOf, type Told } from './notification-record';

/** Why a group's integration is notified, or why not: there is nothing new, or everything is muted. */
export type NotifyVerdict = NotifyReason | 'none' | 'muted';

export interface NotifyQuestion {
  /** What fires and is not muted. */
  readonly firing: readonly Mutable[];
  /** What has ended and is not muted; with `close` what is to be told as ended, see `endings`. */
  readonly resolved: readonly Mutable[];
  readonly sendResolved: boolean;
  readonly repeatIntervalMs: number;
  /** When the question was put: the flush's time. */
  readonly nowMs: number;
  readonly onMuted: OnMuted;
}

/**
 * Whether the receiver must hear of this, given what it was told. Source: Alertmanager's dedup table, row by row.
 *
 * With `on_muted: close` an end is news when the receiver believes the alert to fire, and only then.
 */
export function notifyVerdict(told: Told | null, question: NotifyQuestion): Exclude<NotifyVerdict, 'muted'> {
  const { firing, resolved, onMuted } = question;
  if (told === null) return firing.length > 0 ? 'first notification' : 'none';
  if (!areAllIn(told.firing, told, firing)) {
    return told.firing.length === 0 ? 'first notification' : 'new alerts added';
  }
  const someEnded = onMuted === 'close' ? resolved.length > 0 : !areAllIn(told.resolved, told, resolved);
  if (firing.length === 0) {
    return (onMuted === 'close' ? someEnded : told.firing.length > 0) ? 'all alerts resolved' : 'none';
  }
  if (question.sendResolved && someEnded) return 'some alerts resolved';
  return told.atMs < question.nowMs - question.repeatIntervalMs ? 'repeat interval elapsed' : 'none';
}

/** Of these alerts those that the receiver believes to fire. */
export function endings<Alert extends Mutable>(told: Told | null, alerts: readonly Alert[]): Alert[] {
  const open = openOf(told);
  return open.length === 0 || alerts.length === 0 ? [] : alerts.filter(isIn(open, told));
}

function areAllIn(list: readonly string[], told: Told, alerts: readonly Mutable[]): boolean {
  return alerts.length === 0 || alerts.every(isIn(list, told));
}

/** Whether a list of what was told holds an alert. */
function isIn(list: readonly string[], told: Told | null): (alert: Mutable) => boolean {
  const known = list.length > MANY ? new Set(list) : null;
  const has = (id: string): boolean => known?.has(id) ?? list.includes(id);
  if (told?.hashing === undefined) return ({ fingerprint }) => has(fingerprint);
  return ({ fingerprint, labels }) => has(fingerprint) || has(labelHash(labels));
}

/** From this length on a set is faster than a list. */
const MANY = 8;
