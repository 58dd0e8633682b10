import { type EventBatch, type EventRecorderConfig, type EventWebhook } from './event-recorder-config';
import { type EventRecorderFields, type EventWebhookFields } from './event-recorder.schema';

/** The section with its defaults; null when it has no output. */
export function compileEventRecorder(fields: EventRecorderFields | null): EventRecorderConfig | null {
  if (fields === null) return null;
  const { file_outputs: files, webhook_outputs: webhooks, stdout_outputs: stdout } = fields;
  if (files.length + webhooks.length + stdout.length === 0) return null;
  return { files, webhooks: webhooks.map(compileWebhook), stdoutOutputs: stdout.length };
}

function compileWebhook(raw: EventWebhookFields): EventWebhook {
  return {
    url: raw.url,
    httpConfig: raw.http_config ?? null,
    timeoutMs: raw.timeout || 10_000,
    workers: positiveOr(raw.workers, 4),
    maxRetries: positiveOr(raw.max_retries, 3),
    retryBackoffMs: raw.retry_backoff || 500,
    batch: raw.batch ? compileBatch(raw) : null,
  };
}

function compileBatch(raw: EventWebhookFields): EventBatch {
  return {
    maxEvents: raw.batch_max_events || 100,
    maxBytes: raw.batch_max_bytes || 1024 * 1024,
    flushIntervalMs: raw.batch_flush_interval || 100,
  };
}

/** Alertmanager takes a negative number for none. */
function positiveOr(value: number, fallback: number): number {
  return value > 0 ? value : fallback;
}
