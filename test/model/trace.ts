import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Alert } from '@tocsin/common/alert/alert';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { NotifierMetrics } from '@tocsin/notifier/metrics/notifier.metrics';
import { randomFrom } from '../support/random';
import { buildConfig, buildIntegrations, integrationKeys } from './build-config';
import { ModelNotifier } from './model-notifier';
import { CallersClock } from './ports';
import { Receivers } from './receivers';
import { type Action, ALERTS, BUSY_MS, QUIET_MS, type Scenario, START_MS } from './scenario';
import { SharedState } from './shared-state';
import { Truth } from './truth';
import { Watch } from './watch';
import { NO_FAULTS, SimulatedProcess, World } from './world';

const metrics = new NotifierMetrics(new MetricsRegistry(), NO_BUILD);

/** How long a sender waits for an answer, and until it tries again, ms. */
const ANSWER_MS = 3_000;
const TRY_AGAIN_MS = 500;
/** How long the shared state can be reached at least, ms. */
const REACHABLE_MS = 4_000;

/** One run of a scenario: notifiers over a shared state, and all that happens to them. */
export class Trace {
  readonly world: World;
  readonly shared: SharedState;
  readonly truth: Truth;
  readonly receivers: Receivers;
  readonly watch: Watch;
  readonly notifiers: (ModelNotifier | null)[] = [];
  private readonly clock = new CallersClock();
  private readonly outside: SimulatedProcess;
  private readonly generations: number[] = [];
  private readonly isNew: boolean[];
  private sending: Promise<void> = Promise.resolve();
  private putting: Promise<void> = Promise.resolve();
  private poisoned = false;

  constructor(
    readonly scenario: Scenario,
    isTold: boolean,
  ) {
    this.world = new World(START_MS, START_MS, randomFrom(scenario.seed ^ 0x5eed), isTold);
    this.world.isSkewed = new Set(scenario.skewsMs).size > 1;
    this.outside = new SimulatedProcess(this.world, 'outside');
    this.clock.caller = this.outside;
    this.shared = new SharedState(this.clock);
    this.truth = new Truth(scenario);
    this.receivers = new Receivers(this.world);
    this.watch = new Watch(scenario, this.world, this.shared, this.truth, this.receivers);
    this.isNew = scenario.skewsMs.map(() => false);
    this.world.onDisturbed = (process) => this.receivers.disturb(process);
    this.world.onCrash = (process) => this.restartLater(process);
    scenario.skewsMs.forEach((_, index) => this.start(index));
  }

  /** Everything that happens, then a time in which nothing does. */
  async play(): Promise<void> {
    const { world, scenario } = this;
    await world.runUntil(START_MS);
    world.faults = scenario.faults;
    for (const action of scenario.actions) this.at(START_MS + action.atMs, () => this.act(action));
    await world.runUntil(START_MS + BUSY_MS);
    this.calm();
    await world.runUntil(world.nowMs + QUIET_MS);
    if (this.poisoned) await world.runUntil(world.nowMs + QUIET_MS);
  }

  /** Ends all alerts and lets everybody have done with it. */
  async end(): Promise<void> {
    const { world } = this;
    ALERTS.forEach((_, index) => this.truth.last(index) && this.send('resolve', [index]));
    await world.runUntil(world.nowMs + QUIET_MS);
    if (this.poisoned) await world.runUntil(world.nowMs + QUIET_MS);
  }

  /** Gives up all processes. */
  async close(): Promise<void> {
    this.world.onCrash = () => {};
    for (const notifier of this.notifiers) if (notifier !== null) this.world.crash(notifier.process);
    await nextTurn();
  }

  private calm(): void {
    const { world, receivers } = this;
    world.tell(() => 'nothing goes wrong from here on');
    world.faults = NO_FAULTS;
    world.awayUntilMs = -Infinity;
    receivers.behaveAll();
    // One that runs the old configuration would leave again what the new one has no timers for.
    if (!this.isNew.includes(true)) return;
    this.notifiers.forEach((notifier, index) => {
      if (notifier !== null && this.isNew[index] === false) this.roll(index);
    });
  }

  private at(atMs: number, run: () => void): void {
    this.world.addTimer(this.outside, atMs, run);
  }

  private start(index: number): void {
    const { world, scenario, shared } = this;
    const generation = (this.generations[index] ?? 0) + 1;
    this.generations[index] = generation;
    const process = new SimulatedProcess(world, `n${index}.${generation}`, scenario.skewsMs[index]);
    world.tell(() => `${process.name} starts${this.isNew[index] ? ' on the new configuration' : ''}`);
    const notifier = new ModelNotifier({
      process,
      shared,
      config: buildConfig(scenario, this.isNew[index] ?? false),
      integrations: buildIntegrations(scenario, (key, ...args) => this.receivers.notify(process, key, ...args)),
      metrics,
      sharers: scenario.skewsMs.length,
      clock: this.clock,
      watch: this.watch.called,
      flushLoads: this.watch.flushLoads,
      onAlone: (isAlone) => {
        process.isAlone = isAlone;
        world.wasAnyAlone ||= isAlone;
        this.receivers.disturb(process);
      },
      onPoison: () => (this.poisoned = true),
    });
    this.notifiers[index] = notifier;
    void notifier.start();
  }

  private restartLater(process: SimulatedProcess): void {
    const index = this.notifiers.findIndex((notifier) => notifier?.process === process);
    this.notifiers[index] = null;
    this.at(this.world.nowMs + this.world.random.integer(0, 6_000), () => this.start(index));
  }

  private roll(index: number): void {
    this.isNew[index] = true;
    const notifier = this.notifiers[index];
    if (notifier) this.world.crash(notifier.process);
  }

