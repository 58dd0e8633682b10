import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config';
import { compileConfig } from './compile-config';
import { type ConfigFile } from './notifier-config.schema';
import { printConfig } from './print-config';

const folder = fileURLToPath(new URL('testdata/good', import.meta.url));

function read(text: string): ConfigFile {
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
  return checked.file;
}

function original(name: string): string {
  return printConfig(read(readFileSync(`${folder}/${name}.yml`, 'utf8')));
}

describe('printConfig', () => {
  it('fills in the defaults', () => {
    expect(original('minimal')).toBe(`global:
  resolve_timeout: 5m
  http_config:
    follow_redirects: true
    enable_http2: true
  smtp_hello: localhost
  smtp_require_tls: true
  pagerduty_url: https://events.pagerduty.com/v2/enqueue
  opsgenie_api_url: https://api.opsgenie.com/
  wechat_api_url: https://qyapi.weixin.qq.com/cgi-bin/
  victorops_api_url: https://alert.victorops.com/integrations/generic/20131114/alert/
  telegram_api_url: https://api.telegram.org
  webex_api_url: https://webexapis.com/v1/messages
route:
  receiver: nowhere
  continue: false
receivers:
- name: nowhere
templates: []
`);
  });

  it('shows everything that was set', () => {
    const text = original('every-field');
    const [, shown = ''] = /^(route:.*)$/ms.exec(text) ?? [];
    expect(shown).toBe(`route:
  receiver: team.a
  group_by:
  - alertname
  - job
  continue: false
  routes:
  - receiver: team-b
    group_by:
    - ...
    match:
      severity: page
    match_re:
      service: a|b
    matchers:
    - env!="test"
    - foo🙂="bar"
    - x=~"y.*"
    continue: true
    routes:
    - group_by: []
      matchers:
      - a="b"
      continue: false
    labels:
      team: b
  - receiver: team-b
    continue: false
    group_wait: 10s
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 1h30m
  labels:
    region: eu
receivers:
- name: team.a
  labels:
    team-name: a
  webhook_configs:
  - send_resolved: false
    http_config:
      authorization:
        type: Key
        credentials: <secret>
      tls_config:
        ca_file: ca.pem
        min_version: TLS12
        insecure_skip_verify: false
      follow_redirects: false
      enable_http2: true
    url: http://<secret>
    max_alerts: 3
    timeout: 1m30s
- name: team-b
  webhook_configs:
  - send_resolved: true
    http_config:
      basic_auth:
        username: me
        password: <secret>
      follow_redirects: true
      enable_http2: true
      proxy_url: http://me:xxxxx@proxy.test:3128
      no_proxy: localhost
      http_headers:
        X-Team:
          values:
          - a
          secrets:
          - <secret>
          files:
          - header
    url_file: url
    max_alerts: 0
- name: unused
templates:
- '*.tmpl'
- /etc/templates/*.tmpl
`);
  });

  it.each([
    [
      'inhibit-names',
      'inhibit_rules',
      `inhibit_rules:
- name: critical-over-warning
  source_matchers:
  - severity="critical"
  target_matchers:
  - severity="warning"
  equal:
  - cluster name
  - 🙂
- name: critical-over-warning
  source_matchers:
  - my.label="critical"
  target_matchers:
  - my.label="warning"
`,
    ],
    [
      'intervals-empty',
      'time_intervals',
      `time_intervals:
- name: nothing
  time_intervals: []
- name: always
  time_intervals:
  - {}
  - {}
- name: never
  time_intervals:
  - times: []
- name: unset
  time_intervals:
  - {}
`,
    ],
    [
      'tracing-every-field',
      'tracing',
      `tracing:
  client_type: http
  endpoint: otel.example.test:4318
  sampling_fraction: 0.25
  tls_config:
    ca_file: ca.pem
    cert: cert
    key: <secret>
    server_name: otel
    insecure_skip_verify: false
  headers:
    Authorization:
      secrets:
      - <secret>
    X-Scope:
      values:
      - a
      - b
      files:
      - scope
  compression: gzip
  timeout: 1m30s
`,
    ],
    [
      'event-recorder-every-field',
      'event_recorder',
      `event_recorder:
  file_outputs:
  - path: events.jsonl
  - path: /var/log/events.jsonl
  webhook_outputs:
  - url: <secret>
    http_config:
      authorization:
        type: Bearer
        credentials_file: token
      follow_redirects: true
      enable_http2: true
    timeout: 1m
    workers: 8
    max_retries: 5
    retry_backoff: 1s
    batch: true
    batch_max_events: 10
    batch_max_bytes: 4096
    batch_flush_interval: 2s
  - url: <secret>
  stdout_outputs:
  - {}
`,
    ],
  ])('shows %s as %s', (name, section, expected) => {
    const text = original(name);
    expect(text.slice(text.search(new RegExp(`^${section}:`, 'm'))).replace(/^receivers:[^]*/m, '')).toBe(expected);
  });

  it('shows what is ours only where it was set', () => {
    expect(original('on-muted')).toContain('    on_muted: ignore\n');
    expect(original('minimal')).not.toMatch(/on_muted|delivery/);
  });

  it.each(readdirSync(folder).filter((name) => name.startsWith('intervals')))('keeps the meaning of %s', (name) => {
    const file = read(readFileSync(`${folder}/${name}`, 'utf8'));
    const again = read(printConfig(file));
    expect(again.timeIntervals).toEqual(file.timeIntervals);
    expect(again.muteTimeIntervals).toEqual(file.muteTimeIntervals);
  });

  it.each(readdirSync(folder))('hides the secrets of %s', (name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    expect(printConfig(read(text))).not.toContain('canary');
    expect(JSON.stringify(compileConfig(read(text), text))).not.toContain('canary');
  });

  it.each(readdirSync(folder))('prints %s so that it reads the same again', (name) => {
    const printed = printConfig(read(readFileSync(`${folder}/${name}`, 'utf8')));
    expect(printConfig(read(printed))).toBe(printed);
  });

  it('quotes what would be read as something else', () => {
    const printed = printConfig(
      read('route: {receiver: "yes", group_by: ["1", "null"]}\nreceivers: [{name: "yes"}]\n'),
    );
    expect(printed).toContain("receiver: 'yes'");
    expect(read(printed).route).toMatchObject({ receiver: 'yes', groupBy: ['1', 'null'] });
  });
});
