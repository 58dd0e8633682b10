import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { type Log, reasonOf } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertBook } from '../alerts/alert-book';
import { type Leftovers } from '../grouping/close-vanished.service';
import { GroupIndex } from '../grouping/groups';
import { type GroupTimersService } from '../grouping/group-timers.service';
import { InhibitionIndex } from '../inhibition/inhibition-index';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type IntegrationRegistry } from '../receivers/integration-registry';
import { type RouteTree } from '../routing/route';
import { type Timeline } from '../timeline/timeline-event';
import { type ActiveConfig } from './active-config';
import { type NotifierConfig } from './notifier-config';

/** A checked file, or every mistake in it. */
export type LoadResult = { ok: true; config: NotifierConfig } | { ok: false; error: string };

export interface ConfigSource {
  load(): Promise<LoadResult>;
  /** Builds what can fail (TLS files, …); throws with a message for the operator. */
  buildIntegrations(config: NotifierConfig): IntegrationRegistry;
}

/** Members copied in one command. */
const MAX_COPIES = 1_000;

/**
 * Replaces the running configuration: everything that can fail is built first, then swapped in one turn.
 *
 * Groups whose route did not change keep their timers, because their lane members are copied; groups of new routes get
 * a first flush as if their alerts had just come in.
 */
export class ConfigReloadService {
  private running: Promise<LoadResult> | null = null;
  private next: Promise<LoadResult> | null = null;

  constructor(
    private readonly source: ConfigSource,
    private readonly active: ActiveConfig,
    private readonly book: AlertBook,
    private readonly groups: DueQueue,
    private readonly timers: GroupTimersService,
    private readonly clock: Clock,
    private readonly metrics: NotifierMetrics,
    private readonly log: Log,
    private readonly timeline: Timeline,
    /** Restarting them, and leaving groups of removed routes open, is what Alertmanager does. Source:
     *  `--dispatch.restart-timers-on-reload`. */
    private readonly mode: 'keep timers' | 'restart timers',
    /** Told what a reload left behind. */
    private readonly onLeftovers: (leftovers: Leftovers) => void,
  ) {}

  /** Reloads the file; on any mistake the running configuration stays. Requests during a reload share the one after it,
   *  because the one under way may have read the file before it was changed. */
  reload(): Promise<LoadResult> {
    if (this.running === null) return this.begin();
    const ended = this.running.catch(() => undefined);
    this.next ??= ended.then(() => {
      this.next = null;
      return this.running ?? this.begin();
    });
    return this.next;
  }

  private begin(): Promise<LoadResult> {
    this.running = this.reloadOnce().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async reloadOnce(): Promise<LoadResult> {
    const loaded = await this.loadAndBuild();
    if (!loaded.ok) return this.failed(loaded.error);
    const { config, integrations } = loaded;
    const old = { ...this.active };
    try {
      // With the same text the groups stay as they are, with their routes; only what is read from other files is new.
      if (config.hash === old.config.hash) {
        Object.assign(this.active, { integrations, config: { ...config, routes: old.config.routes } });
      } else await this.swap(config, integrations);
    } catch (error) {
      void integrations.close();
      return this.failed(`the timers could not be carried over: ${reasonOf(error)}`);
    }
    void old.integrations.close();
    this.onLeftovers(leftoversOf(old, this.active, this.mode === 'keep timers'));
    await (this.mode === 'restart timers' ? this.timers.restart() : this.timers.arm());
    this.metrics.configLoaded(config, this.clock.nowMs());
    this.log.info('Completed loading of configuration file', {
      receivers: config.receivers.length,
      routes: config.routes.byId.size,
    });
    this.record('the configuration was loaded again', { hash: config.hash });
    return loaded;
  }

  private failed(error: string): LoadResult {
    this.metrics.configReloadFailed();
    this.log.error('Loading configuration file failed', { err: error });
    this.record(`the configuration could not be loaded: ${error}`, {});
    return { ok: false, error };
  }

  private record(message: string, detail: Readonly<Record<string, unknown>>): void {
    this.timeline.record({ atMs: this.clock.nowMs(), kind: 'config', message, detail });
  }

  private async loadAndBuild() {
    try {
      const loaded = await this.source.load();
      if (!loaded.ok) return loaded;
      return { ...loaded, integrations: this.source.buildIntegrations(loaded.config) };
    } catch (error) {
      return { ok: false as const, error: error instanceof Error ? error.message : String(error) };
    }
  }

  private async swap(config: NotifierConfig, integrations: IntegrationRegistry): Promise<void> {
    const { active } = this;
    const from = active.config.routes;
    const groups = new GroupIndex(config.routes, this.book.alerts.values());
    const inhibition = new InhibitionIndex(config.inhibitRules, this.book.alerts.values());
    active.incoming = { groups, inhibition };
    try {
      if (from.lane !== config.routes.lane) await this.copyTimers(from, config.routes, groups);
      Object.assign(active, { config, integrations, groups, inhibition });
    } finally {
      active.incoming = null;
    }
  }

  private async copyTimers(from: RouteTree, to: RouteTree, groups: GroupIndex): Promise<void> {
    const kept = [...groups.groups()].filter(({ route }) => from.byId.has(route.id)).map(({ id }) => id);
    for (let start = 0; start < kept.length; start += MAX_COPIES) {
      await this.groups.copyLane(from.lane, to.lane, kept.slice(start, start + MAX_COPIES));
    }
  }
}

function leftoversOf(old: ActiveConfig, now: ActiveConfig, areClosed: boolean): Leftovers {
  const { lane } = now.config.routes;
  const oldLane = old.config.routes.lane;
  return {
    configHash: old.config.hash,
    lane: oldLane === lane ? null : oldLane,
    groups: oldLane === lane ? [] : [...old.groups.groups()].filter(({ id }) => now.groups.group(id) === undefined),
    areClosed,
    integrations: old.integrations
      .all()
      .map(({ key }) => key)
      .filter((key) => now.integrations.byKey(key) === undefined),
  };
}
