import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook, type AlertChange, type AlertView, type BookCommit } from '@tocsin/notifier/alerts/alert-book';
import { fingerprintOf, Replica } from '@tocsin/notifier/alerts/replica';
import { SilenceReplica } from '@tocsin/notifier/silences/silence-replica';
import { type SharedState, type StreamEntry } from './shared-state';

/** Where a replica waits on its way to the shared state and back. */
export type Await = (label: string, isReady?: () => boolean) => Promise<void>;

/** The alert book of one of several notifiers: a replica that follows the stream of the shared state, and lags. It does
 *  what the one over Redis does, in the same order, with an await wherever that one has one. */
export class ReplicatedBook implements AlertBook {
  readonly replica: Replica;
  readonly silences: SilenceReplica;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly shared: SharedState,
    private readonly writer: string,
    clock: Clock,
    private readonly call: Await,
    private readonly listen: Await,
  ) {
    this.replica = new Replica(clock);
    this.silences = new SilenceReplica(() => this.replica.position);
  }

  get alerts(): AlertView {
    return this.replica;
  }

  async commit(commit: BookCommit): Promise<readonly string[]> {
    if (commit.writes.length === 0 && commit.arms.length === 0) return [];
    const run = this.write(commit);
    this.underWay.add(run);
    try {
      return await run;
    } finally {
      this.underWay.delete(run);
    }
  }

  reached(position: number, timeoutMs: number): Promise<boolean> {
    return this.replica.reached(position, timeoutMs);
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.replica.onChange(listener);
  }

  /** Resolves once everything that was there was read. */
  async open(): Promise<void> {
    await this.listen('head');
    const head = this.shared.position;
    this.replica.beginSnapshot(head, this.replica.position);
    this.silences.beginSnapshot(head, 0);
    await this.listen('silences');
    this.silences.apply(
      this.shared.position,
      [...this.shared.silences.values()].map((silence) => ({ id: silence.id, silence })),
    );
    const fingerprints = this.shared.all().map(({ fingerprint }) => fingerprint);
    for (let start = 0; start < fingerprints.length; start += 2) {
      await this.listen('states');
      this.read(fingerprints.slice(start, start + 2));
    }
    this.silences.endSnapshot();
    this.replica.endSnapshot();
    void this.follow();
  }

  private async write(commit: BookCommit): Promise<readonly string[]> {
    await this.call('commit');
    const { position, accepted, refused } = this.shared.commit(this.writer, commit);
    await this.call('committed');
    if (accepted.length > 0) this.replica.apply(position, accepted);
    this.replica.applyStates(position, refused);
    const outdated = new Set(refused.map(({ fingerprint }) => fingerprint));
    return commit.writes
      .filter(({ kind }) => kind === 'store' || kind === 'touch')
      .map(fingerprintOf)
      .filter((fingerprint) => outdated.has(fingerprint));
  }

  private async follow(): Promise<void> {
    for (;;) {
      await this.listen('follow', () => this.shared.position > this.replica.position);
      for (const entry of this.shared.after(this.replica.position, 4)) await this.apply(entry);
    }
  }

  private async apply(entry: StreamEntry): Promise<void> {
    const { position, writer, changes, silenceIds } = entry;
    if (writer === this.writer && !this.replica.has(position)) await Promise.allSettled(this.underWay);
    if (this.replica.has(position)) return;
    await this.listen('bodies');
    // As they are by now, which may be later than the entry.
    this.read(changes.filter(({ kind }) => kind === 'store').map(fingerprintOf));
    this.silences.apply(
      this.shared.position,
      silenceIds.map((id) => ({ id, silence: this.shared.silences.get(id) ?? null })),
    );
    this.replica.apply(
      position,
      changes.filter(({ kind }) => kind !== 'store'),
    );
  }

  private read(fingerprints: readonly string[]): void {
    this.replica.applyStates(
      this.shared.position,
      fingerprints.map((fingerprint) => this.shared.stateOf(fingerprint)),
    );
  }
}
