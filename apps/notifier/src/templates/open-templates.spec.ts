import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../config/config.loader';
import { aNotification } from '../receivers/integration.contract';
import { NotificationFacts } from './notification-facts';
import { withHandlebars } from './open-templates.loader';
import { type Rendered } from './templates';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tocsin-templates-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** A configuration with one Slack receiver. */
function config(slack: object, more: object = {}): string {
  const entry = { api_url: 'http://slack.test/', ...slack };
  const { receiver = {}, ...rest } = more as { receiver?: object };
  return JSON.stringify({
    route: { receiver: 'team' },
    templates: ['*.tmpl', '*.hbs'],
    receivers: [{ name: 'team', slack_configs: [entry], ...receiver }],
    ...rest,
  });
}

const load = (text: string) => readConfig(text, folder, 'fallback');

async function render(text: string, source: string): Promise<Rendered> {
  const loaded = await load(text);
  if (!loaded.ok) throw new Error(loaded.findings.map(({ message }) => message).join());
  const { templates, receivers } = loaded.config;
  const language = receivers[0]?.templateLanguage ?? 'go';
  return templates[language].of(new NotificationFacts(aNotification(), 'team', '')).text(source);
}

describe('templates of a configuration', () => {
  it('are those of its files, which may redefine what is built in and each other, in order', async () => {
    file('a.tmpl', '{{ define "x" }}a{{ end }}{{ define "__subject" }}mine{{ end }}');
    file('b.tmpl', '{{ define "x" }}b {{ template "c.tmpl" . }}{{ end }}');
    file('c.tmpl', 'c is {{ .Status }}');
    expect(await render(config({}), '{{ template "x" . }} {{ template "slack.default.title" . }}')).toEqual({
      ok: true,
      text: 'b c is firing mine',
    });
  });

  it.each([
    ['global', { global: { template_language: 'handlebars' } }],
    ['the receiver', { receiver: { template_language: 'handlebars' } }],
  ])('are in Handlebars where %s says so', async (_, more) => {
    file('own.hbs', '{{upper status}}');
    expect(await render(config({}, more), '{{> own}} {{name}}'.replace('{{name}}', '{{receiver}}'))).toEqual({
      ok: true,
      text: 'FIRING team',
    });
  });

  it('have Handlebars added once where nobody uses it', async () => {
    const loaded = await load(config({}));
    if (!loaded.ok) throw new Error('the configuration is right');
    const { templates } = loaded.config;
    const added = await withHandlebars(templates);
    expect(added).not.toBe(templates);
    expect(await withHandlebars(templates)).toBe(added);
    expect(await withHandlebars(added)).toBe(added);
  });

  it('are refused with their place when a file cannot be parsed', async () => {
    file('a.tmpl', '{{ define "x" }}\n{{ nonsense }}{{ end }}');
    file('b.hbs', '{{#if a}}');
    expect(await load(config({}))).toMatchObject({
      ok: false,
      findings: [
        { path: ['templates', 0], message: 'template: a.tmpl:2: function "nonsense" not defined' },
        { path: ['templates', 1], message: 'handlebars:b.hbs:1: unexpected eof near {{#if a}}' },
      ],
    });
  });

  it('are refused where a pattern is none, or a language', async () => {
    const wrong = async (more: object) => {
      const loaded = await load(config({}, more));
      return loaded.ok ? [] : loaded.findings.map(({ message }) => message);
    };
    expect(await wrong({ templates: ['[.tmpl'] })).toEqual(['syntax error in pattern']);
    expect(await wrong({ global: { template_language: 'jinja' } })).toEqual([
      'template_language must be one of go, handlebars, got "jinja"',
    ]);
  });

  it('are shown in the effective configuration', async () => {
    const loaded = await load(config({}, { receiver: { template_language: 'handlebars' } }));
    expect(loaded.ok && loaded.config.original).toContain('template_language: handlebars');
  });
});

describe('lint of templates', () => {
  const lint = async (text: string) => {
    const loaded = await load(text);
    return loaded.ok ? loaded.config.lint.filter(({ code }) => code === 'template-fails') : loaded.findings;
  };

  it('finds nothing wrong with the defaults of any kind', async () => {
    const secret = 'x';
    const url = 'http://x.test/';
    const receivers = [
      {
        name: 'all',
        slack_configs: [{ api_url: url }],
        email_configs: [{ to: 'a@x.test', from: 'b@x.test', smarthost: 'x.test:25' }],
        pagerduty_configs: [{ routing_key: secret }],
        opsgenie_configs: [{ api_key: secret }],
        victorops_configs: [{ api_key: secret, routing_key: secret }],
        pushover_configs: [{ user_key: secret, token: secret }],
        sns_configs: [{ topic_arn: secret, sigv4: { region: 'x' } }],
        telegram_configs: [{ bot_token: secret, chat_id: 1 }],
        discord_configs: [{ webhook_url: url }],
        webex_configs: [{ room_id: secret, http_config: { authorization: { credentials: secret } } }],
        msteams_configs: [{ webhook_url: url }],
        msteamsv2_configs: [{ webhook_url: url }],
        jira_configs: [{ api_url: url, project: 'P', issue_type: 'Bug' }],
        rocketchat_configs: [{ token: secret, token_id: secret }],
        mattermost_configs: [{ webhook_url: url }],
        wechat_configs: [{ api_secret: secret, corp_id: secret }],
        incidentio_configs: [{ url, alert_source_token: secret }],
        webhook_configs: [{ url }],
      },
    ];
    for (const template_language of ['go', 'handlebars']) {
      const text = JSON.stringify({ global: { template_language }, route: { receiver: 'all' }, receivers });
      expect(await lint(text), template_language).toEqual([]);
    }
  });

  it('tells what fails on which group, at its place in the file', async () => {
    const text = [
      'route: {receiver: team}',
      'receivers:',
      '- name: team',
      '  slack_configs:',
      '  - api_url: http://slack.test/',
      "    title: '{{ .Sttus }}'",
      "    text: '{{ (index .Alerts.Firing 0).Labels.x }}'",
      '    fields: [{title: t, value: \'{{ template "none" . }}\'}]',
    ].join('\n');
    expect(await lint(text)).toMatchObject([
      { line: 6, column: 12, message: expect.stringMatching(/can't evaluate field Sttus .*\(on a firing group\)$/) },
      { line: 7, column: 11, message: expect.stringMatching(/slice index out of range \(on a resolved group\)$/) },
      { line: 8, message: expect.stringMatching(/template "none" not defined \(on a firing group\)$/) },
    ]);
  });

  it.each([
    ['go', 'http://x.test/canary/{{ template "canary" . }}'],
    ['handlebars', 'http://x.test/canary/{{ .CommonLabels.canary }}'],
  ])('shows nothing of an address in %s that fails', async (template_language, url) => {
    const receivers = [{ name: 'team', webhook_configs: [{ url }] }];
    const found = await lint(JSON.stringify({ global: { template_language }, route: { receiver: 'team' }, receivers }));
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it('finds what a file breaks of the defaults, at the entry', async () => {
    file('a.tmpl', '{{ define "__subject" }}{{ .Nothing }}{{ end }}');
    const found = await lint(config({}));
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ path: ['receivers', 0, 'slack_configs', 0] });
    expect(found[0]?.message).toContain('template: a.tmpl:1:');
  });
});
