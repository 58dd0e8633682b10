import { type Log, reasonOf } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { type LoadedSource, type RuleSource } from './rule-source.loader';

export type ReloadResult = { ok: true } | { ok: false; error: string };

export interface RuleReloadParts {
  readonly load: () => Promise<LoadedSource>;
  /** Builds what can fail and throws then; what it answers makes the new files count and cannot fail. */
  readonly prepare: (source: RuleSource) => () => Promise<void>;
  readonly metrics: EvaluatorMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads configuration and rules; on any mistake everything stays as it was. */
export class RuleReloadService {
  private running: Promise<ReloadResult> | null = null;

  constructor(private readonly parts: RuleReloadParts) {}

  /** Requests during a reload share its result. */
  reload(): Promise<ReloadResult> {
    this.running ??= this.reloadOnce().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async reloadOnce(): Promise<ReloadResult> {
    const { load, prepare, metrics, clock, log } = this.parts;
    try {
      const loaded = await load();
      if (!loaded.ok) return this.failed(loaded.errors.join('\n'));
      const use = prepare(loaded.source);
      await use();
      metrics.reloaded(clock.nowMs());
      log.info('Completed loading of configuration and rules', { groups: loaded.source.groups.length });
      return { ok: true };
    } catch (error) {
      return this.failed(reasonOf(error));
    }
  }

  private failed(error: string): ReloadResult {
    this.parts.metrics.reloadFailed();
    this.parts.log.error('Loading configuration and rules failed', { err: error });
    return { ok: false, error };
  }
}
