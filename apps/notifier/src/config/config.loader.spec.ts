import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type YamlFinding } from '@tocsin/common/config/yaml-document';
import { checkConfig } from './check-config';
import { compileConfig } from './compile-config';
import { findingLines, loadConfig } from './config.loader';
import { type WebhookConfig } from '../receivers/webhook/webhook.schema';
import { type NotifierConfig, type Receiver } from './notifier-config';

const folder = fileURLToPath(new URL('testdata', import.meta.url));

function texts(findings: readonly YamlFinding[]): string[] {
  return findings.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

async function good(name: string): Promise<NotifierConfig> {
  const loaded = await loadConfig(`${folder}/good/${name}.yml`, 'fallback');
  if (!loaded.ok) throw new Error(findingLines(name, loaded.findings));
  return loaded.config;
}

function webhooksOf(receiver: Receiver | undefined): WebhookConfig[] {
  return (receiver?.integrations ?? []).flatMap(({ kind, config }) => (kind === 'webhook' ? [config] : []));
}

describe('a configuration with a mistake', () => {
  // Each file ends with what is to be found in it, as `# LINE:COLUMN message`.
  it.each(readdirSync(`${folder}/bad`))('%s is refused', async (name) => {
    const file = `${folder}/bad/${name}`;
    const expected = [...readFileSync(file, 'utf8').matchAll(/^# (\d+:\d+ .*)$/gm)].map(([, text]) => text);
    const loaded = await loadConfig(file, 'fallback');
    expect(loaded.ok ? [] : texts(loaded.findings)).toEqual(expected);
    expect(expected).not.toEqual([]);
  });

  it('in its syntax is refused with all places', () => {
    const checked = checkConfig('route:\n  receiver: default\n receivers: [\n', 'fallback');
    expect(checked.ok ? [] : checked.findings.map(({ line }) => line)).toEqual([3, 4]);
  });

  it('is told with file, line and column', async () => {
    const file = `${folder}/bad/bad-matcher.yml`;
    const loaded = await loadConfig(file, 'fallback');
    expect(loaded.ok ? '' : findingLines(file, loaded.findings)).toBe(`${file}:4:18: bad matcher format: severity`);
  });

  it('that cannot be read is refused', async () => {
    const loaded = await loadConfig(`${folder}/none.yml`, 'fallback');
    expect(loaded).toMatchObject({
      ok: false,
      findings: [{ message: 'cannot read the configuration: there is no such file' }],
    });
  });
});

describe('a good configuration', () => {
  // Each file ends with the warnings about it, if there are any, as `# LINE:COLUMN message`.
  it.each(readdirSync(`${folder}/good`))('%s is taken with its warnings', async (name) => {
    const file = `${folder}/good/${name}`;
    const expected = [...readFileSync(file, 'utf8').matchAll(/^# (\d+:\d+ .*)$/gm)].map(([, text]) => text);
    const loaded = await loadConfig(file, 'fallback');
    expect(texts(loaded.ok ? loaded.warnings : loaded.findings)).toEqual(expected);
  });

  it('gets the defaults', async () => {
    const config = await good('minimal');
    expect(config).toMatchObject({
      resolveTimeoutMs: 300_000,
      receivers: [{ name: 'nowhere', labels: { name: 'nowhere' }, integrations: [] }],
    });
    expect(config.routes.root).toMatchObject({
      key: '{}',
      receiver: 'nowhere',
      matchers: [],
      groupBy: [],
      groupWaitMs: 30_000,
      groupIntervalMs: 300_000,
      repeatIntervalMs: 14_400_000,
      continue: false,
      labels: {},
      children: [],
    });
  });

  it('hands options down to child routes', async () => {
    const { root } = (await good('every-field')).routes;
    const [first, second] = root.children;
    expect(root).toMatchObject({ receiver: 'team.a', groupBy: ['alertname', 'job'], groupWaitMs: 0 });
    expect(root).toMatchObject({ groupIntervalMs: 60_000, repeatIntervalMs: 5_400_000, labels: { region: 'eu' } });
    expect(first).toMatchObject({ receiver: 'team-b', groupBy: 'all', groupWaitMs: 0, continue: true });
    expect(first).toMatchObject({ groupIntervalMs: 60_000, labels: { region: 'eu', team: 'b' } });
    // `[]` takes the grouping by everything back; `continue` and matchers are not handed down.
    expect(first?.children[0]).toMatchObject({ receiver: 'team-b', groupBy: [], continue: false });
    expect(first?.children[0]?.matchers).toHaveLength(1);
    expect(second).toMatchObject({ groupBy: ['alertname', 'job'], groupWaitMs: 10_000, labels: { region: 'eu' } });
  });

  it('combines and sorts the ways to write matchers', async () => {
    const { root } = (await good('every-field')).routes;
    expect(root.children[0]?.key).toBe('{}/{env!="test",foo🙂="bar",service=~"^(?:a|b)$",severity="page",x=~"y.*"}');
    const service = root.children[0]?.matchers.find(({ name }) => name === 'service');
    expect([service?.matches('a'), service?.matches('ab')]).toEqual([true, false]);
  });

  it('gives receivers their labels and webhooks', async () => {
    const [a, b, unused] = (await good('every-field')).receivers;
    expect(a).toMatchObject({ name: 'team.a', labels: { 'team-name': 'a', name: 'team.a' } });
    expect(webhooksOf(a)).toMatchObject([
      { sendResolved: false, maxAlerts: 3, timeoutMs: 90_000, urlFile: '', httpConfig: { followRedirects: false } },
    ]);
    expect(webhooksOf(a)[0]?.url.reveal()).toBe('https://example.test/canary-url');
    // Its own section replaces the global one as a whole.
    expect(webhooksOf(a)[0]?.httpConfig).toMatchObject({ basicAuth: null, authorization: { type: 'Key' } });
    expect(webhooksOf(b)).toMatchObject([{ sendResolved: true, maxAlerts: 0, timeoutMs: 0, urlFile: 'url' }]);
    expect(webhooksOf(b)[0]?.httpConfig).toMatchObject({ basicAuth: { username: 'me' }, followRedirects: true });
    expect(unused).toMatchObject({ name: 'unused', integrations: [] });
  });

  it('sees relative file names from its folder, where Alertmanager does', async () => {
    const [a, b] = (await good('every-field')).receivers;
    expect(webhooksOf(a)[0]?.httpConfig.tls.caFile).toBe(`${folder}/good/ca.pem`);
    expect(webhooksOf(b)[0]?.httpConfig.headers['X-Team']?.files).toEqual([`${folder}/good/header`]);
    expect(webhooksOf(b)[0]?.urlFile).toBe('url');
    const { original } = await good('every-field');
    expect(original).toContain(`templates:\n- ${folder}/good/*.tmpl\n- /etc/templates/*.tmpl\n`);
  });

  it('may use anchors, and what YAML 1.1 takes for booleans and numbers', async () => {
    const config = await good('anchors');
    const [route] = config.routes.root.children;
    expect(config.routes.root).toMatchObject({ receiver: '1234', groupBy: ['alertname', 'yes'] });
    expect(route).toMatchObject({ groupBy: ['alertname', 'yes'], continue: true });
    expect(webhooksOf(config.receivers[0])).toMatchObject([
      { sendResolved: false, maxAlerts: 16 },
      { sendResolved: false, maxAlerts: 1000 },
    ]);
  });

  it('has the hash that Alertmanager gives it', () => {
    const text = 'route: {receiver: a}\nreceivers: [{name: a}]\n';
    const checked = checkConfig(text, 'fallback');
    // As Debian's Alertmanager 0.25 shows it in `alertmanager_config_hash`.
    expect(checked.ok && compileConfig(checked.file, text).hash).toBe(184_816_797_860_636);
  });
});

describe('matchers', () => {
  const withMatcher = (matcher: string): string =>
    `route:\n  receiver: a\n  routes:\n  - matchers:\n    - '${matcher}'\nreceivers: [{name: a}]\n`;

  it('that the grammars read differently give a warning', () => {
    const checked = checkConfig(withMatcher('foo=bar\\baz'), 'fallback');
    expect(checked.ok ? texts(checked.warnings) : checked).toEqual([
      expect.stringMatching(
        /^5:7 matchers "foo=bar\\\\baz" are valid only in the older grammar \(.*\); write ".*" to be/,
      ),
    ]);
  });

  it.each([
    ['classic', 'foo🙂=bar', false],
    ['fallback', 'foo🙂=bar', true],
    ['utf8', 'foo=bar\\baz', false],
    ['fallback', 'foo=bar\\baz', true],
  ] as const)('in mode %s: %s is valid: %s', (mode, matcher, valid) => {
    expect(checkConfig(withMatcher(matcher), mode).ok).toBe(valid);
  });

  it('limit label names to the classic ones in classic mode', () => {
    const text = 'route: {receiver: a, group_by: [a-b], labels: {c-d: e}}\nreceivers: [{name: a}]\n';
    expect(checkConfig(text, 'fallback').ok).toBe(true);
    const classic = checkConfig(text, 'classic');
    expect(classic.ok ? [] : classic.findings.map(({ message }) => message)).toEqual([
      'invalid label name "c-d" in route labels',
      'invalid label name "a-b" in group_by list',
    ]);
  });
});
