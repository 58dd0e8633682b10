import { type EchoServers } from '../support/echo-server';

/** Makes a file that holds a text, and gives its path. */
export type WriteFile = (text: string) => string;

/** A configuration with each kind of receiver, told every secret that it takes once in the configuration and once in a file;
 *  each is a word of its own with CANARY in it. */
export function echoedConfig(servers: EchoServers, file: WriteFile): string {
  const at = servers.http.origin();
  const through = {
    proxy_url: servers.proxy.origin().replace('//', '//me:CANARY-proxy@'),
    proxy_connect_header: { 'X-Proxy-Key': ['CANARY-connect'] },
    tls_config: { insecure_skip_verify: true },
  };
  const refused = { ...through, proxy_url: servers.refusingProxy.origin().replace('//', '//me:CANARY-refused-proxy@') };
  const inFile = (name: string): string => file(`CANARY-${name}-file`);
  const url = (name: string): string => `${at}/${name}/CANARY-${name}?key=CANARY-${name}-query`;
  const urlFile = (name: string): string => file(`${at}/${name}/CANARY-${name}-file`);
  const oauth = { client_id: 'me', token_url: `${at}/token`, endpoint_params: { audience: 'us' } };
  const http: readonly object[] = [
    { basic_auth: { username: 'me', password: 'CANARY-basic' } },
    { basic_auth: { username: 'me', password_file: inFile('basic') } },
    { authorization: { type: 'Key', credentials: 'CANARY-credentials' } },
    { authorization: { credentials_file: inFile('credentials') } },
    { bearer_token: 'CANARY-bearer' },
    { bearer_token_file: inFile('bearer') },
    { oauth2: { ...oauth, client_secret: 'CANARY-client' } },
    { oauth2: { ...oauth, client_secret_file: inFile('client') } },
    { http_headers: { 'X-Key': { secrets: ['CANARY-header'] }, 'X-Other': { files: [inFile('header')] } } },
    through,
    refused,
  ];
  const receiver = {
    webhook_configs: [
      { url: url('webhook'), signing: { secrets: ['CANARY-signing', 'CANARY-signing-old'] } },
      { url_file: urlFile('webhook'), signing: { secret_files: [inFile('signing')] } },
      { url: `${at.replace('//', '//me:CANARY-of-url@')}/webhook` },
      ...http.map((http_config) => ({ url: `${at}/webhook`, http_config })),
      { url: 'https://elsewhere.test/CANARY-secure', http_config: through },
      { url: 'https://elsewhere.test/CANARY-secure', http_config: refused },
    ],
    discord_configs: [{ webhook_url: url('discord') }, { webhook_url_file: urlFile('discord') }],
    email_configs: [
      { auth_password: 'CANARY-mail' },
      { auth_password_file: inFile('mail') },
      { auth_secret: 'CANARY-mail-secret' },
      { auth_secret_file: inFile('mail-secret') },
    ].map((secret) => ({ to: 'a@example.test', auth_username: 'me', ...secret })),
    incidentio_configs: [
      { url: `${at}/incidentio`, alert_source_token: 'CANARY-incident' },
      { url_file: urlFile('incidentio'), alert_source_token_file: inFile('incident') },
    ],
    jira_configs: [
      { basic_auth: { username: 'me', password: 'CANARY-jira' } },
      { basic_auth: { username: 'me', password_file: inFile('jira') } },
    ].map((http_config) => ({ api_url: `${at}/jira`, project: 'OPS', issue_type: 'Bug', http_config })),
    mattermost_configs: [{ webhook_url: url('mattermost') }, { webhook_url_file: urlFile('mattermost') }],
    msteams_configs: [{ webhook_url: url('msteams') }, { webhook_url_file: urlFile('msteams') }],
    msteamsv2_configs: [{ webhook_url: url('msteamsv2') }, { webhook_url_file: urlFile('msteamsv2') }],
    opsgenie_configs: [
      { api_url: `${at}/opsgenie`, api_key: 'CANARY-opsgenie' },
      { api_url: `${at}/opsgenie`, api_key_file: inFile('opsgenie'), update_alerts: true },
    ],
    pagerduty_configs: [
      { routing_key: 'CANARY-routing' },
      { routing_key_file: inFile('routing') },
      { service_key: 'CANARY-service', url: `${at}/pagerduty` },
      { service_key_file: inFile('service'), url: `${at}/pagerduty` },
    ].map((key) => ({ url: `${at}/pagerduty`, ...key })),
    pushover_configs: [
      { user_key: 'CANARY-user', token: 'CANARY-pushover', http_config: through },
      { user_key_file: inFile('user'), token_file: inFile('pushover'), http_config: through },
    ],
    rocketchat_configs: [
      { api_url: `${at}/rocketchat`, token_id: 'CANARY-rocket-id', token: 'CANARY-rocket' },
      { api_url: `${at}/rocketchat`, token_id_file: inFile('rocket-id'), token_file: inFile('rocket') },
    ],
    slack_configs: [
      { channel: 'a', api_url: url('slack') },
      { channel: 'a', api_url_file: urlFile('slack') },
      { channel: 'a', app_token: 'CANARY-app', http_config: through },
      { channel: 'a', app_token_file: inFile('app'), http_config: through },
    ],
    sns_configs: [
      {
        api_url: `${at}/sns`,
        topic_arn: 'arn:aws:sns:us-east-2:1:a',
        sigv4: { region: 'us-east-2', access_key: 'a', secret_key: 'CANARY-sns' },
      },
    ],
    telegram_configs: [
      { api_url: `${at}/telegram`, chat_id: 1, bot_token: '1:CANARY-bot' },
      { api_url: `${at}/telegram`, chat_id: 1, bot_token_file: inFile('bot') },
    ],
    victorops_configs: [
      { api_url: `${at}/victorops`, routing_key: 'a', api_key: 'CANARY-victorops' },
      { api_url: `${at}/victorops`, routing_key: 'a', api_key_file: inFile('victorops') },
    ],
    webex_configs: [{ credentials: 'CANARY-webex' }, { credentials_file: inFile('webex') }].map((authorization) => ({
      api_url: `${at}/webex`,
      room_id: 'a',
      http_config: { authorization },
    })),
    wechat_configs: [
      { api_url: `${at}/wechat`, corp_id: 'us', api_secret: 'CANARY-wechat' },
      { api_url: `${at}/wechat`, corp_id: 'us', api_secret_file: inFile('wechat') },
    ],
  };
  return JSON.stringify({
    global: { smtp_from: 'b@example.test', smtp_smarthost: `127.0.0.1:${servers.smtp.port}`, smtp_require_tls: false },
    route: { receiver: 'all', group_by: ['alertname'], group_wait: '1s', group_interval: '1m', repeat_interval: '5m' },
    receivers: [{ name: 'all', ...receiver }],
  });
}
