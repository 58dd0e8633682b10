import { type ConfigView, httpConfigView } from '@tocsin/common/http/http-config-view';
import { formatDuration } from '@tocsin/common/time/duration';
import { type EventRecorderFields, type EventWebhookFields } from './event-recorder.schema';

/** The `event_recorder` section as it is shown; empty when it has no output. */
export function eventRecorderView(fields: EventRecorderFields): ConfigView {
  const { file_outputs: files, webhook_outputs: webhooks, stdout_outputs: stdout } = fields;
  return {
    ...(files.length > 0 && { file_outputs: files }),
    ...(webhooks.length > 0 && { webhook_outputs: webhooks.map(webhookView) }),
    ...(stdout.length > 0 && { stdout_outputs: stdout }),
  };
}

function webhookView(raw: EventWebhookFields): ConfigView {
  const { url, http_config, timeout, workers, max_retries, retry_backoff, batch } = raw;
  return {
    url: url.toString(),
    ...(http_config && { http_config: httpConfigView(http_config) }),
    ...(timeout > 0 && { timeout: formatDuration(timeout) }),
    ...(workers !== 0 && { workers }),
    ...(max_retries !== 0 && { max_retries }),
    ...(retry_backoff > 0 && { retry_backoff: formatDuration(retry_backoff) }),
    ...(batch && { batch }),
    ...(raw.batch_max_events > 0 && { batch_max_events: raw.batch_max_events }),
    ...(raw.batch_max_bytes > 0 && { batch_max_bytes: raw.batch_max_bytes }),
    ...(raw.batch_flush_interval > 0 && { batch_flush_interval: formatDuration(raw.batch_flush_interval) }),
  };
}
