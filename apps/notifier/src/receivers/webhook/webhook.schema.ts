import { custom, type Decoder, string, withDefault } from '@tocsin/common/config/decode';
import { Secret } from '@tocsin/common/config/secret';
import { checkHttpUrl } from '@tocsin/common/http/url.schema';
import { HIDDEN } from '../../config/address.schema';
import { anything, count, type Field, file, httpConfigField, timeoutMs } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { secretTemplateError } from '../../templates/secret-template';
import { notBoth, oneOf } from '../rules';
import { templateProblem } from '../template-syntax';

/** What the status API shows instead of an address. Both forms load again: older `amtool`s insist on an address. */
const HIDDEN_URL = `http://${HIDDEN}`;
const hiddenUrls: readonly string[] = [HIDDEN, HIDDEN_URL];

const templatedUrl: Decoder<Secret> = custom(string, (text, report) => {
  if (text === '' || hiddenUrls.includes(text)) return new Secret(text);
  // Whether it can be parsed depends on its language, which the receiver says.
  if (text.includes('{{')) return new Secret(text);
  const checked = checkHttpUrl(text);
  return checked.ok ? new Secret(text) : report(`invalid URL: ${checked.error}`);
});

const url: Field<Secret> = {
  key: 'url',
  decoder: withDefault(templatedUrl, new Secret('')),
  show: (value) => (value.reveal() === '' ? undefined : HIDDEN_URL),
};

/** Source: Alertmanager configuration, `webhook_config`. */
export const webhook = integrationKind({
  name: 'webhook',
  goType: 'webhook.WebhookConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    /** Empty when the address is in `urlFile`. */
    url,
    /** Read for every notification; '' for none. */
    urlFile: file('url_file'),
    /** Most alerts in a message; 0 for all. */
    maxAlerts: count('max_alerts'),
    /** Limit of one attempt, ms; 0 for none of its own. */
    timeoutMs: timeoutMs('timeout'),
    /** Replaces the message; null for none. */
    payload: anything('payload'),
  },
  rules: ({ url, urlFile }) => [
    oneOf(url, urlFile, 'one of url or url_file must be configured'),
    notBoth(url, urlFile, 'url & url_file'),
  ],
  required({ url, templateLanguage }) {
    const problem = templateLanguage === 'go' ? templateProblem(url.reveal()) : null;
    return [[problem !== null, `invalid template syntax: ${secretTemplateError(problem ?? '')}`]];
  },
});

/** An entry of `webhook_configs` in effect. */
export type WebhookConfig = ConfigOf<typeof webhook>;
