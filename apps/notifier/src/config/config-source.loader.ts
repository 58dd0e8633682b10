import { type Log } from '@tocsin/common/log/log';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { buildIntegrations } from '../receivers/build-integrations.service';
import { type OutgoingContext } from '../receivers/integration-context';
import { findingLines, loadConfig } from './config.loader';
import { DEFAULT_RETENTION_MS } from './lint-config';
import { type ConfigSource } from './config-reload.service';

/** The configuration file of a running notifier. */
export function configFileSource(
  file: string,
  matcherMode: MatcherMode,
  context: OutgoingContext,
  log: Log,
  /** How long notifications are remembered, ms; lint compares repeats with it. */
  retentionMs: number = DEFAULT_RETENTION_MS,
): ConfigSource {
  return {
    load: async () => {
      const loaded = await loadConfig(file, matcherMode, retentionMs);
      if (!loaded.ok) return { ok: false, error: findingLines(file, loaded.findings) };
      for (const { line, column, message } of loaded.warnings) {
        log.warn('Configuration file needs a look', { file, line, column, finding: message });
      }
      for (const { line, column, code, message } of loaded.config.lint) {
        log.warn('Configuration file holds what is hardly meant', { file, line, column, code, finding: message });
      }
      return loaded;
    },
    buildIntegrations: (config) => buildIntegrations(config, context),
  };
}
