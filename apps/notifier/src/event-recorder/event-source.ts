import { type AlertView } from '../alerts/alert-book';
import { type ActiveConfig } from '../config/active-config';
import { type CurrentMuting } from '../pipeline/current-muting';
import { type SilenceView } from '../silences/silence-store';
import { type EventSource } from './recorded-event';

/** What a running notifier knows; `active` is replaced in place by a reload. */
export function eventSource(
  active: Pick<ActiveConfig, 'config' | 'groups'>,
  alerts: AlertView,
  silences: SilenceView,
  muting: Pick<CurrentMuting, 'at'>,
): EventSource {
  return {
    alert: (fingerprint) => alerts.get(fingerprint),
    groupsOf: (alert) => active.groups.groupsOf(alert),
    group: (id) => active.groups.group(id),
    silence: (id) => silences.get(id),
    inhibitRule: (position) => active.config.inhibitRules[position],
    muting: (nowMs) => muting.at(nowMs),
  };
}
