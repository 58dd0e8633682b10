import { type Log } from '@tocsin/common/log/log';
import { type RedisClient } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type Clock } from '@tocsin/common/time/clock';
import { SilenceReplica } from '../silences/silence-replica';
import { type AlertBook, type AlertChange, type AlertView, type AlertWrite, type BookCommit } from './alert-book';
import { refusedState, runCommit } from './redis-alert-commands';
import { RedisChangeFollower } from './redis-change-follower';
import { fingerprintOf, Replica } from './replica';

/** How long an entry of the change stream is kept at least, ms: a follower that slept longer reads everything anew. */
const CHANGES_KEPT_MS = 300_000;

/** What a write with an entry in the change stream needs. */
export interface StreamWriter {
  readonly redis: RedisClient;
  readonly keys: RedisKeys;
  readonly nowMs: number;
  /** Of this process. */
  readonly writer: string;
  /** How long entries are kept at least, ms. */
  readonly keepMs: number;
}

export interface RedisAlertBookOptions {
  /** For commands. */
  redis: RedisClient;
  /** A connection of its own, to wait for changes on. */
  blocking: RedisClient;
  keys: RedisKeys;
  clock: Clock;
  log: Log;
  /** Unique among the processes of the installation. */
  instance: string;
}

/** The alert book in Redis, with a replica that follows the change stream. */
export class RedisAlertBook implements AlertBook {
  /** Silences have their entries in the same change stream. */
  readonly silences: SilenceReplica;
  private readonly replica: Replica;
  private readonly follower: RedisChangeFollower;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly options: RedisAlertBookOptions) {
    this.replica = new Replica(options.clock);
    this.silences = new SilenceReplica(() => this.replica.position);
    this.follower = new RedisChangeFollower({
      ...options,
      redis: options.blocking,
      replica: this.replica,
      silences: this.silences,
      ownWritesDone: () => Promise.allSettled(this.underWay),
    });
  }

  get alerts(): AlertView {
    return this.replica;
  }

  /** Position of the change stream up to which the replica holds everything. */
  get position(): number {
    return this.replica.position;
  }

  /** Resolves once the replica is complete. */
  start(): Promise<void> {
    return this.follower.start();
  }

  /** Reads everything anew; resolves once the replica is complete. */
  readAgain(): Promise<void> {
    return this.follower.readAgain();
  }

  /** Stops following; commits still work. */
  async stop(): Promise<void> {
    await this.follower.stop();
  }

  async commit(commit: BookCommit): Promise<readonly string[]> {
    if (commit.writes.length === 0 && commit.arms.length === 0) return [];
    return this.track(this.write(commit));
  }

  /** Writes something else with an entry in the change stream. `write` returns the position of the entry, null where
   *  nothing changed; what the entry says has been applied by then. */
  writeEntry(write: (stream: StreamWriter) => Promise<number | null>): Promise<void> {
    const { redis, keys, clock, instance } = this.options;
    const stream = { redis, keys, nowMs: clock.nowMs(), writer: instance, keepMs: CHANGES_KEPT_MS };
    return this.track(write(stream).then((position) => void (position !== null && this.replica.apply(position, []))));
  }

  reached(position: number, timeoutMs: number): Promise<boolean> {
    return this.replica.reached(position, timeoutMs);
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.replica.onChange(listener);
  }

  /** The follower waits for it where it meets its entry. */
  private async track<Result>(run: Promise<Result>): Promise<Result> {
    this.underWay.add(run);
    try {
      return await run;
    } finally {
      this.underWay.delete(run);
    }
  }

  private async write(commit: BookCommit): Promise<readonly string[]> {
    const { redis, keys, clock, instance } = this.options;
    const { position, written, refused } = await runCommit(redis, keys, {
      ...commit,
      nowMs: clock.nowMs(),
      writer: instance,
      keepMs: CHANGES_KEPT_MS,
    });
    const outdated = new Set(refused.map(({ fingerprint }) => fingerprint));
    if (written) this.replica.apply(position, outdated.size === 0 ? commit.writes : without(commit.writes, outdated));
    const states = refused.flatMap((alert) => refusedState(alert, this.replica.get(alert.fingerprint)) ?? []);
    this.replica.applyStates(position, states);
    return outdated.size === 0 ? [] : commit.writes.flatMap((write) => refusedFingerprint(write, outdated));
  }
}

function without(writes: readonly AlertWrite[], fingerprints: ReadonlySet<string>): AlertWrite[] {
  return writes.filter((write) => !fingerprints.has(fingerprintOf(write)));
}

/** Settles and forgets that were refused are of no interest any more. */
function refusedFingerprint(write: AlertWrite, refused: ReadonlySet<string>): string[] {
  if (write.kind !== 'store' && write.kind !== 'touch') return [];
  const fingerprint = fingerprintOf(write);
  return refused.has(fingerprint) ? [fingerprint] : [];
}