  private act(action: Action): void {
    const { world, truth } = this;
    switch (action.kind) {
      case 'fire':
        return this.send('fire', action.alerts, action.forMs, action.isOld);
      case 'resolve':
        return this.send('resolve', action.alerts);
      case 'silence':
        return this.silence(action.name, action.value, action.forMs);
      case 'unsilence': {
        const last = truth.silences.filter(({ endsAtMs }) => endsAtMs > world.nowMs).at(-1);
        if (last !== undefined)
          this.storeSilence(Object.assign(last, { endsAtMs: world.nowMs, endBegunStep: world.step }));
        return;
      }
      case 'receiver': {
        const keys = integrationKeys(this.scenario);
        return this.receivers.behave(keys[action.integration % keys.length] ?? '', action.behaviour);
      }
      case 'away':
        // Two in a row would be one that is longer.
        if (world.nowMs < world.awayUntilMs + REACHABLE_MS) return;
        world.tell(() => `the shared state is away for ${action.forMs} ms`);
        world.awayUntilMs = world.nowMs + action.forMs;
        return this.receivers.disturb(null);
      case 'empty':
        world.tell(() => 'the shared state loses everything');
        this.shared.empty();
        this.receivers.forget();
        return this.receivers.disturb(null);
      case 'kill': {
        const notifier = this.notifiers[action.notifier];
        return notifier ? world.crash(notifier.process) : undefined;
      }
      case 'roll':
        return this.roll(action.notifier);
    }
  }

  private silence(name: string, value: string, forMs: number): void {
    const startsAtMs = this.world.nowMs;
    const id = `silence ${this.truth.silences.length}`;
    const silence = {
      id,
      name,
      value,
      startsAtMs,
      endsAtMs: startsAtMs + forMs,
      ackedStep: null,
      endBegunStep: Infinity,
    };
    this.truth.silences.push(silence);
    this.storeSilence(silence);
  }

  private storeSilence(silence: Truth['silences'][number]): void {
    const { id, name, value, startsAtMs, endsAtMs } = silence;
    const put = (notifier: ModelNotifier): Promise<boolean> =>
      notifier.putSilence({
        id,
        matcherSets: [[{ name, op: '=', value }]],
        startsAtMs,
        endsAtMs,
        updatedAtMs: notifier.process.nowMs(),
        createdBy: '',
        comment: '',
        annotations: {},
      });
    const begin = async (): Promise<void> => {
      await this.untilAnswered(() => `${id} is put to`, put);
      silence.ackedStep ??= this.world.step;
      this.world.tell(() => `${id} mutes ${name}=${value} until ${(endsAtMs - START_MS) / 1_000}`);
    };
    this.putting = this.putting.then(begin);
  }

  /** One message after the other, each until it is acknowledged, as Prometheus does. */
  private send(kind: 'fire' | 'resolve', alerts: readonly number[], forMs = 0, isOld = false): void {
    const begin = async (): Promise<void> => {
      // What is said last must be what arrives last, by whatever clock.
      const slackMs = this.scenario.isOutage ? 1 : 2 * Math.max(...this.scenario.skewsMs.map(Math.abs));
      await this.sleep(slackMs);
      const message = alerts.flatMap((index) => this.say(kind, index, forMs, isOld) ?? []);
      if (message.length > 0) await this.sendNow(kind, message, alerts);
    };
    this.sending = this.sending.then(begin);
  }

  private say(kind: 'fire' | 'resolve', index: number, forMs: number, isOld: boolean): Alert | null {
    const { truth, world } = this;
    const { nowMs } = world;
    const last = truth.last(index);
    const fires = truth.fires(index, nowMs);
    if (kind === 'resolve' && !fires) return null;
    const startsAtMs = fires && last ? last.startsAtMs : isOld && last === undefined ? nowMs - 60_000 : nowMs;
    const endsAtMs = kind === 'resolve' ? nowMs : Math.max(nowMs + forMs, fires && last ? last.endsAtMs : 0);
    truth.said[index]?.push({ startsAtMs, endsAtMs, begunStep: world.step, ackedStep: null });
    const { labels, fingerprint } = ALERTS[index] as (typeof ALERTS)[number];
    return {
      fingerprint,
      labels,
      annotations: {},
      startsAtMs,
      endsAtMs,
      updatedAtMs: nowMs,
      generatorURL: '',
      timeout: kind === 'fire',
      startsAtOffsetMin: 0,
      endsAtOffsetMin: 0,
    };
  }

  private async sendNow(kind: string, message: readonly Alert[], alerts: readonly number[]): Promise<void> {
    const { world } = this;
    const names = alerts.map((index) => ALERTS[index]?.name).join(' ');
    await this.untilAnswered(
      () => `${kind} ${names} is posted to`,
      (notifier) => notifier.post(message).then(() => true),
    );
    world.tell(() => `${kind} ${names} is acknowledged`);
    for (const index of alerts) {
      const last = this.truth.last(index);
      if (last !== undefined) last.ackedStep ??= world.step;
    }
  }

  /** Asks one notifier after the other until one says yes in time. */
  private async untilAnswered(what: () => string, ask: (notifier: ModelNotifier) => Promise<boolean>): Promise<void> {
    const { world } = this;
    for (;;) {
      const ready = this.notifiers.filter((notifier) => notifier?.isReady === true);
      if (ready.length > 0) {
        const notifier = world.random.pick(ready) as ModelNotifier;
        world.tell(() => `${what()} ${notifier.process.name}`);
        const answer = await Promise.race([ask(notifier).catch(() => false), this.sleep(ANSWER_MS).then(() => false)]);
        if (answer) return;
      }
      await this.sleep(TRY_AGAIN_MS);
    }
  }

  private sleep(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => this.at(this.world.nowMs + ms, resolve));
  }
}
