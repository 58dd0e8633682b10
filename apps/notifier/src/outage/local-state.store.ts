import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertWrite } from '../alerts/alert-book';
import { EmbeddedAlertBook } from '../alerts/embedded-alert-book.store';
import { EmbeddedLiveness } from '../alerts/embedded-liveness.store';
import { EmbeddedNotificationLog } from '../pipeline/embedded-notification-log.store';
import { type RecordWrite } from '../pipeline/notification-log';
import { ForgetfulStore } from './forgetful.store';
import { type End, hold } from './held-alerts';
import { LocalSilences } from './local-silences.store';
import { MirroredNotificationLog } from './mirrored-notification-log.store';
import { type RememberedDueTimes } from './remembered-due-times';
import { type KnownGroups, type StatePorts } from './state-ports';
import { type ToldMirror } from './told-mirror';

/** The state of one instance that works on its own, and what of it is news to others. */
export interface LocalState {
  readonly ports: StatePorts;
  /** When the shared state was last reached, epoch ms. */
  readonly sinceMs: number;
  /** Ends that alerts had before they were held, by fingerprint. */
  readonly ends: ReadonlyMap<string, End>;
  /** What changed here: fingerprints, group ids, ids of silences. */
  readonly alerts: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
  readonly silences: ReadonlySet<string>;
}

export interface LocalStateOptions {
  readonly shared: StatePorts;
  readonly mirror: ToldMirror;
  readonly dueTimes: RememberedDueTimes;
  readonly groups: KnownGroups;
  /** When the shared state was last reached, epoch ms. */
  readonly reachedAtMs: number;
  readonly clock: Clock;
  /** Told of each notification that was accepted while this state is worked on. */
  readonly onNotified: (count: number) => void;
}

/** Writes made without a pause in between. */
const SLICE = 1_000;

/** A state in memory that goes on from what this instance knows of the shared one. */
export async function openLocalState(options: LocalStateOptions): Promise<LocalState> {
  const { shared, mirror, clock, onNotified } = options;
  const store = new ForgetfulStore();
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  const book = new EmbeddedAlertBook(store, groups, clock);
  const log = new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => book.position });
  const silences = new LocalSilences(shared.silences.silences.values());

  const ends = await copyAlerts(book, options);
  const all = [...mirror.groups()].map(([groupId, records]): RecordWrite => {
    const changes = [...records].map(([integration, record]) => ({ integration, expectedRevision: 0, record }));
    return { groupId, fence: null, changes, arms: [] };
  });
  for (let start = 0; start < all.length; start += SLICE) await log.write(all.slice(start, start + SLICE));
  armGroups(groups, options);

  const changed = { alerts: new Set<string>(), records: new Set<string>(), silences: new Set<string>() };
  book.onChange((changes) => changes.forEach(({ fingerprint }) => changed.alerts.add(fingerprint)));
  silences.onChange((changes) => changes.forEach(({ id }) => changed.silences.add(id)));
  const mirrored = new MirroredNotificationLog(log, mirror, (told, byDelivery) => {
    for (const { groupId } of told) changed.records.add(groupId);
    if (byDelivery > 0) onNotified(byDelivery);
  });
  const liveness = new EmbeddedLiveness(store);
  const sinceMs = options.reachedAtMs;
  return { sinceMs, ports: { book, silences, log: mirrored, groups, deliveries, liveness }, ends, ...changed };
}

async function copyAlerts(
  book: EmbeddedAlertBook,
  { shared, reachedAtMs, clock }: LocalStateOptions,
): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  const nowMs = clock.nowMs();
  const known = [...shared.book.alerts.values()];
  for (let start = 0; start < known.length; start += SLICE) {
    const part = known.slice(start, start + SLICE);
    const stores = part.map((alert): AlertWrite => {
      const held = hold(alert, reachedAtMs, nowMs);
      if (held !== alert) ends.set(alert.fingerprint, { endsAtMs: alert.endsAtMs, timeout: alert.timeout });
      return { kind: 'store', expected: null, alert: held };
    });
    await book.commit({ writes: stores, arms: [] });
    const settles = part.flatMap(({ fingerprint, settledIn }) => {
      const version = book.alerts.get(fingerprint)?.version ?? 0;
      return settledIn.map((groupId): AlertWrite => ({ kind: 'settle', fingerprint, version, groupId }));
    });
    if (settles.length > 0) await book.commit({ writes: settles, arms: [] });
  }
  return ends;
}

/** Groups get the due times this instance remembers; those it does not know are armed by whoever looks after timers. */
function armGroups(queue: EmbeddedDueQueue, { dueTimes, groups, mirror, clock }: LocalStateOptions): void {
  const nowMs = clock.nowMs();
  for (const id of groups.ids()) {
    const dueMs = mirror.isUndelivered(id) ? nowMs : dueTimes.get(id);
    if (dueMs !== undefined) queue.armNow([{ lane: groups.lane, id, dueMs, mode: 'keep' }]);
  }
}
