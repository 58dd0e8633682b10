import { DEFAULT_HTTP_CONFIG } from '@tocsin/common/http/http-config';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadRuleSource, type SourceOptions } from './rule-source.loader';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

function load(options: Partial<SourceOptions>) {
  return loadRuleSource({ configFile: null, ruleFiles: [], alertmanagers: [], environment: {}, ...options });
}

const flagged = { urls: ['http://flag/api/v2/alerts'], timeoutMs: 10_000, http: DEFAULT_HTTP_CONFIG };

it('needs no configuration file', async () => {
  const rules = await write('a.yml', 'groups: [{name: g, rules: [{alert: A, expr: up}]}]');
  const loaded = await load({ ruleFiles: [rules], alertmanagers: [flagged] });
  expect(loaded).toMatchObject({
    ok: true,
    source: { config: { alertmanagers: [flagged] }, groups: [{ name: 'g', intervalMs: 60_000 }] },
  });
});

it('adds rule files and receivers of the flags to those of the file, under its defaults', async () => {
  await write('a.yml', 'groups: [{name: a}]');
  const rules = await write('b.rules', 'groups: [{name: b}, {name: c, query_offset: 0s}]');
  const configFile = await write(
    'tocsin.yml',
    `global: {evaluation_interval: 15s, rule_query_offset: 5s}
rule_files: ['a*.yml']
alerting: {alertmanagers: [{static_configs: [{targets: [file]}]}]}`,
  );
  const loaded = await load({ configFile, ruleFiles: [rules], alertmanagers: [flagged] });
  expect(loaded).toMatchObject({
    ok: true,
    source: {
      config: { alertmanagers: [{ urls: ['http://file/api/v2/alerts'] }, flagged] },
      groups: [
        { name: 'a', intervalMs: 15_000, queryOffsetMs: 5_000 },
        { name: 'b', intervalMs: 15_000, queryOffsetMs: 5_000 },
        { name: 'c', intervalMs: 15_000, queryOffsetMs: 0 },
      ],
    },
  });
});

it('tells the mistakes of the configuration and of the rules at once', async () => {
  const rules = await write('b.rules', 'groups: [{name: ""}]');
  const configFile = await write('tocsin.yml', 'globl: {}');
  expect(await load({ configFile, ruleFiles: [rules] })).toEqual({
    ok: false,
    errors: [
      `${configFile}:1:1: field globl not found in type config.plain`,
      `${rules}: 1:10: Groupname must not be empty`,
    ],
  });
});
