import {
  bool,
  custom,
  type Decoder,
  goDuration,
  object,
  optional,
  string,
  uint,
  withDefault,
} from '@tocsin/common/config/decode';
import { notSupportedYet } from '@tocsin/common/config/not-supported';
import { Secret } from '@tocsin/common/config/secret';
import { type HttpConfig } from '@tocsin/common/http/http-config';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { checkHttpUrl } from '@tocsin/common/http/url.schema';
import { unsupported } from '../../config/unsupported.schema';

/** One entry of `webhook_configs`. */
export interface WebhookConfig {
  /** Default true. */
  readonly sendResolved: boolean;
  readonly httpConfig: HttpConfig;
  /** Empty when the address is in `urlFile`. */
  readonly url: Secret;
  /** Read for every notification; '' for none. */
  readonly urlFile: string;
  /** Most alerts in a message; 0 for all. */
  readonly maxAlerts: number;
  /** Limit of one attempt, ms; 0 for none of its own. */
  readonly timeoutMs: number;
}

/** As written: without its own `http_config` an entry takes the whole global one. */
export interface WebhookFields extends Omit<WebhookConfig, 'httpConfig'> {
  readonly httpConfig: HttpConfig | null;
}

/** What the status API shows instead of an address. Both forms load again: older `amtool`s insist on an address. */
export const HIDDEN_URL = 'http://<secret>';
const hiddenUrls: readonly string[] = ['<secret>', HIDDEN_URL];

const secretUrl: Decoder<Secret> = custom(string, (text, report) => {
  if (text.includes('{{')) return report(notSupportedYet('a template in url'));
  const checked = checkHttpUrl(text);
  if (text === '' || hiddenUrls.includes(text) || checked.ok) return new Secret(text);
  return report(`invalid URL: ${checked.error}`);
});

const fields = object(
  {
    send_resolved: withDefault(bool, true),
    http_config: optional(httpConfig),
    url: withDefault(secretUrl, new Secret('')),
    url_file: withDefault(string, ''),
    max_alerts: withDefault(uint, 0),
    timeout: withDefault(goDuration, 0),
    payload: unsupported('payload'),
  },
  'config.plain',
);

/** Source: Alertmanager configuration, `webhook_config`. */
export const webhookConfig: Decoder<WebhookFields> = custom(fields, (raw, report) => {
  const hasUrl = raw.url.reveal() !== '';
  const hasFile = raw.url_file !== '';
  if (!hasUrl && !hasFile) return report('one of url or url_file must be configured');
  if (hasUrl && hasFile) return report('at most one of url & url_file must be configured');
  return {
    sendResolved: raw.send_resolved,
    httpConfig: raw.http_config ?? null,
    url: raw.url,
    urlFile: raw.url_file,
    maxAlerts: raw.max_alerts,
    timeoutMs: Math.max(0, raw.timeout),
  };
});
