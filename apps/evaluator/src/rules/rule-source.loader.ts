import { normalize } from 'node:path';
import { type AlertmanagerConfig, DEFAULT_EVALUATOR_CONFIG, type EvaluatorConfig } from '../config/evaluator-config';
import { loadEvaluatorConfig } from '../config/evaluator-config.loader';
import { type Environment } from '../config/evaluator-config.schema';
import { loadRuleFiles } from './rule-file.loader';
import { type RuleGroup } from './rule-group';

/** Everything the evaluator reads from files. */
export interface RuleSource {
  readonly config: EvaluatorConfig;
  readonly groups: readonly RuleGroup[];
}

export type LoadedSource = { ok: true; source: RuleSource } | { ok: false; errors: readonly string[] };

export interface SourceOptions {
  /** In the form of `prometheus.yml`; null for defaults. */
  readonly configFile: string | null;
  /** Rule files and patterns beside those of the configuration. */
  readonly ruleFiles: readonly string[];
  /** Receivers beside those of the configuration. */
  readonly alertmanagers: readonly AlertmanagerConfig[];
  readonly environment: Environment;
}

/** Reads configuration and rule files; finds all mistakes of all of them. */
export async function loadRuleSource(options: SourceOptions): Promise<LoadedSource> {
  const { configFile, environment } = options;
  const loaded = configFile === null ? null : await loadEvaluatorConfig(configFile, environment);
  const config = loaded?.ok ? loaded.config : DEFAULT_EVALUATOR_CONFIG;
  const defaults = { intervalMs: config.evaluationIntervalMs, queryOffsetMs: config.ruleQueryOffsetMs };
  // In one form, so that no file is read twice and group identities do not depend on how a path was written.
  const patterns = [...config.ruleFiles, ...options.ruleFiles].map((path) => normalize(path));
  const rules = await loadRuleFiles(patterns, { defaults, nameMode: config.nameMode });
  const errors = [...(loaded?.ok === false ? loaded.errors : []), ...(rules.ok ? [] : rules.errors)];
  if (errors.length > 0 || !rules.ok) return { ok: false, errors };
  const alertmanagers = [...config.alertmanagers, ...options.alertmanagers];
  return { ok: true, source: { config: { ...config, alertmanagers }, groups: rules.groups } };
}
