import { fileURLToPath } from 'node:url';
import { matchersText } from '@tocsin/common/matchers/matcher';
import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config';
import { compileConfig } from './compile-config';
import { findingLines, loadConfig } from './config.loader';
import { type NotifierConfig } from './notifier-config';

const folder = fileURLToPath(new URL('testdata/good', import.meta.url));

async function good(name: string): Promise<NotifierConfig> {
  const loaded = await loadConfig(`${folder}/${name}.yml`, 'fallback');
  if (!loaded.ok) throw new Error(findingLines(name, loaded.findings));
  return loaded.config;
}

describe('time intervals', () => {
  it('of both lists are kept by name', async () => {
    const { timeIntervals } = await good('intervals-every-form');
    expect([...timeIntervals.keys()]).toEqual(['nights', 'days', 'fields']);
    expect(timeIntervals.get('nights')).toMatchObject([
      { times: [{ begin: 0, end: 360 }, {}], daysOfMonth: null, location: 'Europe/Berlin' },
    ]);
  });

  it('are not handed down to child routes', async () => {
    const { root } = (await good('intervals-not-inherited')).routes;
    const [team] = root.children;
    expect(root).toMatchObject({ muteTimeIntervals: [], activeTimeIntervals: [] });
    expect(team).toMatchObject({ muteTimeIntervals: ['weekends'], activeTimeIntervals: [] });
    expect(team?.children[0]).toMatchObject({
      muteTimeIntervals: [],
      activeTimeIntervals: ['weekends', 'weekends'],
    });
  });

  it('and on_muted are no part of what a route is', () => {
    const idsOf = (options: string): string[] => {
      const text = `route:
  receiver: a
  routes:
  - matchers: [b=c]
    ${options}
receivers: [{name: a}]
time_intervals: [{name: n}]
`;
      const checked = checkConfig(text, 'fallback');
      if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
      return [...compileConfig(checked.file, text).routes.byId.keys()];
    };
    const plain = idsOf('continue: false');
    for (const options of ['mute_time_intervals: [n]', 'active_time_intervals: [n]', 'on_muted: close'])
      expect(idsOf(options)).toEqual(plain);
  });
});

it('on_muted is handed down to child routes', async () => {
  const { root } = (await good('on-muted')).routes;
  const [child] = root.children;
  expect([root.onMuted, child?.onMuted, child?.children[0]?.onMuted]).toEqual(['close', 'close', 'ignore']);
  expect((await good('minimal')).routes.root.onMuted).toBe('ignore');
});

it('inhibit rules combine the ways to write matchers', async () => {
  const { inhibitRules } = await good('inhibit-every-form');
  const shown = inhibitRules.map(({ source, target, equal }) => [matchersText(source), matchersText(target), equal]);
  expect(shown).toEqual([
    [
      '{host=~"^(?:c.*)$",service=~"^(?:a|b)$",severity="critical",team="yes"}',
      '{service=~"^(?:.+)$",severity="warning"}',
      ['cluster', 'service'],
    ],
    ['{alertname="NodeDown",env=~"prod|stage"}', '{alertname!~"Node.*",env=~"prod|stage"}', []],
    ['{a="b",c="d"}', '{e="f, \\"g\\""}', []],
  ]);
  expect((await good('inhibit-names')).inhibitRules.map(({ name }) => name)).toEqual(
    Array.from({ length: 2 }, () => 'critical-over-warning'),
  );
  expect((await good('inhibit-empty')).inhibitRules).toMatchObject([
    { source: [], target: [] },
    { name: '', source: [], target: [], equal: [] },
    { source: [{ name: 'host', value: '^(?:)$' }], target: [{ name: 'severity' }] },
  ]);
});

describe('tracing', () => {
  it.each(['minimal', 'sections-null'])('is off by default: %s', async (name) => {
    expect(await good(name)).toMatchObject({ tracing: null, eventRecorder: null });
  });

  it('has defaults', async () => {
    expect((await good('tracing-grpc')).tracing).toEqual({
      clientType: 'grpc',
      endpoint: 'localhost:4317',
      samplingFraction: 1,
      insecure: true,
      tls: null,
      headers: {},
      gzip: false,
      timeoutMs: 0,
    });
  });

  it('may set everything; its files are seen from the working directory', async () => {
    const { tracing } = await good('tracing-every-field');
    expect(tracing).toMatchObject({
      clientType: 'http',
      samplingFraction: 0.25,
      insecure: false,
      tls: { caFile: 'ca.pem', serverName: 'otel' },
      headers: { 'X-Scope': { values: ['a', 'b'], files: ['scope'] } },
      gzip: true,
      timeoutMs: 90_000,
    });
    expect(tracing?.headers['Authorization']?.secrets[0]?.reveal()).toBe('canary-tracing-header');
  });
});

it('the event recorder gets its defaults, and its files are seen from the folder of the configuration', async () => {
  const { eventRecorder } = await good('event-recorder-every-field');
  expect(eventRecorder).toMatchObject({
    files: [{ path: `${folder}/events.jsonl` }, { path: '/var/log/events.jsonl' }],
    stdoutOutputs: 1,
  });
  const [full, plain] = eventRecorder?.webhooks ?? [];
  expect(full?.url.reveal()).toBe('https://example.test/canary-events');
  expect(full).toMatchObject({
    httpConfig: { authorization: { credentialsFile: `${folder}/token` } },
    timeoutMs: 60_000,
    workers: 8,
    maxRetries: 5,
    retryBackoffMs: 1_000,
    batch: { maxEvents: 10, maxBytes: 4_096, flushIntervalMs: 2_000 },
  });
  expect(plain).toMatchObject({
    httpConfig: null,
    timeoutMs: 10_000,
    workers: 4,
    maxRetries: 3,
    retryBackoffMs: 500,
    batch: null,
  });
});
