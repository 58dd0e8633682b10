import { beforeEach, expect, it } from 'vitest';
import { type ConfigSource } from '../config/config-reload.service';
import { IntegrationRegistry } from '../receivers/integration-registry';
import { aNotifierConfig } from '../testing/a-config';
import { tracedConfigSource } from './traced-config-source.service';

const config = aNotifierConfig();
const integrations = new IntegrationRegistry([]);
let happened: string[];
let fails: { load?: true; prepare?: true; build?: true };
let source: ConfigSource;

beforeEach(() => {
  happened = [];
  fails = {};
  const inner: ConfigSource = {
    load: async () => (fails.load ? { ok: false, error: 'no file' } : { ok: true, config }),
    buildIntegrations: () => {
      if (fails.build) throw new Error('no certificate');
      return integrations;
    },
  };
  source = tracedConfigSource(inner, {
    prepare: async () => {
      if (fails.prepare) throw new Error('unable to read CA cert');
      happened.push('prepared');
      return { install: () => happened.push('installed'), discard: () => happened.push('discarded') };
    },
  });
});

it('puts tracing to work once everything is built', async () => {
  expect(await source.load()).toEqual({ ok: true, config });
  expect(happened).toEqual(['prepared']);
  expect(source.buildIntegrations(config)).toBe(integrations);
  expect(happened).toEqual(['prepared', 'installed']);
});

it('leaves tracing as it is when the file has mistakes', async () => {
  fails = { load: true };
  expect(await source.load()).toEqual({ ok: false, error: 'no file' });
  expect(happened).toEqual([]);
});

it('refuses a configuration that cannot be traced, in Alertmanager’s words', async () => {
  fails = { prepare: true };
  const error = 'failed to build a new tracer provider: unable to read CA cert';
  expect(await source.load()).toEqual({ ok: false, error });
});

it('leaves tracing as it is when a receiver cannot be built', async () => {
  fails = { build: true };
  await source.load();
  expect(() => source.buildIntegrations(config)).toThrow('no certificate');
  expect(happened).toEqual(['prepared', 'discarded']);
});

it('forgets what was prepared and never built', async () => {
  await source.load();
  await source.load();
  source.buildIntegrations(config);
  expect(happened).toEqual(['prepared', 'discarded', 'prepared', 'installed']);
});
