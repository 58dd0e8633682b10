import { describe, expect, it } from 'vitest';
import { Secret } from '@tocsin/common/config/secret';
import { checkConfig } from '../config/check-config';
import { compileConfig, resolvePaths } from '../config/compile-config';
import { DEFAULT_LIMITS } from '../delivery/delivery-limits';
import { checkOrder, type Configs, type Kind, kindNames, viewOrder } from './kinds.schema';

/** The least that an entry of each kind must say, and what `global` must give to one that says nothing. */
const least: { readonly [K in Kind]: { readonly entry: string; readonly global?: string } } = {
  webhook: { entry: 'url: http://a.test/' },
  email: { entry: 'to: a', global: 'smtp_from: b, smtp_smarthost: "c:25"' },
  pagerduty: { entry: 'routing_key: a' },
  opsgenie: { entry: '', global: 'opsgenie_api_key: a' },
  wechat: { entry: '', global: 'wechat_api_secret: a, wechat_api_corp_id: b' },
  slack: { entry: '', global: 'slack_api_url: http://a.test/' },
  victorops: { entry: 'routing_key: a', global: 'victorops_api_key: b' },
  pushover: { entry: 'user_key: a, token: b' },
  sns: { entry: 'topic_arn: a' },
  telegram: { entry: 'chat_id: 1', global: 'telegram_bot_token: a' },
  discord: { entry: 'webhook_url: http://a.test/' },
  webex: { entry: 'room_id: a, http_config: {authorization: {credentials: b}}' },
  msteams: { entry: 'webhook_url: http://a.test/' },
  msteamsv2: { entry: 'webhook_url: http://a.test/' },
  jira: { entry: 'project: a, issue_type: b', global: 'jira_api_url: http://a.test/' },
  incidentio: { entry: 'url: http://a.test/' },
  rocketchat: { entry: '', global: 'rocketchat_token: a, rocketchat_token_id: b' },
  mattermost: { entry: '', global: 'mattermost_webhook_url: http://a.test/' },
};

function fileWith(kind: Kind, entry: string, global = ''): string {
  const receivers = `[{name: a, ${kind}_configs: [${entry}]}]`;
  return `global: {${global}}\nroute: {receiver: a}\nreceivers: ${receivers}\n`;
}

function effective<K extends Kind>(kind: K, entry: string, global = ''): Configs[K] {
  const text = fileWith(kind, `{${entry}}`, global);
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
  const [integration] = compileConfig(resolvePaths(checked.file, '/etc/am'), text).receivers[0]!.integrations;
  return integration!.config as Configs[K];
}

function problems(kind: Kind, entry: string, global = ''): string[] {
  const checked = checkConfig(fileWith(kind, entry, global), 'fallback');
  return checked.ok ? [] : checked.findings.map(({ message }) => message);
}

