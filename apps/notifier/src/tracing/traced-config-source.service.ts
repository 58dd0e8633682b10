import { reasonOf } from '@tocsin/common/log/log';
import { type ConfigSource } from '../config/config-reload.service';
import { type PreparedTracing, type TracingService } from './tracing.service';

/** A source whose `tracing` section is put to work with the integrations that are built of it: both, or neither. */
export function tracedConfigSource(
  source: ConfigSource,
  tracing: Pick<TracingService, 'prepare'>,
): Pick<ConfigSource, 'load' | 'buildIntegrations'> {
  let prepared: PreparedTracing | null = null;
  return {
    async load() {
      const loaded = await source.load();
      if (!loaded.ok) return loaded;
      prepared?.discard();
      prepared = null;
      try {
        prepared = await tracing.prepare(loaded.config.tracing);
      } catch (error) {
        return { ok: false, error: `failed to build a new tracer provider: ${reasonOf(error)}` };
      }
      return loaded;
    },
    buildIntegrations(config) {
      const ready = prepared;
      prepared = null;
      try {
        const integrations = source.buildIntegrations(config);
        ready?.install();
        return integrations;
      } catch (error) {
        ready?.discard();
        throw error;
      }
    },
  };
}
