import { type Log } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type Timeline } from '../timeline/timeline-event';
import { GiveBackService } from './give-back.service';
import { openLocalState } from './local-state.store';
import { OutageModeService, type OutageModeOptions } from './outage-mode.service';
import { RememberedDueTimes } from './remembered-due-times';
import { type KnownGroups, type StatePorts } from './state-ports';
import { StateSwitch } from './state-switch.service';
import { SwitchedAlertBook } from './switched-alert-book.store';
import { SwitchedDueQueue } from './switched-due-queue.store';
import { SwitchedLiveness } from './switched-liveness.store';
import { SwitchedNotificationLog } from './switched-notification-log.store';
import { SwitchedSilenceStore } from './switched-silence.store';
import { type ToldMirror } from './told-mirror';

export interface SwitchedStateOptions extends Pick<
  OutageModeOptions,
  'shared' | 'readShared' | 'epoch' | 'graceMs' | 'onPhase'
> {
  /** Learns from the shared notification log. */
  readonly mirror: ToldMirror;
  readonly groups: () => KnownGroups;
  /** Told of each notification that was accepted while this instance works on its own. */
  readonly onNotified: (count: number) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeline: Timeline;
}

/** The ports to work on, which lead to the shared state or to a local one, and what decides to which. */
export interface SwitchedState {
  readonly ports: StatePorts;
  readonly state: StateSwitch;
  readonly mode: OutageModeService;
}

/** Puts the switch between those who work on the state and the shared one; `mode` is not started yet. */
export function switchedState(options: SwitchedStateOptions): SwitchedState {
  const { shared, mirror, groups, clock, onNotified } = options;
  const dueTimes = new RememberedDueTimes();
  const state = new StateSwitch(shared, clock);
  const mode = new OutageModeService({
    ...options,
    state,
    openLocal: (reachedAtMs) =>
      openLocalState({ shared, mirror, dueTimes, groups: groups(), reachedAtMs, clock, onNotified }),
    giveBack: new GiveBackService(shared, mirror, groups, clock),
  });
  const ports = {
    book: new SwitchedAlertBook(state),
    silences: new SwitchedSilenceStore(state),
    log: new SwitchedNotificationLog(state),
    groups: new SwitchedDueQueue(state, 'groups', clock, dueTimes),
    deliveries: new SwitchedDueQueue(state, 'deliveries', clock, null),
    liveness: new SwitchedLiveness(state),
  };
  return { ports, state, mode };
}
