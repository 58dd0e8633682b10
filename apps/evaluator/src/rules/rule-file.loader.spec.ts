import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadRuleFiles } from './rule-file.loader';

const options = { defaults: { intervalMs: 60_000, queryOffsetMs: 0 }, nameMode: 'utf8' } as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'));
  await mkdir(join(folder, 'more'));
});

afterEach(() => rm(folder, { recursive: true }));

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}

function load(...patterns: readonly string[]) {
  return loadRuleFiles(
    patterns.map((pattern) => join(folder, pattern)),
    options,
  );
}

function ruleGroup(name: string): string {
  return `groups: [{name: ${name}, rules: [{alert: A, expr: up}]}]`;
}

it('reads paths and patterns, each file once, in order', async () => {
  await write('b.yml', ruleGroup('b'));
  await write('a.yml', ruleGroup('a'));
  await write('other.txt', 'not: rules');
  await write('more/c.yml', ruleGroup('c'));
  const loaded = await load('b.yml', '*.yml', 'more/[a-c].yml');
  expect(loaded).toMatchObject({ ok: true });
  expect(loaded.ok && loaded.groups.map(({ file, name }) => [file, name])).toEqual([
    [join(folder, 'b.yml'), 'b'],
    [join(folder, 'a.yml'), 'a'],
    [join(folder, 'more', 'c.yml'), 'c'],
  ]);
});

it('takes one group name in two files for two groups', async () => {
  await write('a.yml', ruleGroup('g'));
  await write('b.yml', ruleGroup('g'));
  const loaded = await load('*.yml');
  expect(loaded.ok && new Set(loaded.groups.map(({ id }) => id)).size).toBe(2);
});

it('finds nothing for a pattern that fits no file', async () => {
  expect(await load('*.yml', 'nowhere/*.yml')).toEqual({ ok: true, groups: [] });
});

it('refuses a path without pattern that leads nowhere', async () => {
  expect(await load('gone.yml')).toEqual({
    ok: false,
    errors: [`"${join(folder, 'gone.yml')}" does not point to an existing file`],
  });
});

it('tells the mistakes of all files', async () => {
  await write('a.yml', 'groups: [{name: ""}]');
  await write('b.yml', ruleGroup('good'));
  await write('c.yml', 'grps: []');
  const loaded = await load('*.yml');
  expect(loaded).toEqual({
    ok: false,
    errors: [
      `${join(folder, 'a.yml')}: 1:10: Groupname must not be empty`,
      `${join(folder, 'c.yml')}: 1:1: field grps not found in type rulefmt.RuleGroups`,
    ],
  });
});
