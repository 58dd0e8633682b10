/** A JSON Schema as OpenAPI 3.0 has it. */
export type Schema = Readonly<Record<string, unknown>>;

const text = (description: string): Schema => ({ type: 'string', description });
const instant = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const flag = (description: string): Schema => ({ type: 'boolean', description });
const listOf = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description !== undefined && { description }),
});
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });

/** A model by its name. */
export function model(name: keyof typeof models): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object; properties whose name ends in `?` need not be there. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  const named = Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ''), schema]);
  const required = Object.keys(properties).filter((name) => !name.endsWith('?'));
  return { type: 'object', ...(required.length > 0 && { required }), properties: Object.fromEntries(named) };
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const alertFields = {
  labels: ref('labelSet'),
  'generatorURL?': { type: 'string', format: 'uri', description: 'Where the alert comes from.' },
};

const silenceFields = {
  matchers: { ...listOf(ref('matcher'), 'All of them must match.'), minItems: 1 },
  startsAt: instant('From when on it mutes.'),
  endsAt: instant('Until when it mutes.'),
  createdBy: text('Who silences.'),
  comment: text('Why.'),
  'annotations?': { ...ref('labelSet') },
};

/** What is sent and answered. Source: Alertmanager's `openapi.yaml`. */
export const models = {
  labelSet: { type: 'object', additionalProperties: { type: 'string' } },
  matcher: object({
    name: text('Label it looks at.'),
    value: text('Value, or regular expression of RE2, anchored.'),
    isRegex: flag('Whether the value is a regular expression.'),
    'isEqual?': { ...flag('Whether it must match; else it must not.'), default: true },
  }),
  postableAlert: object({
    ...alertFields,
    'annotations?': ref('labelSet'),
    'startsAt?': instant('Default: now, or its end if that is before.'),
    'endsAt?': instant('Default: `resolve_timeout` from now. In the past: it is resolved.'),
  }),
  gettableAlert: object({
    ...alertFields,
    annotations: ref('labelSet'),
    startsAt: instant('When it began.'),
    endsAt: instant('When it ended, or will unless it is sent again.'),
    updatedAt: instant('When it was received last.'),
    fingerprint: text('Hash of its labels, 16 hexadecimal digits.'),
    receivers: listOf(ref('receiverName')),
    status: ref('alertStatus'),
  }),
  alertStatus: object({
    state: oneOf('unprocessed', 'active', 'suppressed'),
    silencedBy: listOf({ type: 'string' }, 'Ids of silences.'),
    inhibitedBy: listOf({ type: 'string' }, 'Fingerprints of alerts.'),
    mutedBy: listOf({ type: 'string' }, 'Names of time intervals.'),
  }),
  alertGroup: object({
    labels: ref('labelSet'),
    routeLabels: ref('labelSet'),
    receiver: ref('receiverName'),
    alerts: listOf(ref('gettableAlert')),
  }),
  receiverName: object({ name: text('Name in the configuration.') }),
  receiver: object({ name: text('Name in the configuration.'), labels: ref('labelSet') }),
  postableSilence: object({
    'id?': text('Of the silence to change; none or empty makes a new one.'),
    ...silenceFields,
  }),
  gettableSilence: object({
    id: { type: 'string', format: 'uuid' },
    ...silenceFields,
    updatedAt: instant('When it changed last.'),
    status: object({ state: oneOf('active', 'pending', 'expired') }),
  }),
  silenceID: object({ silenceID: { type: 'string', format: 'uuid' } }),
  alertmanagerStatus: object({
    cluster: ref('clusterStatus'),
    versionInfo: ref('versionInfo'),
    config: object({ original: text('The configuration in force, defaults filled in, secrets hidden.') }),
    uptime: instant('When the process started.'),
  }),
  clusterStatus: object({
    'name?': text('Name of this notifier.'),
    status: oneOf('ready', 'settling', 'disabled'),
    peers: listOf(object({ name: text('Name of a live notifier.'), address: text('Where it listens.') })),
  }),
  versionInfo: object({
    version: text('Of the program.'),
    revision: text('Of its source.'),
    branch: text('Of its source.'),
    buildUser: text('Who built it.'),
    buildDate: text('When it was built.'),
    goVersion: text('The runtime and its version.'),
  }),
  message: { type: 'string', description: 'What is wrong.' },
  frameworkError: object({
    code: { type: 'integer', description: 'Status, or a code of its own from 600 on.' },
    message: text('What is wrong.'),
  }),
} as const satisfies Readonly<Record<string, Schema>>;
