import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type Random } from '../support/random';

/** What a call of a port meets when the state cannot be reached. */
export class Unreachable extends Error {
  constructor(label: string) {
    super(`out of reach: ${label}`);
  }
}

/** How often something goes wrong at an await, of 1 000 times, and whether it may. */
export interface FaultRates {
  readonly crash: number;
  readonly pause: number;
  readonly error: number;
  readonly delay: number;
}

export const NO_FAULTS: FaultRates = { crash: 0, pause: 0, error: 0, delay: 0 };

/** Something a process waits for at an await. */
interface Wait {
  readonly process: SimulatedProcess;
  readonly label: string;
  /** World time before which it does not end. */
  readyAtMs: number;
  /** Whether it can end at all by now. */
  readonly isReady: () => boolean;
  /** What may go wrong here: `state` calls may fail, `send` may not. */
  readonly kind: 'state' | 'send' | 'quiet';
  wasDelayed: boolean;
  readonly resume: () => void;
  readonly fail: (error: Error) => void;
}

interface WorldTimer {
  readonly process: SimulatedProcess;
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Time and the order of things: decides, by a seed alone, which of all processes goes on next at which await, and what
 * goes wrong there. Time moves only when nobody can go on.
 */
export class World {
  faults: FaultRates = NO_FAULTS;
  /** The shared state is out of everybody's reach until then. */
  awayUntilMs = -Infinity;
  /** Told of whatever may make an attempt under way be repeated. */
  onDisturbed: (process: SimulatedProcess) => void = () => {};
  onCrash: (process: SimulatedProcess) => void = () => {};
  /** Counts what happened: an order of all things. */
  step = 0;
  readonly story: string[] = [];
  private waits: Wait[] = [];
  private timers: WorldTimer[] = [];
  private ordered = 0;

  constructor(
    public nowMs: number,
    private readonly startMs: number,
    readonly random: Random,
    private readonly isTold: boolean,
  ) {}

  /** Some process has worked on its own. */
  wasAnyAlone = false;

  /** Clocks of processes differ. */
  isSkewed = false;

  get isAway(): boolean {
    return this.nowMs < this.awayUntilMs;
  }

  /** Notes a line for whoever reads the trace. */
  tell(line: () => string): void {
    if (this.isTold) this.story.push(`${((this.nowMs - this.startMs) / 1_000).toFixed(3).padStart(8)}  ${line()}`);
  }

  chance(ofThousand: number): boolean {
    return ofThousand > 0 && this.random.integer(1, 1_000) <= ofThousand;
  }

  /** Waits for its turn. */
  gate(
    process: SimulatedProcess,
    label: string,
    kind: Wait['kind'],
    isReady: () => boolean = () => true,
    readyAtMs = this.nowMs,
  ): Promise<void> {
    if (!process.isAlive) return new Promise(() => {});
    return new Promise((resume, fail) => {
      this.waits.push({ process, label, kind, isReady, readyAtMs, wasDelayed: false, resume, fail });
    });
  }

  addTimer(process: SimulatedProcess, dueMs: number, run: () => void): Timer {
    const timer = { process, dueMs, order: this.ordered++, run };
    this.timers.push(timer);
    return { cancel: () => this.dropTimer(timer) };
  }

  crash(process: SimulatedProcess): void {
    this.tell(() => `${process.name} is killed`);
    process.isAlive = false;
    this.waits = this.waits.filter((wait) => wait.process !== process);
    this.timers = this.timers.filter((timer) => timer.process !== process);
    this.onDisturbed(process);
    this.onCrash(process);
  }

  pause(process: SimulatedProcess, forMs: number): void {
    this.tell(() => `${process.name} stands still for ${forMs} ms`);
    process.pausedUntilMs = this.nowMs + forMs;
    this.onDisturbed(process);
  }

  /** Lets everything happen up to an instant. */
  async runUntil(untilMs: number): Promise<void> {
    await settle();
    for (;;) {
      const waits = this.waits.filter((wait) => this.canGoOn(wait.process, wait.readyAtMs) && wait.isReady());
      const timers = this.timers.filter((timer) => this.canGoOn(timer.process, timer.dueMs));
      const count = waits.length + timers.length;
      if (count === 0) {
        const nextMs = this.nextMs();
        if (nextMs > untilMs) break;
        this.nowMs = nextMs;
        continue;
      }
      this.step++;
      const picked = this.random.integer(0, count - 1);
      const wait = waits[picked];
      if (wait !== undefined) this.goOn(wait);
      else this.fire(timers[picked - waits.length] as WorldTimer);
      await settle();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private canGoOn(process: SimulatedProcess, atMs: number): boolean {
    return atMs <= this.nowMs && process.pausedUntilMs <= this.nowMs;
  }

  private nextMs(): number {
    let nextMs = Infinity;
    for (const { process, readyAtMs, isReady } of this.waits) {
      const atMs = Math.max(readyAtMs, process.pausedUntilMs);
      if (atMs > this.nowMs && atMs < nextMs && isReady()) nextMs = atMs;
    }
    for (const { process, dueMs } of this.timers) nextMs = Math.min(nextMs, Math.max(dueMs, process.pausedUntilMs));
    return nextMs;
  }

  private fire(timer: WorldTimer): void {
    this.dropTimer(timer);
    timer.run();
  }

  private goOn(wait: Wait): void {
    const { process, label, kind } = wait;
    if (kind !== 'quiet' && this.chance(this.faults.crash)) return this.crashAt(wait);
    if (kind !== 'quiet' && this.chance(this.faults.pause)) return this.pauseAt(wait);
    if (!wait.wasDelayed && this.chance(this.faults.delay)) {
      wait.wasDelayed = true;
      // A claim that is answered later than a lease is trusted is as good as lost, and a state as good as away.
      wait.readyAtMs =
        this.nowMs + this.random.integer(1, label.endsWith(' claim') || label === 'epoch' ? 1_000 : 6_000);
      this.tell(() => `${process.name} waits long at ${label}`);
      return;
    }
    this.waits.splice(this.waits.indexOf(wait), 1);
    if (kind === 'state' && (this.isAway || this.chance(this.faults.error))) {
      this.tell(() => `${process.name} gets an error at ${label}`);
      this.onDisturbed(process);
      return wait.fail(new Unreachable(label));
    }
    wait.resume();
  }

  private crashAt({ process, label }: Wait): void {
    this.tell(() => `at ${label}:`);
    this.crash(process);
  }

  private pauseAt({ process, label }: Wait): void {
    this.tell(() => `at ${label}:`);
    this.pause(process, this.random.integer(500, 12_000));
  }

  private dropTimer(timer: WorldTimer): void {
    const at = this.timers.indexOf(timer);
    if (at >= 0) this.timers.splice(at, 1);
  }
}

/** One process, as far as time and awaits go: it may be killed or stand still, and its clock may be off. */
export class SimulatedProcess implements Clock {
  isAlive = true;
  /** It works, or has just worked, on its own. */
  isAlone = false;
  pausedUntilMs = -Infinity;

  constructor(
    readonly world: World,
    readonly name: string,
    readonly skewMs = 0,
  ) {}

  nowMs(): number {
    return this.world.nowMs + this.skewMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    if (!this.isAlive) return { cancel: () => {} };
    return this.world.addTimer(this, this.world.nowMs + Math.max(0, Math.ceil(delayMs)), run);
  }
}

/** Rounds of the event loop in which all that follows from one step happens: promises, and one batch collected. */
const ROUNDS = 2;

async function settle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await new Promise((resolve) => setImmediate(resolve));
}
