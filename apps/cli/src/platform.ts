import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type Backend, openBackend } from '@tocsin/common/backend/backend.client';
import { type Log } from '@tocsin/common/log/log';
import { createLogger, LOG_FORMATS, LOG_LEVELS } from '@tocsin/common/log/logger';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { shownRedisUrl } from '@tocsin/common/redis/redis-url';
import { machineClock } from '@tocsin/common/time/clock';
import { loadLogSources } from './log-sources.loader';
import { type FlagValues } from './parse-flags';
import { type RunningServer } from './serve';
import { BUILD } from './version';

/** What every application of this process stands on. */
export interface Platform {
  readonly build: BuildInfo;
  readonly hostname: string;
  /** Unique among all processes of an installation. */
  readonly instance: string;
  readonly backend: Backend;
  readonly log: Log;
}

/** Ends what the applications stand on, after them. */
export function platformServer({ backend, log }: Platform): RunningServer {
  let wasAsked = false;
  return {
    stopping: (signal) => {
      wasAsked = true;
      log.info('Stopping after what is under way', { signal });
    },
    stop: async () => {
      await backend.close();
      // After a start that failed its reason is the last line.
      if (wasAsked) log.info('Stopped');
    },
  };
}

/** Opens log and state as the flags say. */
export async function openPlatform(flags: FlagValues): Promise<Platform> {
  const sources = loadLogSources();
  const log = createLogger({
    sourceOf: (file, line) => sources[file]?.[line],
    level: choice(flags, 'log.level', LOG_LEVELS),
    format: choice(flags, 'log.format', LOG_FORMATS),
  });
  const redisUrl = flags.text('redis.url') || null;
  const storagePath = flags.text('storage.path');
  const { version, branch, revision } = BUILD;
  const state = redisUrl === null ? { storagePath: resolve(storagePath) } : { redis: shownRedisUrl(redisUrl) };
  log.info('Starting Tocsin', { version, branch: branch || 'unknown', revision: revision || 'unknown', ...state });
  const backend = await openBackend({
    redisUrl,
    redisPrefix: flags.text('redis.prefix'),
    storagePath,
    clock: machineClock,
    log,
  });
  const host = hostname();
  return {
    build: BUILD,
    hostname: host,
    instance: `${host}-${process.pid}-${randomBytes(3).toString('hex')}`,
    backend,
    log,
  };
}

/** The parser has checked the flag's choices; this tells the compiler. */
function choice<Choice extends string>(flags: FlagValues, name: string, choices: readonly Choice[]): Choice {
  const found = choices.find((one) => one === flags.text(name));
  if (found === undefined) throw new Error(`--${name} has other choices than its user`);
  return found;
}
