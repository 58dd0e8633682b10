import { type Secret } from '@tocsin/common/config/secret';
import { type HttpConfig } from '@tocsin/common/http/http-config';

/** Where a record of every event goes. Source: Alertmanager configuration, `event_recorder`. */
export interface EventRecorderConfig {
  readonly files: readonly EventFile[];
  readonly webhooks: readonly EventWebhook[];
  /** How often each event is written to the standard output. */
  readonly stdoutOutputs: number;
}

/** A file that grows by one line of JSON an event. */
export interface EventFile {
  readonly path: string;
}

/** An address that events are posted to. */
export interface EventWebhook {
  readonly url: Secret;
  /** Null: the client's own defaults, not those of `global`. */
  readonly httpConfig: HttpConfig | null;
  /** Limit of one request, ms. Default 10 000. */
  readonly timeoutMs: number;
  /** Requests under way at most. Default 4. */
  readonly workers: number;
  /** Attempts an event has. Default 3. */
  readonly maxRetries: number;
  /** Pause before the second attempt, doubled before each further one up to 30 s, ms. Default 500. */
  readonly retryBackoffMs: number;
  /** How many events one request holds; null: each its own. */
  readonly batch: EventBatch | null;
}

export interface EventBatch {
  /** Default 100. */
  readonly maxEvents: number;
  /** Size after which a request is sent without waiting for more. Default 1 048 576. */
  readonly maxBytes: number;
  /** How long an event waits for others, ms. Default 100. */
  readonly flushIntervalMs: number;
}
