import { model, models, type Schema } from './openapi-models';

type Operation = Readonly<Record<string, unknown>>;

/** The OpenAPI document of this API; `serverUrl` is the path all others begin with. */
export function openApiDocument(serverUrl: string, version: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.0.3',
    info: {
      title: 'Tocsin notifier: API v2 of Alertmanager',
      description: 'Takes alerts, shows them as they are grouped and routed, and keeps silences.',
      version,
      license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: { schemas: models },
  };
}

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const answer = (description: string, schema: Schema) => ({ description, ...json(schema) });
const listOf = (items: Schema): Schema => ({ type: 'array', items });

const refusals = {
  '400': answer('A parameter or the body is wrong.', model('message')),
  '500': answer('It could not be done.', model('message')),
};
const wrongBody = {
  '415': answer('The body is no JSON.', model('frameworkError')),
  '422': answer('The body lacks something, or has it in another form.', model('frameworkError')),
};
const wrongId = {
  '404': { description: 'There is no silence of this id.' },
  '422': answer('The id is no UUID.', model('frameworkError')),
  '500': refusals['500'],
};

function switchOn(name: string, what: string): Schema {
  return { name, in: 'query', description: `Whether ${what} are shown.`, schema: { type: 'boolean', default: true } };
}

function matchers(name: string, description: string): Schema {
  return { name, in: 'query', description, schema: listOf({ type: 'string' }), explode: true };
}

const filter = matchers('filter', 'Matchers such as `severity="critical"`, all of which must match.');
const receiverMatchers = matchers('receiver_matchers', 'Matchers of labels of receivers, all of which must match.');
const receiver: Schema = {
  name: 'receiver',
  in: 'query',
  description: 'Regular expression, anchored, of names of receivers.',
  schema: { type: 'string' },
};
const silenceId: Schema = {
  name: 'silenceID',
  in: 'path',
  required: true,
  description: 'Id of a silence.',
  schema: { type: 'string', format: 'uuid' },
};

const alertParameters = [
  switchOn('active', 'alerts that nothing mutes'),
  switchOn('silenced', 'silenced alerts'),
  switchOn('inhibited', 'inhibited alerts'),
  filter,
  receiver,
  receiverMatchers,
];

/** Every operation by path and method. */
export const paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/status': {
    get: {
      operationId: 'getStatus',
      tags: ['general'],
      summary: 'Version, configuration and peers',
      responses: { '200': answer('How this notifier is.', model('alertmanagerStatus')) },
    },
  },
  '/receivers': {
    get: {
      operationId: 'getReceivers',
      tags: ['receiver'],
      summary: 'Receivers in the order of the configuration',
      parameters: [receiverMatchers],
      responses: { '200': answer('Receivers.', listOf(model('receiver'))), ...refusals },
    },
  },
  '/alerts': {
    get: {
      operationId: 'getAlerts',
      tags: ['alert'],
      summary: 'Alerts that have not ended, by fingerprint',
      parameters: [...alertParameters, { ...switchOn('unprocessed', 'unprocessed alerts'), deprecated: true }],
      responses: { '200': answer('Alerts.', listOf(model('gettableAlert'))), ...refusals },
    },
    post: {
      operationId: 'postAlerts',
      tags: ['alert'],
      summary: 'Takes alerts, new ones and known ones that still fire or have ended',
      requestBody: { required: true, ...json(listOf(model('postableAlert'))) },
      responses: { '200': { description: 'All were taken, and survive a crash.' }, ...refusals, ...wrongBody },
    },
  },
  '/alerts/groups': {
    get: {
      operationId: 'getAlertGroups',
      tags: ['alertgroup'],
      summary: 'Alerts as they are grouped for receivers',
      parameters: [...alertParameters, switchOn('muted', 'groups muted by time intervals')],
      responses: { '200': answer('Groups.', listOf(model('alertGroup'))), ...refusals },
    },
  },
  '/silences': {
    get: {
      operationId: 'getSilences',
      tags: ['silence'],
      summary: 'Silences: active ones, then pending ones, then expired ones',
      parameters: [
        matchers('filter', 'Matchers the silences must have themselves.'),
        switchOn('active', 'active silences'),
        switchOn('pending', 'silences to come'),
        switchOn('expired', 'expired silences'),
      ],
      responses: { '200': answer('Silences.', listOf(model('gettableSilence'))), ...refusals },
    },
    post: {
      operationId: 'postSilences',
      tags: ['silence'],
      summary: 'Makes a silence, or changes one',
      requestBody: { required: true, ...json(model('postableSilence')) },
      responses: {
        '200': answer('Id of the silence that holds from now on.', model('silenceID')),
        '404': answer('There is no silence of this id.', model('message')),
        ...refusals,
        ...wrongBody,
      },
    },
  },
  '/silence/{silenceID}': {
    get: {
      operationId: 'getSilence',
      tags: ['silence'],
      summary: 'One silence',
      parameters: [silenceId],
      responses: { '200': answer('The silence.', model('gettableSilence')), ...wrongId },
    },
    delete: {
      operationId: 'deleteSilence',
      tags: ['silence'],
      summary: 'Ends a silence',
      parameters: [silenceId],
      responses: { '200': { description: 'It is over.' }, ...wrongId },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'getOpenApi',
      tags: ['general'],
      summary: 'This document',
      responses: { '200': answer('An OpenAPI document.', { type: 'object' }) },
    },
  },
};
