import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook, type AlertChange, type AlertView, type BookCommit } from '@tocsin/notifier/alerts/alert-book';
import { fingerprintOf, Replica } from '@tocsin/notifier/alerts/replica';
import { type SilenceState, SilenceReplica } from '@tocsin/notifier/silences/silence-replica';
import {
  type SilenceChange,
  type SilenceStore,
  type SilenceWrite,
  type SilenceWriteResult,
} from '@tocsin/notifier/silences/silence-store';
import { type SharedState, type StreamEntry } from './shared-state';

/** How a replica comes to the shared state and back. */
export interface Ways {
  /** Waits for its turn; throws when the state is out of reach or, on the way there, not the one that is known. */
  readonly call: (label: string) => Promise<void>;
  readonly answer: (label: string) => Promise<void>;
  /** Waits for its turn to read; throws when the state is out of reach. */
  readonly read: (label: string) => Promise<void>;
  /** Waits until the state that is known is there and says something new. */
  readonly listen: (label: string, hasNews: () => boolean) => Promise<void>;
}

/** The alert book of one of several notifiers: a replica that follows the stream of the shared state, and lags. It does
 *  what the one over Redis does, in the same order, with an await wherever that one has one. */
export class ReplicatedBook implements AlertBook {
  readonly replica: Replica;
  readonly silences: SilenceReplica;
  private readonly underWay = new Set<Promise<unknown>>();
  private isFollowing = false;

  constructor(
    private readonly shared: SharedState,
    private readonly writer: string,
    clock: Clock,
    private readonly ways: Ways,
  ) {
    this.replica = new Replica(clock);
    this.silences = new SilenceReplica(() => this.replica.position);
  }

  get alerts(): AlertView {
    return this.replica;
  }

  get position(): number {
    return this.replica.position;
  }

  async commit(commit: BookCommit): Promise<readonly string[]> {
    if (commit.writes.length === 0 && commit.arms.length === 0) return [];
    return this.track(this.write(commit));
  }

  reached(position: number, timeoutMs: number): Promise<boolean> {
    return this.replica.reached(position, timeoutMs);
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.replica.onChange(listener);
  }

  /** Silences, which take their places in the same stream. */
  get silenceStore(): SilenceStore {
    return {
      silences: this.silences,
      write: (writes) => this.track(this.writeSilences(writes)),
      onChange: (listener: (changes: readonly SilenceChange[]) => void) => this.silences.onChange(listener),
    };
  }

  /** Resolves once everything that is there was read; from the first time on it follows. */
  async readAll(): Promise<void> {
    await this.ways.read('head');
    const head = this.shared.position;
    const askedAt = this.replica.position;
    this.replica.beginSnapshot(head, askedAt);
    this.silences.beginSnapshot(head, askedAt);
    await this.ways.read('silences');
    this.silences.apply(
      this.shared.position,
      [...this.shared.silences.values()].map((silence) => ({ id: silence.id, silence })),
    );
    const fingerprints = this.shared.all().map(({ fingerprint }) => fingerprint);
    for (let start = 0; start < fingerprints.length; start += 2) {
      await this.ways.read('states');
      this.read(fingerprints.slice(start, start + 2));
    }
    this.silences.endSnapshot();
    this.replica.endSnapshot();
    if (this.isFollowing) return;
    this.isFollowing = true;
    void this.follow();
  }

  private async track<T>(run: Promise<T>): Promise<T> {
    this.underWay.add(run);
    try {
      return await run;
    } finally {
      this.underWay.delete(run);
    }
  }

  private async write(commit: BookCommit): Promise<readonly string[]> {
    await this.ways.call('commit');
    const { position, accepted, refused } = this.shared.commit(this.writer, commit);
    await this.ways.answer('committed');
    if (accepted.length > 0) this.replica.apply(position, accepted);
    this.replica.applyStates(position, refused);
    const outdated = new Set(refused.map(({ fingerprint }) => fingerprint));
    return commit.writes
      .filter(({ kind }) => kind === 'store' || kind === 'touch')
      .map(fingerprintOf)
      .filter((fingerprint) => outdated.has(fingerprint));
  }

  private async writeSilences(writes: readonly SilenceWrite[]): Promise<SilenceWriteResult> {
    await this.ways.call('silences');
    const position = this.shared.writeSilences(this.writer, writes);
    const states = this.silenceStates(writes.map((write) => (write.kind === 'store' ? write.silence.id : write.id)));
    const head = this.shared.position;
    await this.ways.answer('silences written');
    this.silences.apply(position ?? head, states);
    if (position !== null) this.replica.apply(position, []);
    return position === null ? 'conflict' : 'written';
  }

  private async follow(): Promise<void> {
    for (;;) {
      await this.ways.listen('follow', () => this.shared.hasAfter(this.replica.position));
      for (const entry of this.shared.after(this.replica.position, 4)) if (!(await this.apply(entry))) break;
    }
  }

  /** False when the state that is known went away meanwhile. */
  private async apply(entry: StreamEntry): Promise<boolean> {
    const { position, writer, changes, silenceIds } = entry;
    if (writer === this.writer && !this.replica.has(position)) await Promise.allSettled(this.underWay);
    if (this.replica.has(position)) return true;
    try {
      await this.ways.call('bodies');
    } catch {
      return false;
    }
    // As they are by now, which may be later than the entry.
    this.read(changes.filter(({ kind }) => kind === 'store').map(fingerprintOf));
    this.silences.apply(this.shared.position, this.silenceStates(silenceIds));
    this.replica.apply(
      position,
      changes.filter(({ kind }) => kind !== 'store'),
    );
    return true;
  }

  private silenceStates(ids: readonly string[]): SilenceState[] {
    return ids.map((id) => ({ id, silence: this.shared.silences.get(id) ?? null }));
  }

  private read(fingerprints: readonly string[]): void {
    this.replica.applyStates(
      this.shared.position,
      fingerprints.map((fingerprint) => this.shared.stateOf(fingerprint)),
    );
  }
}
