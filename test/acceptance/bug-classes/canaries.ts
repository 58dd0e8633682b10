/** A configuration in which every value that nobody may see is a word of its own with CANARY in it. */

const http = (more: string) => `http_config: { ${more} }`;

/** Every way to be known to an HTTP server, one a receiver, since they exclude each other. */
const HTTP_CONFIGS = [
  'basic_auth: { username: me, password: CANARY-basic }',
  'authorization: { type: Key, credentials: CANARY-credentials }',
  'bearer_token: CANARY-bearer',
  'oauth2: { client_id: me, client_secret: CANARY-client, token_url: "http://127.0.0.1:1/token", endpoint_params: { audience: us }, proxy_url: "http://me:CANARY-oauth-proxy@127.0.0.1:1", proxy_connect_header: { X-Key: [CANARY-oauth-connect] } }',
  'proxy_url: "http://me:CANARY-proxy@127.0.0.1:1", proxy_connect_header: { X-Key: [CANARY-connect] }',
  'http_headers: { X-Key: { values: [seen], secrets: [CANARY-header] } }',
];

/** One or more entries of each kind. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  discord: ['webhook_url: "http://127.0.0.1:1/CANARY-discord"'],
  email: [
    'to: a@example.test, auth_username: me, auth_password: CANARY-mail, auth_secret: CANARY-mail-secret, tls_config: { cert: cert, key: CANARY-mail-key }',
  ],
  incidentio: ['url: "http://127.0.0.1:1/", alert_source_token: CANARY-incident'],
  jira: [`project: OPS, issue_type: Bug, ${http('basic_auth: { username: me, password: CANARY-jira }')}`],
  mattermost: ['webhook_url: "http://127.0.0.1:1/CANARY-mattermost"', 'channel: from-global'],
  msteams: ['webhook_url: "http://127.0.0.1:1/CANARY-teams"'],
  msteamsv2: ['webhook_url: "http://127.0.0.1:1/CANARY-teams-too"'],
  opsgenie: ['api_key: CANARY-opsgenie', ''],
  pagerduty: ['routing_key: CANARY-routing', 'service_key: CANARY-service'],
  pushover: ['user_key: CANARY-user, token: CANARY-pushover'],
  rocketchat: ['token_id: CANARY-rocket-id, token: CANARY-rocket', ''],
  slack: [
    'api_url: "http://127.0.0.1:1/CANARY-slack", channel: a',
    'app_token: CANARY-app, channel: a',
    'channel: from-global',
  ],
  sns: ['topic_arn: "arn:aws:sns:us-east-2:1:a", sigv4: { region: us-east-2, access_key: a, secret_key: CANARY-sns }'],
  telegram: ['bot_token: CANARY-bot, chat_id: 1', 'chat_id: 2'],
  victorops: ['api_key: CANARY-victorops, routing_key: a', 'routing_key: b'],
  webex: [`room_id: a, ${http('authorization: { credentials: CANARY-webex }')}`],
  wechat: ['api_secret: CANARY-wechat, corp_id: a', 'to_user: from-global'],
};

const GLOBAL = `
  resolve_timeout: 5m
  smtp_from: a@example.test
  smtp_smarthost: 127.0.0.1:1
  smtp_auth_username: me
  smtp_auth_password: CANARY-global-smtp
  smtp_auth_secret: CANARY-global-smtp-secret
  smtp_tls_config: { cert: cert, key: CANARY-global-smtp-key }
  slack_api_url: http://127.0.0.1:1/CANARY-global-slack
  opsgenie_api_key: CANARY-global-opsgenie
  wechat_api_secret: CANARY-global-wechat
  wechat_api_corp_id: us
  victorops_api_key: CANARY-global-victorops
  telegram_bot_token: CANARY-global-telegram
  rocketchat_token: CANARY-global-rocket
  rocketchat_token_id: CANARY-global-rocket-id
  mattermost_webhook_url: http://127.0.0.1:1/CANARY-global-mattermost
  jira_api_url: http://127.0.0.1:1/
  http_config: { http_headers: { X-Key: { secrets: [CANARY-global-header] } } }
`;

/** `broken` answers every request with an error, `redirecting` with one; nobody listens on port 1. */
export function canaryConfig({ broken, dead = 'http://127.0.0.1:1/' }: { broken: string; dead?: string }): string {
  const webhooks = [
    `url: "${broken}CANARY-path?token=CANARY-query"`,
    `url: "${dead}CANARY-dead"`,
    `url: "http://CANARY-user:CANARY-password@127.0.0.1:1/"`,
    `url: "https://127.0.0.1:${new URL(broken).port}/CANARY-tls"`,
    ...HTTP_CONFIGS.map(
      (config, index) => `url: "${index % 2 === 0 ? broken : dead}CANARY-with-${index}", ${http(config)}`,
    ),
  ];
  const sections = Object.entries({ ...KINDS, webhook: webhooks }).map(
    ([kind, entries]) => `    ${kind}_configs:\n${entries.map((entry) => `      - { ${entry} }`).join('\n')}`,
  );
  return `global:${GLOBAL}
route: { receiver: all, group_by: [alertname], group_wait: 1s, group_interval: 1m, repeat_interval: 5m }
tracing:
  endpoint: 127.0.0.1:1
  client_type: http
  insecure: true
  sampling_fraction: 1
  headers: { X-Key: { secrets: [CANARY-tracing] } }
receivers:
  - name: all
${sections.join('\n')}
`;
}

