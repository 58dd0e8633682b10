import { type Log, onReasonChange, reasonOf } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type ConfigSource } from './config-reload.service';
import { findingLines, type LoadedConfig } from './config.loader';
import { type PushedConfig, type PushedConfigStore } from './pushed-config.store';

/** How often the other instances' pushes are looked for, ms. */
const LOOK_MS = 2_000;

export type PushResult = { ok: true } | { ok: false; error: string };

export interface PushedConfigParts {
  readonly store: Pick<PushedConfigStore, 'read' | 'version' | 'write'>;
  /** What runs while nothing was pushed. */
  readonly file: ConfigSource;
  /** Checks a text. */
  readonly check: (text: string) => Promise<LoadedConfig>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Name of the pushed text in findings. */
const NAME = 'pushed configuration';

/** A configuration for all instances of an installation: one pushes it, all load it. Source:
 *  `--cluster.config-from-redis`. */
export class PushedConfigService implements ConfigSource {
  /** The last one that was read; null: there was none. */
  private known: PushedConfig | null = null;
  private timer: Timer | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly failure;

  constructor(private readonly parts: PushedConfigParts) {
    this.failure = onReasonChange(parts.log);
  }

  /** The pushed configuration, or the file as long as there is none. */
  async load(): ReturnType<ConfigSource['load']> {
    const pushed = await this.readPushed();
    if (pushed === null) return this.parts.file.load();
    const loaded = await this.parts.check(pushed.text);
    if (!loaded.ok) return { ok: false, error: findingLines(NAME, loaded.findings) };
    for (const { line, column, message } of [...loaded.warnings, ...loaded.config.lint]) {
      this.parts.log.warn('Configuration needs a look', { file: NAME, line, column, finding: message });
    }
    return loaded;
  }

  buildIntegrations(config: Parameters<ConfigSource['buildIntegrations']>[0]) {
    return this.parts.file.buildIntegrations(config);
  }

  /** Gives all instances another configuration; one with mistakes is refused and changes nothing. */
  async push(text: string): Promise<PushResult> {
    const checked = await this.parts.check(text);
    if (!checked.ok) return { ok: false, error: findingLines(NAME, checked.findings) };
    try {
      await this.buildIntegrations(checked.config).close();
    } catch (error) {
      return { ok: false, error: reasonOf(error) };
    }
    const version = Math.max(this.parts.clock.nowMs(), (await this.parts.store.version()) + 1);
    await this.parts.store.write({ version, text });
    return { ok: true };
  }

  /** Calls back whenever another configuration was pushed than the loaded one. */
  follow(reload: () => Promise<unknown>): void {
    if (this.isStopped) return;
    this.timer = this.parts.clock.setTimer(LOOK_MS, () => {
      this.running = this.look(reload).then(() => this.follow(reload));
    });
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  /** Null: none was pushed, or Redis is away at the start and the file has to do. A Redis that lost its data gets back
   *  what is known here. */
  private async readPushed(): Promise<PushedConfig | null> {
    const { store } = this.parts;
    try {
      const stored = await store.read();
      if (stored === null && this.known !== null) await store.write(this.known);
      return (this.known = stored ?? this.known);
    } catch (error) {
      if (this.known !== null) throw error;
      this.failure.failed('The pushed configuration cannot be read: the file has to do', error);
      return null;
    }
  }

  private async look(reload: () => Promise<unknown>): Promise<void> {
    try {
      if ((await this.parts.store.version()) !== (this.known?.version ?? 0)) await reload();
      this.failure.recovered('Pushed configurations are seen again');
    } catch (error) {
      this.failure.failed('Pushed configurations cannot be looked for', error);
    }
  }
}
