import { type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { type Log } from '@tocsin/common/log/log';
import { EventFileClient } from './event-file.client';
import { type EventOutput } from './event-output';
import { type EventRecorderConfig } from './event-recorder-config';
import { type EventRecorderMetrics } from './event-recorder.metrics';
import { EventStdoutClient } from './event-stdout.client';
import { EventWebhookClient } from './event-webhook.client';

/** Opens the outputs a configuration names; throws when a TLS file of one cannot be used. */
export function openOutputs(
  { files, webhooks, stdoutOutputs }: EventRecorderConfig,
  context: HttpClientOptions,
  metrics: EventRecorderMetrics,
  log: Log,
): readonly EventOutput[] {
  return [
    ...files.map((file) => new EventFileClient(file)),
    ...webhooks.map((webhook) => {
      const onDropped = (events: number): void => metrics.outputDropped(client.name, events);
      const client: EventWebhookClient = new EventWebhookClient(webhook, { ...context, log, onDropped });
      return client;
    }),
    ...Array.from({ length: stdoutOutputs }, () => new EventStdoutClient()),
  ];
}
