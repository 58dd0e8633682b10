import {
  bool,
  custom,
  type Decoded,
  type Decoder,
  duration,
  int,
  list,
  named,
  object,
  optional,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { notSupportedYet } from '@tocsin/common/config/not-supported';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { tlsConfig } from '@tocsin/common/http/tls-config.schema';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { secretUrl } from '../config/address.schema';

const text = withDefault(string, '');
const whole = withDefault(int, 0);
const period = withDefault(duration, 0);

const file = custom(object({ path: text }, 'eventrecorder.plain'), (raw, report) =>
  raw.path === '' ? report('event_recorder file output requires a path') : raw,
);

const webhook = custom(
  object(
    {
      url: secretUrl,
      http_config: optional(httpConfig),
      timeout: period,
      workers: whole,
      max_retries: whole,
      retry_backoff: period,
      batch: withDefault(bool, false),
      batch_max_events: whole,
      batch_max_bytes: whole,
      batch_flush_interval: period,
    },
    'eventrecorder.plain',
  ),
  (raw, report) => {
    const limits = [raw.batch_max_events, raw.batch_max_bytes, raw.batch_flush_interval];
    if (raw.url.reveal() === '') report('event_recorder webhook output requires a url');
    if (limits.some((limit) => limit < 0)) report('event_recorder webhook batch settings cannot be negative');
    else if (!raw.batch && limits.some((limit) => limit !== 0)) {
      report('event_recorder webhook batch settings require batch: true');
    }
    return raw;
  },
);

const compressions = ['', 'none', 'gzip', 'snappy', 'lz4', 'zstd'];

const kafka: Decoder<null> = custom(
  object(
    {
      brokers: withDefault(list(string), []),
      topic: text,
      client_id: text,
      format: text,
      acks: text,
      compression: text,
      buffer_size: whole,
      tls_config: tlsConfig,
    },
    'eventrecorder.plain',
  ),
  ({ brokers, topic, format, acks, compression }, report) => {
    const problems = [
      [brokers.length === 0, 'kafka: at least one broker is required'],
      [brokers.some((broker) => broker === ''), 'kafka: broker entries must be non-empty'],
      [
        !['', 'none', 'leader', 'all'].includes(acks),
        `kafka: unknown acks ${goQuote(acks)}, must be "none", "leader", or "all"`,
      ],
      [!compressions.includes(compression), `kafka: unknown compression ${goQuote(compression)}`],
      [topic === '', 'kafka output requires a topic'],
      [
        !['', 'json', 'protobuf'].includes(format),
        `kafka: unknown format ${goQuote(format)}, must be "json" or "protobuf"`,
      ],
    ] as const;
    for (const [isBroken, message] of problems) if (isBroken) report(`event_recorder ${message}`);
    report(notSupportedYet('event_recorder kafka output: there is no Kafka client, so it'));
    return null;
  },
);

const fields = object(
  {
    file_outputs: withDefault(list(named(file, 'eventrecorder.FileOutputConfig')), []),
    webhook_outputs: withDefault(list(named(webhook, 'eventrecorder.WebhookOutputConfig')), []),
    kafka_outputs: withDefault(list(named(kafka, 'eventrecorder.KafkaOutputConfig')), []),
    stdout_outputs: withDefault(list(object({}, 'eventrecorder.StdoutOutputConfig')), []),
  },
  'eventrecorder.Config',
);

/** The `event_recorder` section as written. */
export type EventRecorderFields = Decoded<typeof fields>;

/** An entry of `webhook_outputs` as written; 0 is for the default. */
export type EventWebhookFields = Decoded<typeof webhook>;

/** The `event_recorder` section; absent or null, nothing is recorded. Source: Alertmanager configuration. */
export const eventRecorder: Decoder<EventRecorderFields | undefined> = optional(fields);