/** With its secrets laid open. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

describe('the orders of kinds', () => {
  it.each([
    ['check', checkOrder],
    ['view', viewOrder],
  ])('%s: each is there once', (_, order) => {
    expect([...order].sort()).toEqual([...kindNames].sort());
  });
});

describe.each(kindNames)('%s', (kind) => {
  const { entry, global = '' } = least[kind];

  it('has the defaults of every kind', () => {
    const sendsResolved = !['email', 'slack', 'wechat', 'rocketchat'].includes(kind);
    expect(effective(kind, entry, global)).toMatchObject({
      sendResolved: sendsResolved,
      onMuted: null,
      limits: DEFAULT_LIMITS,
    });
  });

  it('takes our keys', () => {
    const ours = 'send_resolved: false, on_muted: close, delivery: {max_in_flight: 3}';
    const config = effective(
      kind,
      `${entry}${entry && ', '}${ours}`,
      `${global}${global && ', '}delivery: {timeout: 1s, max_in_flight: 9}`,
    );
    expect(config).toMatchObject({
      sendResolved: false,
      onMuted: 'close',
      limits: { ...DEFAULT_LIMITS, maxInFlight: 3, attemptTimeoutMs: 1_000 },
    });
  });

  it('refuses a null entry, also where `global` would be enough', () => {
    expect(problems(kind, 'null', global)).toEqual([`missing ${kind} config`]);
  });
});

// Mail does not speak HTTP, and that of webex must be its own.
describe.each(kindNames.filter((kind) => kind !== 'email' && kind !== 'webex'))('%s', (kind) => {
  const { entry, global = '' } = least[kind];

  it('takes the whole `http_config` of `global`, or none of it', () => {
    const http = 'http_config: {tls_config: {ca_file: ca.pem}, follow_redirects: false}';
    expect(effective(kind, entry, `${global}${global && ', '}${http}`)).toMatchObject({
      httpConfig: { tls: { caFile: '/etc/am/ca.pem' }, followRedirects: false },
    });
    const ownHttp = 'http_config: {enable_http2: false, tls_config: {cert_file: c, key_file: k}}';
    const token = kind === 'incidentio' ? ', alert_source_token: a' : '';
    const own = effective(kind, `${entry}${entry && ', '}${ownHttp}${token}`, `${global}${global && ', '}${http}`);
    // Alertmanager forgets the files of this kind.
    const folder = kind === 'incidentio' ? '' : '/etc/am/';
    expect(own).toMatchObject({
      httpConfig: { enableHttp2: false, followRedirects: true, tls: { caFile: '', certFile: `${folder}c` } },
    });
  });
});

describe('what entries take from `global`', () => {
  const bearer = (credentials: string, credentialsFile = ''): object => ({
    httpConfig: { authorization: { type: 'Bearer', credentials, credentialsFile } },
  });

  it.each<[string, Kind, string, string, object]>([
    [
      'a password hides the file of `global`',
      'email',
      'to: a, auth_password: own, auth_secret_file: own-file',
      'smtp_from: b, smtp_smarthost: "c:25", smtp_auth_password_file: f, smtp_auth_secret: s',
      { authPassword: 'own', authPasswordFile: '', authSecret: '', authSecretFile: 'own-file' },
    ],
    [
      'what the server is told',
      'email',
      'to: a',
      'smtp_from: b, smtp_smarthost: "c:25", smtp_require_tls: false, smtp_force_implicit_tls: true, smtp_auth_identity: i, smtp_tls_config: {server_name: s}',
      {
        from: 'b',
        hello: 'localhost',
        requireTls: false,
        forceImplicitTls: true,
        authIdentity: 'i',
        tls: { serverName: 's' },
      },
    ],
    [
      'its own TLS as a whole',
      'email',
      'to: a, tls_config: {ca: x}, require_tls: true',
      'smtp_from: b, smtp_smarthost: "c:25", smtp_require_tls: false, smtp_tls_config: {server_name: s}',
      { requireTls: true, forceImplicitTls: null, tls: { ca: 'x', serverName: '' } },
    ],
    [
      'header names as Go writes them',
      'email',
      'to: a, headers: {x-a-b: c, "d e": f}',
      least.email.global!,
      {
        headers: { 'X-A-B': 'c', 'd e': 'f' },
      },
    ],
    [
      'an app token',
      'slack',
      '',
      'slack_app_token: t',
      { ...bearer('t'), apiUrl: 'https://slack.com/api/chat.postMessage' },
    ],
    [
      'the file of an app token, and an address of its own',
      'slack',
      'app_url: http://app.test/',
      'slack_app_token_file: f',
      { ...bearer('', 'f'), apiUrl: 'http://app.test/' },
    ],
    [
      'no token where it has an address',
      'slack',
      'api_url: http://own.test/',
      'slack_app_token: t',
      { appToken: '', apiUrl: 'http://own.test/', httpConfig: { authorization: null } },
    ],
    [
      'no token where it has an authorization, but the address',
      'slack',
      'http_config: {authorization: {credentials: own}}',
      'slack_app_token: t, slack_api_url: "https://slack.com/api/chat.postMessage"',
      { ...bearer('own'), appToken: '', apiUrl: 'https://slack.com/api/chat.postMessage' },
    ],
    [
      'the token although it has the file of an address',
      'slack',
      'api_url_file: own',
      'slack_app_token: t',
      { ...bearer('t'), apiUrl: 'https://slack.com/api/chat.postMessage', apiUrlFile: '' },
    ],
    [
      'an action with an address is only that',
      'slack',
      'actions: [{type: button, text: a, url: b, name: c, value: d, confirm: {text: e}}]',
      'slack_api_url: http://a.test/',
      { actions: [{ url: 'b', name: '', value: '', confirm: null }] },
    ],
    [
      'a URL that ends with a slash',
      'opsgenie',
      'api_url: http://a.test/b',
      'opsgenie_api_key: k',
      {
        apiUrl: 'http://a.test/b/',
        apiKey: 'k',
      },
    ],
    ['the key before the file', 'opsgenie', 'api_key_file: f', 'opsgenie_api_key: k', { apiKey: 'k', apiKeyFile: '' }],
    [
      'the key before the file',
      'victorops',
      'routing_key: a, api_key: k',
      'victorops_api_key_file: f',
      {
        apiKey: 'k',
        apiKeyFile: '',
      },
    ],
    [
      'a URL that ends with a slash',
      'victorops',
      'routing_key: a, api_key: k',
      'victorops_api_url: http://a.test',
      {
        apiUrl: 'http://a.test/',
      },
    ],
    [
      'a URL that ends with a slash',
      'wechat',
      'corp_id: own',
      'wechat_api_secret_file: f, wechat_api_url: http://a.test',
      {
        apiUrl: 'http://a.test/',
        apiSecretFile: 'f',
        corpId: 'own',
        messageType: 'text',
      },
    ],
    [
      'nothing where it has a secret',
      'wechat',
      'api_secret: own',
      'wechat_api_secret_file: f, wechat_api_corp_id: c',
      {
        apiSecret: 'own',
        apiSecretFile: '',
      },
    ],
    [
      'nothing where it has a token',
      'telegram',
      'chat_id: 1, bot_token_file: own',
      'telegram_bot_token: t',
      {
        botToken: '',
        botTokenFile: 'own',
        apiUrl: 'https://api.telegram.org',
      },
    ],
    [
      'the file before the text',
      'rocketchat',
      'token: own, token_id_file: own',
      'rocketchat_token_file: f, rocketchat_token_id: i',
      {
        token: '',
        tokenFile: 'f',
        tokenId: '',
        tokenIdFile: 'own',
      },
    ],
    [
      'nothing where it has an address',
      'mattermost',
      'webhook_url_file: own',
      'mattermost_webhook_url: http://a.test/',
      {
        webhookUrl: '',
        webhookUrlFile: 'own',
      },
    ],
    [
      'the proxy alone',
      'msteamsv2',
      `${least.msteamsv2.entry}, http_config: {enable_http2: false}`,
      'http_config: {proxy_url: "http://p.test:1", follow_redirects: false}',
      {
        httpConfig: { enableHttp2: false, followRedirects: true, proxy: { url: 'http://p.test:1' } },
      },
    ],
    [
      'no proxy beside its own',
      'msteamsv2',
      `${least.msteamsv2.entry}, http_config: {proxy_url: "http://own.test:1"}`,
      'http_config: {proxy_url: "http://p.test:1"}',
      {
        httpConfig: { proxy: { url: 'http://own.test:1' } },
      },
    ],
    [
      'no proxy beside that of the environment',
      'msteamsv2',
      `${least.msteamsv2.entry}, http_config: {proxy_from_environment: true}`,
      'http_config: {proxy_url: "http://p.test:1"}',
      {
        httpConfig: { proxy: { url: '', fromEnvironment: true } },
      },
    ],
    [
      'details that are missing',
      'pagerduty',
      'routing_key: a, details: {firing: own}, client: c',
      '',
      {
        details: {
          firing: 'own',
          resolved: '{{ .Alerts.Resolved | toJson }}',
          num_firing: '{{ .Alerts.Firing | len }}',
          num_resolved: '{{ .Alerts.Resolved | len }}',
        },
        source: 'c',
        url: 'https://events.pagerduty.com/v2/enqueue',
      },
    ],
    [
      'both forms of a field',
      'jira',
      'project: a, issue_type: b, summary: s, description: {enable_update: false}',
      'jira_api_url: http://a.test/',
      {
        apiUrl: 'http://a.test/',
        summary: { template: 's', enableUpdate: null },
        description: { template: '{{ template "jira.default.description" . }}', enableUpdate: false },
      },
    ],
    [
      'times',
      'pushover',
      'user_key: a, token: b, expire: 90s, ttl: 1h',
      '',
      { retryMs: 60_000, expireMs: 90_000, ttlMs: 3_600_000 },
    ],
  ])('%s: %s {%s} with {%s}', (_, kind, entry, global, expected) => {
    expect(revealed(effective(kind, entry, global))).toMatchObject(expected);
  });
});

describe('an entry that is incomplete', () => {
  it.each<[Kind, string, string[]]>([
    ['slack', '', ['no Slack API URL nor App token set either inline or in a file']],
    ['opsgenie', '', ['no global OpsGenie API Key set either inline or in a file']],
    ['opsgenie', 'opsgenie_api_key: a, opsgenie_api_url:', ['no global OpsGenie URL set']],
    ['wechat', 'wechat_api_secret: a', ['no global Wechat CorpID set']],
    ['rocketchat', 'rocketchat_token_id: a', ['no global Rocketchat Token set either inline or in a file']],
  ])('of kind %s and null says what an empty one would with {%s}', (kind, global, expected) => {
    expect(problems(kind, 'null', global)).toEqual(expected);
    expect(problems(kind, '{}', global)).toEqual(expected);
  });
});
