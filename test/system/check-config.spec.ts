import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkConfig } from '@tocsin/notifier/config/check-config';
import { printConfig } from '@tocsin/notifier/config/print-config';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Alertmanager } from '../support/alertmanager';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { PROGRAM } from '../support/tocsin';

/** Our reading of `alertmanager.yml` beside that of Debian's Alertmanager and amtool (0.25). */

const testdata = fileURLToPath(new URL('../../apps/notifier/src/config/testdata', import.meta.url));
const started = new Started();
afterAll(() => started.stopAll());

/** Only settings that Alertmanager 0.25 has. */
const oldConfig = `
global:
  resolve_timeout: 10m
  smtp_from: a@example.test
  smtp_smarthost: 'mail.test:25'
  smtp_auth_password: secret
  opsgenie_api_key: 'yes'
  http_config:
    authorization: { credentials: secret }
route:
  receiver: default
  group_by: [alertname, job]
  group_wait: 90s
  routes:
  - receiver: team
    match: { owner: a }
    match_re: { service: 'x|y' }
    matchers: ['env != "test"', 'job=~".+"']
    group_by: ['...']
    repeat_interval: 1d12h
    continue: true
    routes:
    - matchers: ['a="quoted \\"b\\""']
      group_interval: 1w
receivers:
- name: default
- name: team
  webhook_configs:
  - url: http://127.0.0.1:9/hook
    max_alerts: 5
    http_config:
      basic_auth: { username: me, password: secret }
      tls_config: { insecure_skip_verify: true, server_name: x.test }
      follow_redirects: false
  - url: http://127.0.0.1:9/other
    send_resolved: false
- name: others
  discord_configs:
  - webhook_url: https://discord.test/hook
  opsgenie_configs:
  - responders: [{ name: a, type: Team }]
    details: { b: c, a: d }
  wechat_configs:
  - api_secret: secret
    corp_id: a
    api_url: https://wechat.test/api
  pushover_configs:
  - user_key: a
    token: b
    expire: 90m
    html: true
  victorops_configs:
  - api_key: a
    routing_key: b
  sns_configs:
  - topic_arn: a
    sigv4: { region: b }
  telegram_configs:
  - bot_token: a
    chat_id: -1
  webex_configs:
  - room_id: a
    http_config: { authorization: { credentials: secret } }
templates: []
`;

function amtool(...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('amtool', args, { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

function original(text: string): string {
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
  return printConfig(checked.file);
}

/** The last line of a file that Alertmanager 0.25 reads otherwise says why; 0.34 reads it as we do. */
const DIFFERS = '# Alertmanager 0.25 differs';

const isListed = (path: string): boolean => readFileSync(path, 'utf8').includes(DIFFERS);

function files(kind: 'good' | 'bad', listed: boolean): string[] {
  return readdirSync(`${testdata}/${kind}`).filter((name) => isListed(`${testdata}/${kind}/${name}`) === listed);
}

/** Files that Alertmanager 0.25 should read as we do. */
const comparable = (kind: 'good' | 'bad'): string[] => files(kind, false);

function firstMessage(file: string): string {
  const checked = checkConfig(readFileSync(file, 'utf8'), 'fallback');
  return checked.ok ? 'no mistake' : (checked.findings[0]?.message ?? '');
}

describe('the corpus', () => {
  it('has a hundred files and more that can be compared', () => {
    expect(comparable('good').length).toBeGreaterThan(25);
    expect(comparable('bad').length).toBeGreaterThan(125);
  });

  it.each([
    ['good', 'SUCCESS', 0],
    ['bad', 'FAILED', 1],
  ] as const)('tocsin finds every %s file so', (kind, verdict, exitCode) => {
    const paths = readdirSync(`${testdata}/${kind}`).map((name) => `${testdata}/${kind}/${name}`);
    const { status, stdout } = spawnSync(PROGRAM, ['check', 'config', ...paths], { encoding: 'utf8' });
    expect(status).toBe(exitCode);
    expect([...stdout.matchAll(/^Checking '(.*)' {2}(\S+)$/gm)].map(([, path, found]) => [path, found])).toEqual(
      paths.map((path) => [path, verdict]),
    );
  });

  it.each(comparable('good'))('amtool finds good, too: %s', (name) => {
    const { status, text } = amtool('check-config', `${testdata}/good/${name}`);
    expect([status, text]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it.each(files('good', true))('amtool 0.25 refuses for a reason that is written there: %s', (name) => {
    const file = `${testdata}/good/${name}`;
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`${DIFFERS}: \\w`));
    expect(amtool('check-config', file).status).not.toBe(0);
  });
});

describe('bad configurations', () => {
  it.each(comparable('bad'))('%s: amtool gives our first message', (name) => {
    const file = `${testdata}/bad/${name}`;
    const { status, text } = amtool('check-config', file);
    expect(status).toBe(1);
    expect(text).toContain(firstMessage(file));
  });

  it.each(files('bad', true))('%s: amtool 0.25 gives another, and why is written there', (name) => {
    const file = `${testdata}/bad/${name}`;
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`${DIFFERS}: \\w`));
    expect(amtool('check-config', file).text).not.toContain(firstMessage(file));
  });
});

describe('what we show of a configuration', () => {
  it.each([
    ['old', oldConfig] as const,
    ...comparable('good').map((name) => [name, readFileSync(`${testdata}/good/${name}`, 'utf8')] as const),
  ])('amtool takes and reads as it reads the file: %s', async (_, text) => {
    const folder = await started.add(Promise.resolve(new TempFolder()));
    const file = folder.write('file.yml', text);
    const shown = folder.write('shown.yml', original(text));
    expect(amtool('check-config', shown)).toMatchObject({ status: 0, text: expect.stringContaining('SUCCESS') });
    const routes = amtool('config', 'routes', `--config.file=${file}`);
    expect(routes.status).toBe(0);
    expect(amtool('config', 'routes', `--config.file=${shown}`)).toEqual(routes);
  });

  it('is what Alertmanager shows', async () => {
    const peer = await started.add(Alertmanager.start(oldConfig));
    const response = await fetch(`${peer.url}/api/v2/status`);
    const status = (await response.json()) as { config: { original: string } };
    // Alertmanager 0.25 did not take addresses for secrets yet.
    const theirs = status.config.original.replaceAll(/ url: http.*$/gm, ' url: http://<secret>');
    expect(original(oldConfig)).toBe(theirs.replace("- '...'", '- ...'));
  });

  it.each(['intervals-every-form', 'intervals-quoted-names', 'intervals-zones', 'inhibit-every-form'])(
    'says what Alertmanager shows, in the same order: %s',
    async (name) => {
      const text = readFileSync(`${testdata}/good/${name}.yml`, 'utf8');
      const peer = await started.add(Alertmanager.start(text));
      const response = await fetch(`${peer.url}/api/v2/status`);
      const status = (await response.json()) as { config: { original: string } };
      expect(JSON.stringify(parse(original(text)))).toBe(JSON.stringify(parse(status.config.original)));
    },
  );
});
