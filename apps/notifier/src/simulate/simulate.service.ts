import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { checkConfig } from '../config/check-config';
import { compileConfig } from '../config/compile-config';
import { type NotifierConfig } from '../config/notifier-config';
import { NotifierMetrics } from '../metrics/notifier.metrics';
import { DEFAULT_SCENARIO_LIMITS, type Scenario } from './scenario';
import { type SimulationResult } from './simulation';
import { SimulatedNotifier } from './simulated-notifier.service';

/** A configuration, or its mistakes, one a line. */
export type SimulatedConfig = { ok: true; config: NotifierConfig } | { ok: false; error: string };

/** Plays scenarios, one at a time. */
export class SimulateService {
  private isBusy = false;
  /** Counts for nobody. */
  private metrics: NotifierMetrics | null = null;

  constructor(
    private readonly matcherMode: MatcherMode,
    private readonly build: BuildInfo,
  ) {}

  /** Reads a configuration as it would be loaded, but none of the files it names. */
  readConfig(text: string): SimulatedConfig {
    const checked = checkConfig(text, this.matcherMode);
    if (checked.ok) return { ok: true, config: compileConfig(checked.file, text) };
    const lines = checked.findings.map(({ line, column, message }) => `config:${line}:${column}: ${message}`);
    return { ok: false, error: lines.join('\n') };
  }

  /** `busy`: another scenario is being played. */
  async simulate(config: NotifierConfig, scenario: Scenario): Promise<SimulationResult | { kind: 'busy' }> {
    if (this.isBusy) return { kind: 'busy' };
    this.isBusy = true;
    try {
      this.metrics ??= new NotifierMetrics(new MetricsRegistry(false), this.build);
      return await new SimulatedNotifier(config, scenario, DEFAULT_SCENARIO_LIMITS, this.metrics).run();
    } finally {
      this.isBusy = false;
    }
  }
}
