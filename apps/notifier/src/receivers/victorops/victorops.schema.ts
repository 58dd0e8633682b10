import { file, httpConfigField, secretText, text, textMap, url } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf, or } from '../rules';
import { withTrailingSlash } from '../trailing-slash';

const fixedFields = [
  'routing_key',
  'message_type',
  'state_message',
  'entity_display_name',
  'monitoring_tool',
  'entity_id',
  'entity_state',
];

/** Source: Alertmanager configuration, `victorops_config`. */
export const victorops = integrationKind({
  name: 'victorops',
  goType: 'config.VictorOpsConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    apiKey: secretText('api_key'),
    apiKeyFile: file('api_key_file'),
    apiUrl: url('api_url'),
    routingKey: text('routing_key'),
    messageType: text('message_type', 'CRITICAL'),
    stateMessage: text('state_message', '{{ template "victorops.default.state_message" . }}'),
    entityDisplayName: text('entity_display_name', '{{ template "victorops.default.entity_display_name" . }}'),
    monitoringTool: text('monitoring_tool', '{{ template "victorops.default.monitoring_tool" . }}'),
    customFields: textMap('custom_fields'),
  },
  rules: (own) => [
    [!isSet(own.routingKey), 'missing Routing key in VictorOps config'],
    notBoth(own.apiKey, own.apiKeyFile, 'api_key & api_key_file'),
    ...fixedFields.map((name): [boolean, string] => [
      Object.hasOwn(own.customFields, name),
      `victorOps config contains custom field ${name} which cannot be used as it conflicts with the fixed/static fields`,
    ]),
  ],
  inherit(own, global) {
    const apiKey = or(own.apiKey, global.victorops_api_key);
    // Key and file are inherited each by itself; where both are there then, the key is used.
    const apiKeyFile = isSet(apiKey) ? '' : or(own.apiKeyFile, global.victorops_api_key_file);
    return { apiUrl: withTrailingSlash(or(own.apiUrl, global.victorops_api_url)), apiKey, apiKeyFile };
  },
  required: ({ apiUrl, apiKey, apiKeyFile }) => [
    [!isSet(apiUrl), 'no global VictorOps URL set'],
    oneOf(apiKey, apiKeyFile, 'no global VictorOps API Key set'),
  ],
});

/** An entry of `victorops_configs` in effect. */
export type VictoropsConfig = ConfigOf<typeof victorops>;
