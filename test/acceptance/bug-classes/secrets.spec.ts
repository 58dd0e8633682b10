import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@tocsin/common/log/logger';
import { kindNames } from '@tocsin/notifier/receivers/kinds.schema';
import { afterEach, describe, expect, it } from 'vitest';
import { Started } from '../../support/started';
import { apiLeaks, leaks, stateLines } from '../support/leaks';
import { Story } from '../support/story';
import { CANARY_MISTAKES, canaryConfig } from './canaries';

const started = new Started();
afterEach(() => started.stopAll());

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

it('secrets leak: every field that is read as a secret has a canary below', () => {
  const receivers = 'apps/notifier/src/receivers';
  const folders = readdirSync(fileURLToPath(new URL(`../../../${receivers}`, import.meta.url)), {
    withFileTypes: true,
  });
  const schemas = folders
    .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
    .map(({ name }) => read(`${receivers}/${name}/${name}.schema.ts`));
  const others = [
    'apps/notifier/src/config/global',
    'libs/common/src/http/http-config',
    'libs/common/src/http/tls-config',
  ];
  const fields = new Set([
    ...schemas.flatMap((text) => [...text.matchAll(/secret(?:Text|Url)\('(\w+)'/g)].map(([, name]) => name)),
    ...others.flatMap((path) =>
      [...read(`${path}.schema.ts`).matchAll(/^ +(\w+): secret(?:s|Url)?,/gm)].map(([, name]) => name),
    ),
  ]);
  expect(fields.size).toBeGreaterThan(30);
  const config = canaryConfig({ broken: 'http://127.0.0.1:2/' }) + CANARY_MISTAKES.join('\n');
  // The app's token excludes the URL of the whole installation.
  const set = (name: string) =>
    name === 'slack_app_token' || new RegExp(`\\b${name}: ["{[]*[^,\\n]*CANARY`).test(config);
  expect([...fields].filter((name) => name !== undefined && !set(name))).toEqual([]);
  expect(kindNames.filter((kind) => !config.includes(`${kind}_configs:`))).toEqual([]);
});

describe('secrets leak (AM#1479, AM#2247; VM header fixes): no canary in anything that comes out', () => {
  it('of a run in which every receiver fails', { timeout: 120_000 }, async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', format: 'json', write: (line) => void lines.push(line) });
    const story = await Story.begin(started, (url) => canaryConfig({ broken: url }), { log });
    const { notifier, sink } = story;
    await sink.behave({ kind: 'status', status: 503 });
    await notifier.fire(['a']);
    await notifier.pass(70_000);
    await sink.behave({ kind: 'status', status: 400 });
    await notifier.pass(70_000);
    expect(sink.arrivals.length).toBeGreaterThan(10);

    const found: string[] = [];
    const drill = (await notifier.ask('POST', '/api/tocsin/v1/receivers/all/test')) as { integrations: object[] };
    expect(drill.integrations.length).toBeGreaterThan(kindNames.length);
    found.push(...leaks('drill', JSON.stringify(drill)));
    found.push(...(await apiLeaks(notifier, 'a')));
    const deadLetters = (await notifier.ask('GET', '/api/tocsin/v1/dead-letters')) as { deadLetters: unknown[] };
    expect(deadLetters.deadLetters.length).toBeGreaterThan(kindNames.length);
    expect(lines.some((line) => line.includes('Notify'))).toBe(true);
    found.push(...lines.flatMap((line) => leaks('log', line)));
    expect([...new Set(found)]).toEqual([]);
    // The state holds no configuration either.
    const state = stateLines(notifier);
    expect(state.length).toBeGreaterThan(20);
    expect(state.flatMap((line) => leaks('state', line))).toEqual([]);
  });

  it('of a reload with mistakes, and of a simulation with them', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', format: 'logfmt', write: (line) => void lines.push(line) });
    const valid = (url: string) =>
      `route: { receiver: r }\nreceivers: [{ name: r, webhook_configs: [{ url: "${url}" }] }]\n`;
    const story = await Story.begin(started, valid, { log });
    const { notifier } = story;
    const found: string[] = [];
    for (const mistake of CANARY_MISTAKES) {
      const config = `route: { receiver: r }\nreceivers:\n  - name: r\n    ${mistake}\n`;
      const result = await notifier.reload(config);
      expect([mistake, result.ok]).toEqual([mistake, false]);
      found.push(...leaks(mistake, result.ok ? '' : result.error));
      const response = await fetch(`${notifier.url}/api/tocsin/v1/simulate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ config, alerts: [{ labels: { a: 'b' } }] }),
      });
      found.push(...leaks(`simulate ${mistake}`, await response.text()));
    }
    await notifier.pass(5_000);
    found.push(...leaks('timeline', JSON.stringify(await notifier.ask('GET', '/api/tocsin/v1/timeline?limit=1000'))));
    found.push(...lines.flatMap((line) => leaks('log', line)));
    expect(found).toEqual([]);
  });

  it('of a web configuration, and of one with mistakes', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', format: 'json', write: (line) => void lines.push(line) });
    const valid = (url: string) =>
      `route: { receiver: r }\nreceivers: [{ name: r, webhook_configs: [{ url: "${url}" }] }]\n`;
    const mistakes = [
      'basic_auth_users: { me: CANARY-no-hash }',
      'tls_server_config: { cert: cert, key: CANARY-key }',
      'tls_server_config: { cert: cert, key: CANARY-key, key_file: file }',
      'tls_server_config: { cert: cert, key: [CANARY-key] }',
      'basic_auth_users: { me: [CANARY-list] }',
    ];
    for (const mistake of mistakes) {
      const story = await storyWithWebConfig(mistake, valid, { log }).catch((error: unknown) => error);
      expect([mistake, story instanceof Error]).toEqual([mistake, true]);
      expect(leaks(mistake, `${(story as Error).message} ${(story as Error).stack} ${JSON.stringify(lines)}`)).toEqual(
        [],
      );
    }
  });
});

async function storyWithWebConfig(text: string, config: (url: string) => string, options: object): Promise<Story> {
  const { TempFolder } = await import('../../support/temp-folder');
  const folder = await started.add(new TempFolder());
  return Story.begin(started, config, { ...options, webConfigFile: folder.write('web.yml', `${text}\n`) });
}
