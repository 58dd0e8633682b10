import { isResolved } from '@tocsin/common/alert/alert';
import { type AlertView, type AlertWrite } from './alert-book';

/**
 * Writes that bring alerts back into their groups whose end has to be told after all, though it may have been settled
 * there already; alerts that fire are members anyway.
 */
export function takeBackWrites(alerts: AlertView, fingerprints: readonly string[], nowMs: number): AlertWrite[] {
  return fingerprints.flatMap((fingerprint) => {
    const alert = alerts.get(fingerprint);
    return alert !== undefined && isResolved(alert, nowMs) ? [{ kind: 'store', expected: alert, alert }] : [];
  });
}
