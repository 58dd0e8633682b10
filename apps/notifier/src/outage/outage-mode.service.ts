import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type LuaGuard } from '@tocsin/common/redis/lua-command.loader';
import { type Clock, sleep } from '@tocsin/common/time/clock';
import { type Timeline } from '../timeline/timeline-event';
import { type GiveBackService } from './give-back.service';
import { type LocalState } from './local-state.store';
import { isBeingRestored, type RedisEpoch, type SeenEpoch } from './redis-epoch.store';
import { type StatePhase, type StateView } from './state-phase';
import { type StatePorts } from './state-ports';
import { type StateSwitch } from './state-switch.service';

/** How often Redis is asked who it is, ms; and while the state changes hands. */
const PROBE_MS = 1_000;
const FAST_PROBE_MS = 200;
/** How long an answer to that is waited for, ms. */
const SHORTEST_PROBE_MS = 500;
const LONGEST_PROBE_MS = 2_000;
/** After a failed attempt to give back what was done alone, ms. */
const RETRY_MS = 5_000;
/** An instance that finds a Redis without data, and has none itself, claims nothing for this long, ms: the Redis may be new,
 *  or have lost its data a moment ago, and those who know it notice within a second. One that was alone waits as long: the
 *  others give back meanwhile what they told. */
const NEWCOMER_WAIT_MS = 2_000;
/** Limit of reading the shared state anew, ms. */
const READ_LIMIT_MS = 30_000;
/** The right to restore is renewed this often, ms. */
const KEEP_MS = 3_000;

/** Epoch of a Redis that is not known: no Redis has it, so every command is refused. */
const UNKNOWN = 'unknown';

export interface OutageModeOptions {
  readonly state: StateSwitch;
  readonly shared: StatePorts;
  /** Reads the replica of the shared state anew, the first time it begins to follow it. */
  readonly readShared: () => Promise<void>;
  readonly epoch: Pick<RedisEpoch, 'read' | 'take' | 'publish' | 'restoring'>;
  /** A state that goes on from what this instance knows. */
  readonly openLocal: (reachedAtMs: number) => Promise<LocalState>;
  readonly giveBack: Pick<GiveBackService, 'giveBack'>;
  readonly graceMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeline: Timeline;
  readonly onPhase: (view: StateView) => void;
}

/**
 * Decides whether this instance works on the shared state or on its own.
 *
 * A Redis is known by its epoch and by never falling behind a position that was seen; the guard makes Redis refuse every
 * command of an instance that knows it otherwise, so nothing is decided on a Redis that lost data, however soon after. What
 * an instance knows is then taken over into a local state, whoever takes the epoch first gives back what it knows, and
 * the others what only they had. An outage beyond the grace is the same with work going on in between.
 */
export class OutageModeService {
  private phase: StatePhase = 'starting';
  private sinceMs: number;
  private reachedAtMs: number | null = null;
  /** Since when Redis was asked in vain, epoch ms; null: it answered. A process that stood still did not ask. */
  private inVainSinceMs: number | null = null;
  private isAvailable = false;
  private replicaLag = 0;
  private known = UNKNOWN;
  /** What the guard goes by: the known epoch, or the one taken to restore under. */
  private expected = UNKNOWN;
  private local: LocalState | null = null;
  private lostData = false;
  private readonly stopping = new AbortController();
  private nap = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private tellStarted: () => void = () => undefined;
  private readonly failure;
  /** Resolves once there is a state to work on, the shared or the local one. */
  readonly started: Promise<void>;

  constructor(private readonly options: OutageModeOptions) {
    this.sinceMs = options.clock.nowMs();
    this.failure = onReasonChange(options.log);
    this.started = new Promise((resolve) => (this.tellStarted = resolve));
    options.state.close();
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.nap.abort();
    await this.running;
    this.options.state.stop();
  }

