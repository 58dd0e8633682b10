import { type NotifierConfig } from '@tocsin/notifier/config/notifier-config';
import { UsageError } from './command';

/** A configuration file as a notifier would run on it; throws, with every mistake, when it would not. */
export async function localConfig(file: string): Promise<NotifierConfig> {
  const { findingLines, loadConfig } = await import('@tocsin/notifier/config/config.loader');
  const loaded = await loadConfig(file, 'fallback');
  if (!loaded.ok) throw new UsageError(findingLines(file, loaded.findings));
  return loaded.config;
}
