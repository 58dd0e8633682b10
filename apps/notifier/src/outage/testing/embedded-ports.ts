import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { type Clock } from '@tocsin/common/time/clock';
import { EmbeddedAlertBook } from '../../alerts/embedded-alert-book.store';
import { EmbeddedLiveness } from '../../alerts/embedded-liveness.store';
import { EmbeddedNotificationLog } from '../../pipeline/embedded-notification-log.store';
import { LocalSilences } from '../local-silences.store';
import { type StatePorts } from '../state-ports';

/** A state of its own that stands for a shared one. */
export function embeddedPorts(clock: Clock): StatePorts {
  const store = new MemoryStore();
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  const book = new EmbeddedAlertBook(store, groups, clock);
  return {
    book,
    silences: new LocalSilences([]),
    log: new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => book.position }),
    groups,
    deliveries,
    liveness: new EmbeddedLiveness(store),
  };
}
