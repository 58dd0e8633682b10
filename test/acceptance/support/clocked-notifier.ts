import { setTimeout as realTime } from 'node:timers/promises';
import { EmbeddedLineLog } from '@tocsin/common/embedded/embedded-line-log';
import { type EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { type FakeClock, settle } from '@tocsin/common/testing/fake-clock';
import { type Clock } from '@tocsin/common/time/clock';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type RunningNotifier, startNotifier } from '@tocsin/notifier/main';
import { type NotifierOptions } from '@tocsin/notifier/notifier-options';
import { TempFolder } from '../../support/temp-folder';
import { DEFAULT_OPTIONS } from './in-process-notifier';

/** Looks at whether a notifier is at rest before a test gives up, one each ms while it waits for the network. */
const MOST_LOOKS = 20_000;

/** Looks after which what is due and not taken up is held back, by a circuit breaker or a rate limit. */
const HELD_BACK_LOOKS = 15;

/** Looks at a notifier that is to end before time moves on to the next timer. */
const PATIENCE_LOOKS = 200;

/** An alert as a test posts it; times are epoch ms. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** A whole notifier on state in memory, whose time a test moves, and which can tell whether all its work of the moment is
 *  done. Stopped and started it keeps its state. */
export class ClockedNotifier {
  private readonly folder = new TempFolder();
  private running: RunningNotifier | null = null;
  /** Deliveries whose answer the test holds back: they are under way, and time passes nevertheless. */
  held = 0;

  constructor(
    readonly clock: FakeClock,
    private readonly options: Partial<NotifierOptions> = {},
    readonly store = new MemoryStore(),
    /** The clock as the notifier sees it. */
    private readonly seen: Clock = clock,
  ) {}

  get url(): string {
    if (this.running === null) throw new Error('the notifier does not run');
    return this.running.url;
  }

  /** With this configuration, or the one it had. */
  async start(config?: string): Promise<void> {
    if (config !== undefined) this.write('alertmanager.yml', config);
    const { seen, store } = this;
    this.running = await startNotifier({
      ...DEFAULT_OPTIONS,
      configFile: this.folder.file('alertmanager.yml'),
      instance: 'one',
      ...this.options,
      // All that is used of it is what a store in memory has, too.
      backend: { kind: 'embedded', clock: seen, store: store as unknown as EmbeddedStore, close: async () => {} },
    });
    await this.rest();
  }

  /** A file beside the configuration. */
  write(name: string, text: string): void {
    this.folder.write(name, text);
  }

  async reload(config: string): Promise<{ ok: true } | { ok: false; error: string }> {
    this.write('alertmanager.yml', config);
    const result = await this.running?.reload();
    await this.rest();
    return result ?? { ok: false, error: 'the notifier does not run' };
  }

  /** The answer's body. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    await this.rest();
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  async post(alerts: readonly PostedAlert[]): Promise<void> {
    const written = alerts.map(({ labels, startsAtMs, endsAtMs }) => ({
      labels,
      startsAt: formatRfc3339Millis(startsAtMs),
      endsAt: formatRfc3339Millis(endsAtMs),
    }));
    await this.ask('POST', '/api/v2/alerts', written);
  }

  /** Posts alerts that fire from now on, by their `alertname`, for so long. */
  async fire(names: readonly string[], labels: Readonly<Record<string, string>> = {}, forMs = 3_600_000) {
    const startsAtMs = this.clock.nowMs();
    await this.post(
      names.map((alertname) => ({ labels: { alertname, ...labels }, startsAtMs, endsAtMs: startsAtMs + forMs })),
    );
  }

  /** Posts that they have ended. */
  async end(names: readonly string[], labels: Readonly<Record<string, string>> = {}): Promise<void> {
    const nowMs = this.clock.nowMs();
    await this.post(
      names.map((alertname) => ({ labels: { alertname, ...labels }, startsAtMs: nowMs - 1, endsAtMs: nowMs })),
    );
  }

  /** Mutes by matchers such as `team=a` from now on; returns the silence's id. */
  async silence(matchers: Readonly<Record<string, string>>, forMs = 3_600_000): Promise<string> {
    const nowMs = this.clock.nowMs();
    const silence = {
      matchers: Object.entries(matchers).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
      startsAt: formatRfc3339Millis(nowMs),
      endsAt: formatRfc3339Millis(nowMs + forMs),
      createdBy: 'test',
      comment: 'test',
    };
    const { silenceID } = (await this.ask('POST', '/api/v2/silences', silence)) as { silenceID: string };
    return silenceID;
  }

  /** Lets time pass, with all that is due on the way. */
  async pass(ms: number): Promise<void> {
    await this.passTo(this.clock.nowMs() + ms);
  }

  async passTo(ms: number): Promise<void> {
    while (this.clock.fireNext(ms)) await this.rest();
    this.clock.set(ms);
  }

  /** Ends it; its state stays for `start`. */
  async halt(): Promise<void> {
    let isStopped = false;
    const stopped = (this.running?.stop() ?? Promise.resolve()).finally(() => (isStopped = true));
    this.running = null;
    await settle();
    for (let looks = 1; !isStopped; looks++) {
      while (this.clock.fireNext(this.clock.nowMs())) await settle();
      await realTime(1);
      // What it waits for is a time-out.
      if (looks % PATIENCE_LOOKS === 0) this.clock.fireNext(Infinity);
    }
    await stopped;
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.folder.stop();
  }

  /** Until nothing is left to do at this instant. */
  private async rest(): Promise<void> {
    await settle();
    let waiting = 0;
    for (let looks = 0; waiting < HELD_BACK_LOOKS; looks++) {
      const state = this.look();
      if (state === 'at rest') return;
      waiting = state === 'waiting' ? waiting + 1 : 0;
      if (looks > MOST_LOOKS) throw new Error('the notifier does not come to rest');
      while (this.clock.fireNext(this.clock.nowMs())) await settle();
      // What is under way waits for the network; what is waiting is taken up at once, or held back.
      if (state === 'busy') await realTime(1);
      await settle();
    }
  }

  /** At rest: no group and no delivery is due or under way. Waiting: something is due, and nothing is under way. */
  private look(): 'at rest' | 'waiting' | 'busy' {
    const nowMs = this.seen.nowMs();
    let isDue = false;
    let underWay = 0;
    for (const table of ['due-log-groups', 'due-log-deliveries']) {
      for (const text of new EmbeddedLineLog(this.store.textTable(table), () => null).load().values()) {
        const [dueMs = 0, , unfinished = 0] = text.split(' ').map(Number);
        if (unfinished > 0) underWay++;
        else isDue ||= dueMs <= nowMs;
      }
    }
    if (underWay > this.held) return 'busy';
    return isDue ? 'waiting' : 'at rest';
  }
}
