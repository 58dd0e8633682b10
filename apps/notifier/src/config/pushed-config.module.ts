import { dirname } from 'node:path';
import { type NotifierOptions } from '../notifier-options';
import { readConfig } from './config.loader';
import { type ConfigSource } from './config-reload.service';
import { PushedConfigService } from './pushed-config.service';
import { PushedConfigStore } from './pushed-config.store';

/** Null: this notifier reads its own file. */
export function pushedConfigOf(options: NotifierOptions, file: ConfigSource): PushedConfigService | null {
  const { backend, log, matcherMode, dataRetentionMs } = options;
  if (!options.configFromRedis || backend.kind !== 'redis') return null;
  return new PushedConfigService({
    store: new PushedConfigStore(backend.redis.commands, backend.keys),
    file,
    check: (text) => readConfig(text, dirname(options.configFile), matcherMode, dataRetentionMs),
    clock: backend.clock,
    log,
  });
}
