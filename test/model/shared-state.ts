import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertWrite, type BookCommit, type StoredAlert } from '@tocsin/notifier/alerts/alert-book';
import { type AlertState, type BookChange, fingerprintOf, isExpected, Replica } from '@tocsin/notifier/alerts/replica';
import { EmbeddedNotificationLog } from '@tocsin/notifier/pipeline/embedded-notification-log.store';
import { type StoredSilence } from '@tocsin/notifier/silences/silence';

/** One entry of the change stream; a silence is told by its id, as Redis' stream tells it. */
export interface StreamEntry {
  readonly position: number;
  readonly writer: string;
  readonly changes: readonly BookChange[];
  readonly silenceIds: readonly string[];
}

/** What a commit came to. */
export interface CommitReply {
  readonly position: number;
  readonly accepted: readonly AlertWrite[];
  readonly refused: readonly AlertState[];
}

/**
 * What several notifiers share, as Redis holds it, in memory: each method is one command. Due queues and records are the
 * embedded ones, whose calls are as indivisible as commands here, since nobody else goes on meanwhile.
 */
export class SharedState {
  readonly store = new MemoryStore();
  readonly groups: EmbeddedDueQueue;
  readonly deliveries: EmbeddedDueQueue;
  readonly log: EmbeddedNotificationLog;
  readonly entries: StreamEntry[] = [];
  readonly silences = new Map<string, StoredSilence>();
  private readonly alerts: Replica;

  /** The clock tells the time of whoever calls. */
  constructor(clock: Clock) {
    const { store } = this;
    this.groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
    this.deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
    this.log = new EmbeddedNotificationLog({
      store,
      clock,
      groups: this.groups,
      deliveries: this.deliveries,
      position: () => this.position,
    });
    this.alerts = new Replica(clock);
  }

  get position(): number {
    return this.entries.length;
  }

  commit(writer: string, { writes, arms }: BookCommit): CommitReply {
    const accepted = writes.filter((write) => this.isAccepted(write));
    const isRefused = writes.filter((write) => !accepted.includes(write));
    if (accepted.length > 0 || isRefused.length === 0) this.groups.armNow(arms);
    const news = accepted.filter((write) => !this.isKnownToBeSettled(write));
    if (news.length > 0) this.append(writer, news, []);
    const refused = isRefused.map(fingerprintOf).map((fingerprint) => this.stateOf(fingerprint));
    return { position: this.position, accepted: news, refused };
  }

  putSilence(writer: string, silence: Omit<StoredSilence, 'version'>): void {
    this.silences.set(silence.id, { ...silence, version: this.position + 1 });
    this.append(writer, [], [silence.id]);
  }

  stateOf(fingerprint: string): AlertState {
    return { fingerprint, alert: this.alerts.get(fingerprint) ?? null };
  }

  all(): readonly StoredAlert[] {
    return [...this.alerts.values()];
  }

  /** Entries after a position, at most so many. */
  after(position: number, max: number): readonly StreamEntry[] {
    return this.entries.slice(position, position + max);
  }

  private append(writer: string, changes: readonly BookChange[], silenceIds: readonly string[]): void {
    const position = this.position + 1;
    this.entries.push({ position, writer, changes, silenceIds });
    this.alerts.apply(position, changes);
  }

  private isAccepted(write: AlertWrite): boolean {
    const known = this.alerts.get(fingerprintOf(write));
    if (write.kind === 'settle') return known?.version === write.version;
    return isExpected(write.expected, known);
  }

  private isKnownToBeSettled(write: AlertWrite): boolean {
    return write.kind === 'settle' && this.alerts.get(write.fingerprint)?.settledIn.includes(write.groupId) === true;
  }
}
