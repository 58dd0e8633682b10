import { type Backend } from '@tocsin/common/backend/backend.client';
import { type EgressPolicy } from '@tocsin/common/http/egress-policy';
import { type ListenAddress } from '@tocsin/common/http/listen-address';
import { type Log } from '@tocsin/common/log/log';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';

/** What may be switched on besides. Source: Alertmanager, `--enable-feature`. */
export interface NotifierFeatures {
  readonly receiverNameInMetrics: boolean;
  readonly alertNamesInMetrics: boolean;
  readonly groupKeyInMetrics: boolean;
  readonly eventRecorder: boolean;
}

/** What `tocsin notifier` was told. */
export interface NotifierOptions {
  readonly configFile: string;
  readonly listen: readonly ListenAddress[];
  readonly externalUrl: string | undefined;
  readonly routePrefix: string | undefined;
  readonly matcherMode: MatcherMode;
  /** How often ended alerts are forgotten, ms. Source: `--alerts.gc-interval`. Default of the flag 1 800 000. */
  readonly forgetIntervalMs: number;
  /** How long expired silences and notification records are kept, ms. Source: `--data.retention`. Default of the flag
   *  432 000 000. */
  readonly dataRetentionMs: number;
  /** How often what is past its retention is forgotten, ms. Source: `--data.maintenance-interval`. Default of the flag
   *  900 000. */
  readonly maintenanceIntervalMs: number;
  /** Most silences, expired ones included; null: no limit. Source: `--silences.max-silences`. */
  readonly maxSilences: number | null;
  /** Largest silence, bytes; null: no limit. Source: `--silences.max-silence-size-bytes`. */
  readonly maxSilenceBytes: number | null;
  /** Whether every change of a silence is logged. Source: `--log.silences`. */
  readonly logSilences: boolean;
  /** Most alerts of one alertname; null: no limit. Source: `--alerts.per-alertname-limit`. */
  readonly perAlertnameLimit: number | null;
  /** How often empty groups are looked for, ms. Source: `--dispatch.maintenance-interval`. Default of the flag 30 000. */
  readonly dispatchMaintenanceIntervalMs: number;
  /** How long after the start nothing is flushed, ms; 0: not at all. Source: `--dispatch.start-delay`. */
  readonly dispatchStartDelayMs: number;
  /** Whether a reload restarts the timers of all groups, as Alertmanager's does. Source:
   *  `--dispatch.restart-timers-on-reload` (ours). */
  readonly restartTimersOnReload: boolean;
  /** GET requests answered at once. Source: `--web.get-concurrency`; default of the flag the processors, at least 8. */
  readonly getConcurrency: number;
  /** Limit of one request, ms; null: none. Source: `--web.timeout`. */
  readonly webTimeoutMs: number | null;
  /** TLS, passwords and headers of the server. Source: `--web.config.file`. */
  readonly webConfigFile: string | null;
  /** Where receivers may be. Source: `--receiver.allowed-hosts`, `--receiver.refuse-private-addresses` (ours). */
  readonly egress: EgressPolicy;
  /** How long the timeline is kept, ms. Source: `--timeline.retention` (ours). Default of the flag 172 800 000. */
  readonly timelineRetentionMs: number;
  /** Most entries of the timeline. Source: `--timeline.max-entries` (ours). Default of the flag 200 000. */
  readonly timelineMaxEntries: number;
  /** How long the Redis may be away before this notifier flushes on its own, ms. Source: `--redis.outage-grace` (ours).
   *  Default of the flag 30 000. */
  readonly redisOutageGraceMs: number;
  /** Whether the configuration is the one that was pushed to the Redis. Source: `--cluster.config-from-redis` (ours). */
  readonly configFromRedis: boolean;
  /** Folder where files of an Alertmanager may lie; null with a Redis, unless set. Source: `--storage.path`. */
  readonly storagePath: string | null;
  readonly features: NotifierFeatures;
  readonly build: BuildInfo;
  readonly hostname: string;
  /** Unique among the processes of the installation. */
  readonly instance: string;
  readonly backend: Backend;
  readonly log: Log;
}
