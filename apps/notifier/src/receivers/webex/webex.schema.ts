import { httpConfigField, text, url } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, or } from '../rules';

/** Source: Alertmanager configuration, `webex_config`. */
export const webex = integrationKind({
  name: 'webex',
  goType: 'config.WebexConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    apiUrl: url('api_url'),
    message: text('message', '{{ template "webex.default.message" . }}'),
    roomId: text('room_id'),
  },
  rules: ({ roomId, httpConfig }) => [
    [!isSet(roomId), 'missing room_id on webex_config'],
    // That of `global` does not count.
    [httpConfig === null || httpConfig.authorization === null, 'missing webex_configs.http_config.authorization'],
  ],
  inherit: (own, global) => ({ apiUrl: or(own.apiUrl, global.webex_api_url) }),
  required: ({ apiUrl }) => [[!isSet(apiUrl), 'no global Webex URL set']],
});

/** An entry of `webex_configs` in effect. */
export type WebexConfig = ConfigOf<typeof webex>;
