import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { type AlertBook } from '../alerts/alert-book';
import { type Liveness } from '../alerts/liveness';
import { type DeadLetterIndex } from '../pipeline/dead-letter-index';
import { type NotificationLog } from '../pipeline/notification-log';
import { type SilenceStore } from '../silences/silence-store';

/** Everything that is shared while there is a Redis, and local while there is none. */
export interface StatePorts {
  readonly book: AlertBook & { readonly position: number };
  readonly silences: SilenceStore;
  readonly log: NotificationLog & DeadLetterIndex;
  readonly groups: DueQueue;
  readonly deliveries: DueQueue;
  readonly liveness: Liveness;
}

/** What the state is told about groups, which only the running configuration knows. */
export interface KnownGroups {
  /** Lane of the groups in their due queue. */
  readonly lane: string;
  readonly ids: () => Iterable<string>;
  readonly has: (id: string) => boolean;
  /** Longest time a notification record outlives its group, ms. */
  readonly recordsKeptMs: number;
}
