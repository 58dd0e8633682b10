import { randomUUID } from 'node:crypto';
import { type Backend, openBackend } from '@tocsin/common/backend/backend.client';
import { nullLog } from '@tocsin/common/log/log';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { type RunningNotifier, startNotifier } from '@tocsin/notifier/main';
import { type NotifierOptions } from '@tocsin/notifier/notifier-options';
import { type RedisPlace } from '../../support/redis';
import { TempFolder } from '../../support/temp-folder';
import { type MovableClock } from './movable-clock';

/** What a notifier is told unless a test says otherwise: the defaults of the flags, on a free port. */
export const DEFAULT_OPTIONS: Omit<NotifierOptions, 'configFile' | 'instance' | 'backend'> = {
  listen: [{ host: '127.0.0.1', port: 0 }],
  externalUrl: undefined,
  routePrefix: undefined,
  matcherMode: 'fallback',
  forgetIntervalMs: 1_800_000,
  dataRetentionMs: 432_000_000,
  maintenanceIntervalMs: 900_000,
  maxSilences: null,
  maxSilenceBytes: null,
  logSilences: false,
  perAlertnameLimit: null,
  dispatchMaintenanceIntervalMs: 30_000,
  dispatchStartDelayMs: 0,
  restartTimersOnReload: false,
  getConcurrency: 8,
  webTimeoutMs: null,
  webConfigFile: null,
  egress: { refusal: () => null },
  timelineRetentionMs: 172_800_000,
  timelineMaxEntries: 200_000,
  redisOutageGraceMs: 30_000,
  configFromRedis: false,
  storagePath: null,
  features: {
    receiverNameInMetrics: false,
    alertNamesInMetrics: false,
    groupKeyInMetrics: false,
    eventRecorder: false,
  },
  build: { ...NO_BUILD, version: 'test' },
  hostname: 'localhost',
  log: nullLog,
};

/** A whole notifier in the test's process, so that its clock can be moved; stopped and started it keeps its state. */
export class InProcessNotifier {
  private running: RunningNotifier | null = null;
  private backend: Backend | null = null;

  private constructor(
    private readonly folder: TempFolder,
    readonly clock: MovableClock,
    private readonly redis: RedisPlace | null,
    private readonly redisOutageGraceMs: number,
  ) {}

  static async start(
    config: string,
    clock: MovableClock,
    redis: RedisPlace | null = null,
    redisOutageGraceMs = 30_000,
  ): Promise<InProcessNotifier> {
    const folder = new TempFolder();
    folder.write('alertmanager.yml', config);
    const notifier = new InProcessNotifier(folder, clock, redis, redisOutageGraceMs);
    await notifier.resume();
    return notifier;
  }

  get url(): string {
    if (this.running === null) throw new Error('the notifier does not run');
    return this.running.url;
  }

  /** Starts it again on the state it left. */
  async resume(): Promise<void> {
    const { clock, redis, folder } = this;
    this.backend = await openBackend({
      redisUrl: redis?.url ?? null,
      redisPrefix: redis?.prefix ?? '',
      storagePath: folder.file('data'),
      clock,
      log: nullLog,
    });
    this.running = await startNotifier({
      configFile: folder.file('alertmanager.yml'),
      ...DEFAULT_OPTIONS,
      egress: { refusal: () => null },
      redisOutageGraceMs: this.redisOutageGraceMs,
      instance: randomUUID(),
      // The Redis' own clock cannot be moved, so the installation's clock is the test's.
      backend: this.backend.kind === 'redis' ? { ...this.backend, clock } : this.backend,
    });
  }

  writeConfig(text: string): void {
    this.folder.write('alertmanager.yml', text);
  }

  reload(): Promise<unknown> {
    return this.running?.reload() ?? Promise.resolve();
  }

  /** Ends it; its state stays for `resume`. */
  async halt(): Promise<void> {
    await this.running?.stop();
    await this.backend?.close();
    this.running = null;
    this.backend = null;
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.folder.stop();
  }
}
