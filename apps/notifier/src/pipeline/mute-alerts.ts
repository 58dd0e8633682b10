import { type Route } from '../routing/route';
import { type Mutable, type MutedBy, type Muting, type TimeMute } from './muting';

/** Why each muted alert is muted; alerts that are heard are not in it. Source: Alertmanager's stages, in their order:
 *  inhibition, active time, mute time, silence. */
export function muteAlerts<Alert extends Mutable>(
  alerts: readonly Alert[],
  route: Pick<Route, 'muteTimeIntervals' | 'activeTimeIntervals'>,
  muting: Muting,
): ReadonlyMap<string, MutedBy> {
  const timeMute = muting.timeMute(route);
  const muted = new Map<string, MutedBy>();
  for (const alert of alerts) {
    const by = mutedBy(alert, timeMute, muting);
    if (by !== null) muted.set(alert.fingerprint, by);
  }
  return muted;
}

function mutedBy(alert: Mutable, timeMute: TimeMute | null, muting: Muting): MutedBy | null {
  const inhibitor = muting.inhibitedBy(alert);
  if (inhibitor !== null) return inhibitor;
  if (timeMute !== null) return timeMute;
  const ids = muting.silencedBy(alert);
  return ids.length === 0 ? null : { kind: 'silence', ids };
}

/** `silence 3f2c…`, `inhibition by rule …`, `time interval weekends`, to follow "muted by". */
export function muteText(by: MutedBy): string {
  switch (by.kind) {
    case 'inhibition':
      return `inhibition rule ${by.ruleName}, alert ${by.fingerprint}`;
    case 'silence':
      return `silence ${by.ids.join(', ')}`;
    case 'mute_time_interval':
      return `time interval ${by.names.join(', ')}`;
    case 'active_time_interval':
      return `being outside of time interval ${by.names.join(', ')}`;
  }
}