  view(): StateView {
    const { phase, sinceMs, isAvailable, reachedAtMs, replicaLag } = this;
    return { phase, sinceMs, isAvailable, reachedAtMs, replicaLag, epoch: this.known === UNKNOWN ? '' : this.known };
  }

  /** For the clients of the shared state. */
  guard(keys: { epoch: string; position: string }): LuaGuard {
    return {
      epochKey: keys.epoch,
      positionKey: keys.position,
      epoch: this.expected,
      position: this.options.shared.book.position,
      onRefused: () => this.nap.abort(),
    };
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    while (!this.stopping.signal.aborted) {
      this.nap = new AbortController();
      const restMs = await this.round();
      if (!this.stopping.signal.aborted) await sleep(clock, restMs, this.nap.signal);
    }
  }

  /** Looks once; tells how long to rest. */
  private async round(): Promise<number> {
    const seen = await this.probe();
    if (this.stopping.signal.aborted) return 0;
    if (this.phase === 'shared' && seen !== null && this.isKnown(seen)) return PROBE_MS;
    if (seen === null) {
      if (this.phase !== 'alone' && this.waitedMs() >= this.options.graceMs) await this.goAlone();
      return this.phase === 'restoring' ? FAST_PROBE_MS : PROBE_MS;
    }
    try {
      const isDone = await this.rejoin(seen);
      this.failure.recovered('The state can be given back to Redis again');
      if (isDone) return PROBE_MS;
    } catch (error) {
      this.failure.failed('The state could not be given back to Redis', error);
      if (this.phase === 'alone') {
        this.options.state.open();
        return RETRY_MS;
      }
    }
    // Fail open: whoever restores may have died, or Redis be away again.
    if (this.phase !== 'alone' && this.waitedMs() >= this.options.graceMs) await this.goAlone();
    return FAST_PROBE_MS;
  }

  /** Null: no answer. A Redis that hangs is not waited for beyond the grace. */
  private async probe(): Promise<(SeenEpoch & { knownPosition: number }) | null> {
    const { epoch, clock, graceMs, shared } = this.options;
    const askedAtMs = clock.nowMs();
    const knownPosition = shared.book.position;
    const limit = new AbortController();
    const limitMs = Math.min(LONGEST_PROBE_MS, Math.max(SHORTEST_PROBE_MS, graceMs - this.waitedMs()));
    const tooLong = sleep(clock, limitMs, limit.signal).then(() => null);
    const answer = epoch.read().catch(() => null);
    const seen = await Promise.race([answer, tooLong]);
    limit.abort();
    this.inVainSinceMs = seen !== null ? null : (this.inVainSinceMs ?? askedAtMs);
    if (seen !== null) {
      this.reachedAtMs = askedAtMs;
      this.replicaLag = Math.max(0, seen.position - shared.book.position);
    }
    if (this.isAvailable !== (seen !== null)) {
      this.isAvailable = seen !== null;
      this.options.onPhase(this.view());
    }
    return seen && { ...seen, knownPosition };
  }

  private isKnown(seen: SeenEpoch & { knownPosition: number }): boolean {
    return seen.epoch === this.known && seen.position >= seen.knownPosition;
  }

  /** How long there has been no state to work on. */
  private waitedMs(): number {
    const nowMs = this.options.clock.nowMs();
    return nowMs - (this.phase === 'shared' ? (this.inVainSinceMs ?? nowMs) : this.sinceMs);
  }

