import { type Log } from '@tocsin/common/log/log';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { buildIntegrations } from '../receivers/build-integrations.service';
import { type IntegrationContext } from '../receivers/integration-context';
import { findingLines, loadConfig } from './config.loader';
import { type ConfigSource } from './config-reload.service';

/** The configuration file of a running notifier. */
export function configFileSource(
  file: string,
  matcherMode: MatcherMode,
  context: IntegrationContext,
  log: Log,
): ConfigSource {
  return {
    load: async () => {
      const loaded = await loadConfig(file, matcherMode);
      if (!loaded.ok) return { ok: false, error: findingLines(file, loaded.findings) };
      for (const { line, column, message } of loaded.warnings) {
        log.warn('Configuration file is ambiguous', { file, line, column, finding: message });
      }
      return loaded;
    },
    buildIntegrations: (config) => buildIntegrations(config, context),
  };
}
