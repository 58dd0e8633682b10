import { count, file, httpConfigField, secretText, timeoutMs, url } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf } from '../rules';

/** Source: Alertmanager configuration, `incidentio_config`. */
export const incidentio = integrationKind({
  name: 'incidentio',
  goType: 'incidentio.IncidentioConfig',
  sendResolved: true,
  resolvesFiles: false,
  // As its own it would have to hold an authorization.
  showsGlobalHttp: false,
  fields: {
    httpConfig: httpConfigField,
    url: url('url'),
    urlFile: file('url_file'),
    alertSourceToken: secretText('alert_source_token'),
    alertSourceTokenFile: file('alert_source_token_file'),
    /** Most alerts in a message; 0 for all. */
    maxAlerts: count('max_alerts'),
    /** Limit of one attempt, ms; 0 for none of its own. */
    timeoutMs: timeoutMs('timeout'),
  },
  rules: ({ httpConfig, ...own }) => {
    const hasToken = isSet(own.alertSourceToken) || isSet(own.alertSourceTokenFile);
    const hasAuthorization = httpConfig !== null && httpConfig.authorization !== null;
    return [
      oneOf(own.url, own.urlFile, 'one of url or url_file must be configured'),
      notBoth(own.url, own.urlFile, 'url & url_file'),
      notBoth(own.alertSourceToken, own.alertSourceTokenFile, 'alert_source_token & alert_source_token_file'),
      [
        hasAuthorization && hasToken,
        'cannot specify alert_source_token or alert_source_token_file when using http_config.authorization',
      ],
      [
        // Without an own `http_config` nothing is asked for.
        httpConfig !== null && !hasAuthorization && !hasToken,
        'at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured',
      ],
    ];
  },
});

/** An entry of `incidentio_configs` in effect. */
export type IncidentioConfig = ConfigOf<typeof incidentio>;