  /** Comes back to the shared state; false: not yet. */
  private async rejoin(seen: SeenEpoch & { knownPosition: number }): Promise<boolean> {
    const { epoch, clock, state } = this.options;
    const wasAlone = this.phase === 'alone';
    if (!this.isKnown(seen) && this.known !== UNKNOWN && !this.lostData) this.noteLoss();
    if (this.phase === 'shared') await this.takeOver();
    if (isBeingRestored(seen) && seen.epoch !== epoch.restoring) return false;
    const takes = seen.epoch === '' || seen.epoch === epoch.restoring || (seen.epoch === this.known && this.lostData);
    // Above every position handed out: they begin at the time in microseconds, and are fewer than those that pass.
    if (takes && !(await epoch.take(seen.epoch, clock.nowMs() * 1_000))) return false;
    state.close();
    this.expected = takes ? epoch.restoring : seen.epoch;
    const keeping = takes ? this.keepRestoring() : null;
    try {
      await this.giveBack();
      const published = takes ? await epoch.publish() : seen.epoch;
      if (published === null) throw new Error('another instance took over');
      this.known = this.expected = published;
    } finally {
      keeping?.abort();
    }
    if (wasAlone || (takes && this.local === null)) state.holdClaims(clock.nowMs() + NEWCOMER_WAIT_MS);
    this.resume();
    return true;
  }

  private noteLoss(): void {
    this.lostData = true;
    this.options.log.error('Redis lost data: what this notifier knows is being restored', {
      epoch: this.known,
      alerts: this.options.state.current.book.alerts.size,
    });
  }

  /** From now on nothing is written to the shared state, and what is known of it is kept apart. */
  private async takeOver(): Promise<void> {
    const { state, openLocal, clock } = this.options;
    state.close();
    this.enter('restoring');
    this.local ??= await openLocal(this.reachedAtMs ?? clock.nowMs());
    state.change(this.local.ports);
  }

  private async goAlone(): Promise<void> {
    const { state, openLocal, clock, log } = this.options;
    if (this.local === null) {
      state.close();
      this.local = await openLocal(this.reachedAtMs ?? clock.nowMs());
      state.change(this.local.ports);
    }
    this.enter('alone');
    state.open();
    this.tellStarted();
    log.error('Redis is away for too long: this notifier works on its own, and may repeat what others tell', {
      reachedAt: this.reachedAtMs === null ? 'never' : new Date(this.reachedAtMs).toISOString(),
      alerts: state.current.book.alerts.size,
    });
  }

  private keepRestoring(): AbortController {
    const { epoch, clock } = this.options;
    const keeping = new AbortController();
    const keep = async (): Promise<void> => {
      for (;;) {
        await sleep(clock, KEEP_MS, keeping.signal);
        if (keeping.signal.aborted) return;
        await epoch.take(epoch.restoring, 0).catch(() => false);
      }
    };
    void keep();
    return keeping;
  }

  private async giveBack(): Promise<void> {
    const { readShared, giveBack, clock, log } = this.options;
    const limit = new AbortController();
    const tooLong = sleep(clock, READ_LIMIT_MS, limit.signal).then(() => {
      if (!limit.signal.aborted) throw new Error('reading the state took too long');
    });
    await Promise.race([readShared(), tooLong]).finally(() => limit.abort());
    if (this.local === null) return;
    const { alerts, silences, records } = await giveBack.giveBack(this.local, this.lostData);
    log.info('What this notifier knew is in Redis again', { alerts, silences, records });
  }

  private resume(): void {
    const { state, shared, clock } = this.options;
    this.reachedAtMs = clock.nowMs();
    this.local = null;
    this.lostData = false;
    state.change(shared);
    this.enter('shared');
    state.open();
    this.tellStarted();
  }

  private enter(phase: StatePhase): void {
    const { clock, timeline, onPhase } = this.options;
    const isFirst = this.phase === 'starting' && phase === 'shared';
    this.phase = phase;
    this.sinceMs = clock.nowMs();
    if (!isFirst) {
      const state = { key: 'cluster:state', value: phase };
      timeline.record({ atMs: this.sinceMs, kind: 'cluster', message: messages[phase], state });
    }
    onPhase(this.view());
  }
}

const messages: Readonly<Record<StatePhase, string>> = {
  starting: 'The notifier starts',
  shared: 'The state is shared again',
  restoring: 'The state is being restored to Redis',
  alone: 'Redis is away: the notifier works on its own',
};
