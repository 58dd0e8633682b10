import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertWrite, type BookCommit, type StoredAlert } from '@tocsin/notifier/alerts/alert-book';
import { type AlertState, type BookChange, fingerprintOf, isExpected, Replica } from '@tocsin/notifier/alerts/replica';
import { EmbeddedNotificationLog } from '@tocsin/notifier/pipeline/embedded-notification-log.store';
import { type SeenEpoch } from '@tocsin/notifier/outage/redis-epoch.store';
import { type ToldRecord } from '@tocsin/notifier/outage/told-mirror';
import { type StoredSilence } from '@tocsin/notifier/silences/silence';
import { type SilenceWrite } from '@tocsin/notifier/silences/silence-store';

/** One entry of the change stream; a silence is told by its id, as Redis' stream tells it. */
export interface StreamEntry {
  readonly position: number;
  readonly writer: string;
  readonly changes: readonly BookChange[];
  readonly silenceIds: readonly string[];
}

/** What an instance told, for the others' mirrors. */
export interface TellsOf {
  readonly writer: string;
  readonly records: readonly ToldRecord[];
}

/** How long the right to restore outlives its owner, ms: as in Redis. */
const RESTORE_TTL_MS = 10_000;

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
  /** Times it lost everything. */
  losses = 0;
  private data: SharedData;

  /** The clock tells the time of whoever calls. */
  constructor(private readonly clock: Clock) {
    this.data = new SharedData(clock, 'the first');
  }

  /** Loses everything. */
  empty(): void {
    this.losses++;
    this.data = new SharedData(this.clock, '');
  }

  get store(): MemoryStore {
    return this.data.store;
  }

  get groups(): EmbeddedDueQueue {
    return this.data.groups;
  }

  get deliveries(): EmbeddedDueQueue {
    return this.data.deliveries;
  }

  get log(): EmbeddedNotificationLog {
    return this.data.log;
  }

  get silences(): ReadonlyMap<string, StoredSilence> {
    return this.data.silences;
  }

  get position(): number {
    return this.data.firstPosition + this.data.entries.length;
  }

  /** What one instance told, for the others; the number of entries never shrinks but by a loss. */
  get told(): TellsOf[] {
    return this.data.told;
  }

  get epoch(): SeenEpoch {
    const { data, position } = this;
    return { epoch: data.epochUntilMs > this.clock.nowMs() ? data.epoch : '', position };
  }

  takeEpoch(expected: string, restoring: string, position: number): boolean {
    const { data } = this;
    const { epoch } = this.epoch;
    if (epoch !== expected && epoch !== restoring) return false;
    if (epoch !== restoring) {
      data.firstPosition = Math.max(this.position, position) + 1 - data.entries.length;
    }
    data.epoch = restoring;
    data.epochUntilMs = this.clock.nowMs() + RESTORE_TTL_MS;
    return true;
  }

  publishEpoch(restoring: string, epoch: string): boolean {
    if (this.epoch.epoch !== restoring) return false;
    this.data.epoch = epoch;
    this.data.epochUntilMs = Infinity;
    return true;
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

  /** Position of the write; null: another version of a silence is there. */
  writeSilences(writer: string, writes: readonly SilenceWrite[]): number | null {
    const { silences } = this.data;
    for (const write of writes) {
      const known = write.kind === 'store' ? (silences.get(write.silence.id)?.version ?? 0) : 0;
      if (write.kind === 'store' && known !== write.expectedVersion) return null;
    }
    const version = this.position + 1;
    for (const write of writes) {
      if (write.kind === 'forget') silences.delete(write.id);
      else silences.set(write.silence.id, { ...write.silence, version });
    }
    const ids = writes.map((write) => (write.kind === 'forget' ? write.id : write.silence.id));
    this.append(writer, [], ids);
    return version;
  }

  stateOf(fingerprint: string): AlertState {
    return { fingerprint, alert: this.data.alerts.get(fingerprint) ?? null };
  }

  all(): readonly StoredAlert[] {
    return [...this.data.alerts.values()];
  }

  /** Whether there are entries after a position, with none missing in between: else it takes a new reading. */
  hasAfter(position: number): boolean {
    return this.position > position && position >= this.data.firstPosition;
  }

  /** Entries after a position, at most so many. */
  after(position: number, max: number): readonly StreamEntry[] {
    const from = position - this.data.firstPosition;
    return this.data.entries.slice(from, from + max);
  }

  private append(writer: string, changes: readonly BookChange[], silenceIds: readonly string[]): void {
    const position = this.position + 1;
    this.data.entries.push({ position, writer, changes, silenceIds });
    this.data.alerts.apply(position, changes);
  }

  private isAccepted(write: AlertWrite): boolean {
    const known = this.data.alerts.get(fingerprintOf(write));
    if (write.kind === 'settle') return known?.version === write.version;
    return isExpected(write.expected, known);
  }

  private isKnownToBeSettled(write: AlertWrite): boolean {
    return (
      write.kind === 'settle' && this.data.alerts.get(write.fingerprint)?.settledIn.includes(write.groupId) === true
    );
  }
}

/** Everything that is lost when it is emptied. */
class SharedData {
  readonly store = new MemoryStore();
  readonly groups: EmbeddedDueQueue;
  readonly deliveries: EmbeddedDueQueue;
  readonly log: EmbeddedNotificationLog;
  readonly entries: StreamEntry[] = [];
  readonly silences = new Map<string, StoredSilence>();
  readonly told: TellsOf[] = [];
  readonly alerts: Replica;
  /** Position before the first entry. */
  firstPosition = 0;
  epochUntilMs = Infinity;

  constructor(
    clock: Clock,
    public epoch: string,
  ) {
    const { store } = this;
    this.groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
    this.deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
    const position = () => this.firstPosition + this.entries.length;
    this.log = new EmbeddedNotificationLog({
      store,
      clock,
      groups: this.groups,
      deliveries: this.deliveries,
      position,
    });
    this.alerts = new Replica(clock);
  }
}
