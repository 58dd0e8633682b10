import { decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_EVALUATOR_CONFIG } from './evaluator-config';
import { loadEvaluatorConfig } from './evaluator-config.loader';
import { evaluatorConfig } from './evaluator-config.schema';

const environment = { REGION: 'eu', EMPTY: '' };

function read(text: string) {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error('not YAML');
  return decodeDocument(parsed.document, evaluatorConfig(environment));
}

function configOf(text: string) {
  const decoded = read(text);
  if (!decoded.ok) throw new Error(decoded.findings.map(({ message }) => message).join('\n'));
  return decoded.value;
}

function problemsOf(text: string): string[] {
  const decoded = read(text);
  return decoded.ok ? [] : decoded.findings.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('a file in the form of prometheus.yml', () => {
  it.each([
    ['empty', ''],
    ['without values', 'global:\nrule_files:\nalerting:\n'],
    ['with a zero interval', 'global: {evaluation_interval: 0s}'],
  ])('stands for the defaults: %s', (_, text) => {
    expect(configOf(text)).toEqual(DEFAULT_EVALUATOR_CONFIG);
  });

  it('is read where it is about rules and alerts, and ignored elsewhere', () => {
    const config = configOf(`
global:
  scrape_interval: 15s
  scrape_timeout: 10s
  evaluation_interval: 30s
  rule_query_offset: 5s
  external_labels: {region: '$REGION', both: '\${REGION}-$$-$EMPTY$UNSET.'}
rule_files: [a.yml, 'rules/*.yml']
scrape_configs:
- job_name: prometheus
  static_configs: [{targets: ['localhost:9090']}]
storage: {tsdb: {out_of_order_time_window: 5m}}
remote_read: [{url: 'http://x'}]
`);
    expect(config).toMatchObject({
      evaluationIntervalMs: 30_000,
      ruleQueryOffsetMs: 5_000,
      externalLabels: { region: 'eu', both: 'eu-$-.' },
      ruleFiles: ['a.yml', 'rules/*.yml'],
      alertmanagers: [],
    });
  });

  it('names the receivers of alerts with how they are spoken to', () => {
    const [first, second] = configOf(`
alerting:
  alertmanagers:
  - static_configs: [{targets: ['a:9093', 'b:9093']}, {targets: ['a:9093']}]
  - scheme: https
    path_prefix: am/
    timeout: 3s
    api_version: v2
    basic_auth: {username: me, password: s3cret}
    tls_config: {ca_file: ca.pem}
    static_configs: [{targets: [c]}]
`).alertmanagers;
    expect(first).toMatchObject({
      urls: ['http://a:9093/api/v2/alerts', 'http://b:9093/api/v2/alerts'],
      timeoutMs: 10_000,
      http: { basicAuth: null, followRedirects: true },
    });
    expect(second).toMatchObject({ urls: ['https://c/am/api/v2/alerts'], timeoutMs: 3_000 });
    expect(second?.http.basicAuth?.username).toBe('me');
    expect(second?.http.basicAuth?.password.reveal()).toBe('s3cret');
    expect(JSON.stringify(second)).not.toContain('s3cret');
  });

  it('may share settings of receivers by merge keys', () => {
    const config = configOf(`
alerting:
  alertmanagers:
  - &shared {timeout: 2s, bearer_token: t0ken, static_configs: [{targets: [a]}]}
  - {<<: *shared, static_configs: [{targets: [b]}]}
`);
    expect(
      config.alertmanagers.map(({ urls, timeoutMs, http }) => [urls, timeoutMs, http.authorization?.type]),
    ).toEqual([
      [['http://a/api/v2/alerts'], 2_000, 'Bearer'],
      [['http://b/api/v2/alerts'], 2_000, 'Bearer'],
    ]);
  });

  it.each([
    ['an unknown section', 'scrape_config: []', '1:1: field scrape_config not found in type config.plain'],
    [
      'an unknown global field',
      'global:\n  evaluation_intervall: 1m',
      '2:3: field evaluation_intervall not found in type config.GlobalConfig',
    ],
    ['a bad interval', 'global: {evaluation_interval: 15}', '1:31: not a valid duration string: "15"'],
    ['a pattern in a folder name', 'rule_files: ["a/*/b.yml"]', '1:14: invalid rule file path "a/*/b.yml"'],
    ['an empty label name', 'global: {external_labels: {"": x}}', '1:32: "" is not a valid label name'],
    [
      'a target with a path',
      'alerting: {alertmanagers: [{static_configs: [{targets: ["a/b"]}]}]}',
      '1:57: "a/b" is not a valid hostname',
    ],
    [
      'an old API',
      'alerting: {alertmanagers: [{api_version: v1}]}',
      '1:42: expected Alertmanager api version to be one of [v2] but got v1',
    ],
    [
      'an unknown field of a receiver',
      'alerting: {alertmanagers: [{target: x}]}',
      '1:29: field target not found in type config.plain',
    ],
    [
      'relabelling',
      'alerting: {alert_relabel_configs: [{action: drop}]}',
      '1:35: alert_relabel_configs is not supported yet by this version of Tocsin',
    ],
    [
      'discovery',
      'alerting: {alertmanagers: [{kubernetes_sd_configs: [{role: pod}]}]}',
      '1:52: kubernetes_sd_configs is not supported yet by this version of Tocsin',
    ],
  ])('is refused for %s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it.each([
    ['remote_write: [{url: "http://x"}]\nremote_read: [{url: "http://x"}]', ['remote_write', 'remote_read']],
    ['remote_write: []\nremote_read:', []],
    ['scrape_configs: [{job_name: a}]', []],
  ])('names the sections that have no effect though they would matter: %s', (text, sections) => {
    expect(configOf(text).withoutEffect).toEqual(sections);
  });

  it('is refused for contradicting credentials', () => {
    const text = 'alerting: {alertmanagers: [{bearer_token: t, basic_auth: {username: u}}]}';
    expect(problemsOf(text)[0]).toContain('at most one of basic_auth, oauth2, bearer_token');
  });

  it('tells all its mistakes at once', () => {
    expect(problemsOf('global: {evaluation_interval: x}\nrule_file: a\nalerting: {alertmanager: []}')).toHaveLength(3);
  });
});

describe('a configuration file', () => {
  it('has its paths seen from its own folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'));
    const file = join(folder, 'tocsin.yml');
    await writeFile(
      file,
      `rule_files: [rules.yml, /etc/rules.yml]
alerting: {alertmanagers: [{basic_auth: {username: u, password_file: secret}, static_configs: [{targets: [a]}]}]}`,
    );
    const loaded = await loadEvaluatorConfig(file, environment);
    await rm(folder, { recursive: true });
    expect(loaded).toMatchObject({
      ok: true,
      config: {
        ruleFiles: [join(folder, 'rules.yml'), '/etc/rules.yml'],
        alertmanagers: [{ http: { basicAuth: { passwordFile: join(folder, 'secret') } } }],
      },
    });
  });

  it('that is missing or wrong is named with its mistakes', async () => {
    const missing = await loadEvaluatorConfig('/nowhere/tocsin.yml', environment);
    expect(missing).toMatchObject({ ok: false, errors: [expect.stringMatching(/^\/nowhere\/tocsin\.yml: /)] });
  });
});
