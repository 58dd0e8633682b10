import {
  file,
  flag,
  httpConfigField,
  secretText,
  subsections,
  text,
  textMap,
  url,
  type ValuesOf,
} from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf, or, type Rules } from '../rules';
import { templateProblem } from '../template-syntax';
import { withTrailingSlash } from '../trailing-slash';

const responderFields = { id: text('id'), name: text('name'), username: text('username'), type: text('type') };

/** One of `responders`. */
export type OpsgenieResponder = ValuesOf<typeof responderFields>;

/** Source: Alertmanager configuration, `opsgenie_config`. */
export const opsgenie = integrationKind({
  name: 'opsgenie',
  goType: 'opsgenie.OpsGenieConfig',
  sendResolved: true,
  mayBeNull: true,
  fields: {
    httpConfig: httpConfigField,
    apiKey: secretText('api_key'),
    apiKeyFile: file('api_key_file'),
    apiUrl: url('api_url'),
    message: text('message', '{{ template "opsgenie.default.message" . }}'),
    description: text('description', '{{ template "opsgenie.default.description" . }}'),
    source: text('source', '{{ template "opsgenie.default.source" . }}'),
    details: textMap('details'),
    entity: text('entity'),
    responders: subsections(
      'responders',
      ['opsgenie.OpsGenieConfigResponder', 'opsgenie.OpsGenieConfigResponder'],
      responderFields,
    ),
    actions: text('actions'),
    tags: text('tags'),
    note: text('note'),
    priority: text('priority'),
    updateAlerts: flag('update_alerts'),
  },
  rules: (own) => [
    notBoth(own.apiKey, own.apiKeyFile, 'api_key & api_key_file'),
    ...own.responders.flatMap(responderRules),
  ],
  inherit(own, global) {
    const apiKey = or(own.apiKey, global.opsgenie_api_key);
    // Key and file are inherited each by itself; where both are there then, the key is used.
    const apiKeyFile = isSet(apiKey) ? '' : or(own.apiKeyFile, global.opsgenie_api_key_file);
    return { apiUrl: withTrailingSlash(or(own.apiUrl, global.opsgenie_api_url)), apiKey, apiKeyFile };
  },
  required: ({ apiUrl, apiKey, apiKeyFile, responders, templateLanguage }) => [
    ...(templateLanguage === 'go' ? responders.flatMap(typeSyntax) : []),
    [!isSet(apiUrl), 'no global OpsGenie URL set'],
    oneOf(apiKey, apiKeyFile, 'no global OpsGenie API Key set either inline or in a file'),
  ],
});

/** An entry of `opsgenie_configs` in effect. */
export type OpsgenieConfig = ConfigOf<typeof opsgenie>;

const TYPES = 'team|teams|user|escalation|schedule';

function responderRules({ id, name, username, type }: OpsgenieResponder): Rules {
  const shown = (type: string): string => shownResponder({ id, name, username, type });
  const isKnown = type.includes('{{') || TYPES.split('|').includes(type.toLowerCase());
  return [
    [!isSet(id + username + name), `${shown(type)} has to have at least one of id, username or name specified`],
    [!isKnown, `${shown(type.toLowerCase())} type does not match valid options ^(${TYPES})$`],
  ];
}

function typeSyntax(responder: OpsgenieResponder): Rules {
  const problem = templateProblem(responder.type);
  return [[problem !== null, `${shownResponder(responder)} type contains invalid template syntax: ${problem}`]];
}

function shownResponder({ id, name, username, type }: OpsgenieResponder): string {
  return `opsGenieConfig responder {${[id, name, username, type].join(' ')}}`;
}
