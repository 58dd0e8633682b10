import { nullLog } from '@tocsin/common/log/log';
import { EmbeddedLiveness } from '@tocsin/notifier/alerts/embedded-liveness.store';
import { MirroredNotificationLog } from '@tocsin/notifier/outage/mirrored-notification-log.store';
import { type KnownGroups } from '@tocsin/notifier/outage/state-ports';
import { type SwitchedState, switchedState } from '@tocsin/notifier/outage/switched-state';
import { ToldMirror } from '@tocsin/notifier/outage/told-mirror';
import { NO_TIMELINE } from '@tocsin/notifier/timeline/timeline-event';
import { type CallersClock, Refused, through, type Watcher } from './ports';
import { ReplicatedBook } from './replicated-book';
import { type SharedState } from './shared-state';
import { type SimulatedProcess, Unreachable } from './world';

/** How long the shared state may be away before notifiers work on their own, ms. */
export const GRACE_MS = 6_000;

export interface ConnectionOptions {
  readonly process: SimulatedProcess;
  /** The clock of whoever calls the shared state. */
  readonly clock: CallersClock;
  readonly shared: SharedState;
  /** Told of each call of the shared state. */
  readonly watch: Watcher;
  /** Told when the process begins to work on its own, and when that is over. */
  readonly onAlone: (isAlone: boolean) => void;
}

/** Connects one notifier with the shared state as `openClusterState` does over Redis: each command is run only where the
 *  state is the one that is known. */
export function connect(options: ConnectionOptions, groups: () => KnownGroups): SwitchedState {
  const { process, clock, shared, watch, onAlone } = options;
  const { world, name } = process;
  const now = <T>(ask: () => T): T => {
    clock.caller = process;
    return ask();
  };
  const isKnown = (): boolean => {
    const { epoch, position } = mode.guard({ epoch: '', position: '' });
    return now(() => shared.epoch.epoch === epoch && shared.position >= position);
  };
  const guard = (label: string): void => {
    if (isKnown()) return;
    world.tell(() => `${name} is refused ${label}`);
    mode.guard({ epoch: '', position: '' }).onRefused();
    throw new Refused(label);
  };
  const reach = async (label: string): Promise<void> => {
    await world.gate(process, label, 'quiet');
    if (world.isAway) throw new Unreachable(label);
  };

  const book = new ReplicatedBook(shared, name, process, {
    call: async (label) => {
      await world.gate(process, label, 'state');
      guard(label);
      clock.caller = process;
    },
    answer: (label) => world.gate(process, label, 'state'),
    read: async (label) => {
      await reach(label);
      guard(label);
    },
    listen: (label, hasNews) => world.gate(process, label, 'quiet', () => !world.isAway && isKnown() && hasNews()),
  });

  const mirror = new ToldMirror();
  const caller = { process, clock, guard, watch };
  const log = new MirroredNotificationLog(
    through(() => shared.log, 'log', caller),
    mirror,
    (records) => void world.gate(process, 'told', 'quiet', () => !world.isAway).then(() => tell(records)),
  );
  const tell = (records: (typeof shared.told)[number]['records']): void =>
    void shared.told.push({ writer: name, records });
  const ports = {
    book,
    silences: book.silenceStore,
    log,
    groups: through(() => shared.groups, 'groups', caller),
    deliveries: through(() => shared.deliveries, 'deliveries', caller),
    liveness: new EmbeddedLiveness(shared.store),
  };

  const restoring = `restoring ${name}`;
  let epochs = 0;
  const switched = switchedState({
    shared: ports,
    mirror,
    readShared: () => book.readAll(),
    epoch: {
      restoring,
      read: async () => {
        await reach('epoch');
        return now(() => shared.epoch);
      },
      take: async (expected, position) => {
        await reach('epoch');
        return now(() => shared.takeEpoch(expected, restoring, position));
      },
      publish: async () => {
        await reach('epoch');
        const epoch = `${name} ${++epochs}`;
        return now(() => shared.publishEpoch(restoring, epoch)) ? epoch : null;
      },
    },
    groups,
    onNotified: () => undefined,
    graceMs: GRACE_MS,
    clock: process,
    log: nullLog,
    timeline: NO_TIMELINE,
    onPhase: ({ phase, isAvailable }) => {
      world.tell(() => `${name} is ${phase}${isAvailable ? '' : ', out of reach'}`);
      onAlone(phase === 'restoring' || phase === 'alone');
    },
  });
  const { mode } = switched;
  void mode.started.then(() => followTold(options, mirror, log, groups));
  return switched;
}

/** Keeps the mirror up to date with what others tell; reads everything anew where entries may be missing. */
async function followTold(
  { process, shared }: ConnectionOptions,
  mirror: ToldMirror,
  log: MirroredNotificationLog,
  groups: () => KnownGroups,
): Promise<void> {
  const { world, name } = process;
  for (;;) {
    const { told } = shared;
    let next = told.length;
    try {
      await log.load([...groups().ids()]);
      while (shared.told === told) {
        await world.gate(process, 'told by others', 'quiet', () => shared.told !== told || told.length > next);
        const news = told.slice(next).filter(({ writer }) => writer !== name);
        for (const record of news.flatMap(({ records }) => records)) mirror.put(record);
        next = told.length;
      }
    } catch {
      await new Promise<void>((resolve) => process.setTimer(1_000, resolve));
    }
  }
}