/** The file with one secret after another in a place or form that is a mistake. */
export const CANARY_MISTAKES: readonly string[] = [
  'opsgenie_configs: [{ api_key: [CANARY-list] }]',
  'opsgenie_configs: [{ api_key: { CANARY-key: CANARY-map } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { oauth2: { client_id: a, grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", client_certificate_key: CANARY-signing, token_url: "http://a/" } } }]',
  'pagerduty_configs: [{ routing_key: CANARY-both, routing_key_file: file }]',
  'slack_configs: [{ api_url: "CANARY-no-scheme", channel: a }]',
  'slack_configs: [{ api_url: "ftp://me:CANARY-pw@host/CANARY-scheme", channel: a }]',
  'slack_configs: [{ api_url: "http://host:CANARY-port/CANARY", channel: a }]',
  'slack_configs: [{ api_url: "http://[CANARY/%zz", channel: a }]',
  'discord_configs: [{ webhook_url: "http:///CANARY-without-host" }]',
  'webhook_configs: [{ url: "CANARY" }]',
  'webhook_configs: [{ url: "http://a/{{ CANARY" }]',
  'webhook_configs: [{ url: "http://host/CANARY", url_file: file }]',
  'webhook_configs: [{ url: "http://a/", http_config: { bearer_token: CANARY, bearer_token_file: file } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { basic_auth: { username: a, password: CANARY, password_file: file } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { authorization: { type: basic, credentials: CANARY } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { proxy_url: "http://me:CANARY@%zz/" } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { proxy_url: "me:CANARY@host" } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { http_headers: { Authorization: { secrets: [CANARY] } } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { http_headers: { X-Key: { secrets: CANARY } } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { proxy_connect_header: CANARY } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { proxy_connect_header: { X-Key: CANARY } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { tls_config: { cert: cert, key: CANARY, key_file: file } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { tls_config: { cert: cert, key: CANARY } } }]',
  'webhook_configs: [{ url: "http://a/", http_config: { oauth2: { client_id: a, client_secret: a, token_url: "http://a/", tls_config: { cert: cert, key: CANARY } } } }]',
  'telegram_configs: [{ bot_token: CANARY }]',
  'sns_configs: [{ topic_arn: a, sigv4: { secret_key: CANARY } }]',
  'rocketchat_configs: [{ token: CANARY, token_file: file, token_id: CANARY-id, token_id_file: file }]',
  'email_configs: [{ to: a, smarthost: x, auth_password: [CANARY] }]',
];
