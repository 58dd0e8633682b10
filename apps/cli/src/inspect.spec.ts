import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExplanationView } from '@tocsin/notifier/api/tocsin/explain-view';
import { type TimelineView } from '@tocsin/notifier/api/tocsin/timeline-view';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explanationText } from './explain-text';
import { runTocsin } from './run';
import { timelineText } from './timeline';

let folder: string;
let server: Server | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-inspect-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  server?.closeAllConnections();
  server?.close();
  server = null;
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...argv: string[]) {
  const said = { code: 0, out: '', err: '' };
  said.code = await runTocsin(argv, {}, { out: (text) => (said.out += text), err: (text) => (said.err += text) });
  return said;
}

/** A notifier that answers so; tells its URL and what it was asked. */
async function notifier(answer: unknown) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    let body = '';
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        asked.push(`${request.method} ${request.url} ${body}`.trim());
        response.end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const config = `
route:
  receiver: everybody
  group_by: [alertname]
  routes: [{matchers: [severity="critical"], receiver: pager, group_wait: 10s}]
receivers:
  - {name: everybody, webhook_configs: [{url: "http://127.0.0.1:1/"}]}
  - {name: pager, webhook_configs: [{url: "http://127.0.0.1:1/"}]}
`;

describe('tocsin timeline', () => {
  const view: TimelineView = {
    events: [
      {
        id: '2.0',
        at: '2026-01-05T12:00:10.000Z',
        kind: 'delivered',
        message: 'r/webhook/0 accepted',
        integration: 'r/webhook/0',
        receiver: 'r',
        groupKey: '{}:{}',
      },
      { id: '1.0', at: '2026-01-05T12:00:00.000Z', kind: 'received', message: 'started: a', fingerprints: ['f'] },
    ],
    next: null,
  };

  it('prints a line an event, the oldest first', async () => {
    expect(timelineText(view)).toBe(
      '2026-01-05T12:00:00.000Z  received     started: a\n' +
        '2026-01-05T12:00:10.000Z  delivered    r/webhook/0 accepted  {}:{}\n',
    );
    expect(timelineText({ events: [], next: null })).toBe('nothing happened\n');
  });

  it('asks for what its flags say', async () => {
    const { url, asked } = await notifier(view);
    const { out } = await run('timeline', `--notifier.url=${url}`, '--kind=verdict', '--receiver=a b', '--limit=5');
    expect(asked).toEqual(['GET /api/tocsin/v1/timeline?receiver=a+b&kind=verdict&limit=5']);
    expect(out).toBe(timelineText(view));
    expect(JSON.parse((await run('timeline', `--notifier.url=${url}`, '-o', 'json')).out)).toEqual(view);
  });
});

describe('tocsin explain', () => {
  const view: ExplanationView = {
    at: '2026-01-05T12:00:00.000Z',
    fingerprint: 'c32b3e097b96a615',
    labels: { alertname: 'a', b: 'c "d"' },
    alert: { status: 'firing', startsAt: '2026-01-05T11:00:00.000Z', endsAt: '2026-01-05T12:05:00.000Z' },
    route: {
      id: '1',
      receiver: 'everybody',
      outcome: 'matched',
      notifies: false,
      continue: false,
      matchers: [],
      routes: [
        {
          id: '2',
          receiver: 'db',
          outcome: 'not matched',
          notifies: false,
          continue: false,
          matchers: [
            { matcher: 'team="db"', matches: false },
            { matcher: 'b="c"', matches: true },
          ],
          routes: [],
        },
        {
          id: '3',
          receiver: 'pager',
          outcome: 'matched',
          notifies: true,
          continue: true,
          matchers: [{ matcher: 'alertname="a"', matches: true }],
          routes: [],
        },
        { id: '4', receiver: 'mail', outcome: 'not asked', notifies: false, continue: false, matchers: [], routes: [] },
      ],
    },
    inhibitedBy: { rule: 'x', fingerprint: 'f', labels: { alertname: 'z' } },
    silencedBy: [
      { id: 's', matchers: [], createdBy: 'jane', comment: 'known', startsAt: '', endsAt: '2026-01-05T13:00:00.000Z' },
    ],
    groups: [
      {
        id: 'g',
        key: '{}:{}',
        labels: {},
        receiver: 'pager',
        alerts: 2,
        exists: true,
        nextFlush: '2026-01-05T12:01:00.000Z',
        mutedByTime: { kind: 'active_time_interval', intervals: ['office'] },
        integrations: [
          {
            integration: 'pager/webhook/0',
            verdict: 'muted',
            told: null,
            pending: null,
            deadLetter: null,
            nextRepeat: null,
          },
          {
            integration: 'pager/webhook/1',
            verdict: 'first notification',
            told: { at: '2026-01-05T11:00:30.000Z', firing: ['a', 'b'], resolved: [] },
            pending: {
              reason: 'new alerts added',
              since: '',
              until: '2026-01-05T12:02:00.000Z',
              attempts: 3,
              error: '503',
            },
            deadLetter: { reason: 'first notification', at: '2026-01-05T10:00:00.000Z', error: 'away' },
            nextRepeat: '2026-01-05T15:00:30.000Z',
          },
        ],
      },
    ],
  };

  it('says it in words', () => {
    expect(explanationText(view).split('\n')).toEqual([
      '{alertname="a", b="c \\"d\\""}  c32b3e097b96a615',
      'fires since 2026-01-05T11:00:00.000Z; without news it ends at 2026-01-05T12:05:00.000Z',
      '',
      'Route',
      '  + everybody: matches everything',
      '    - db: does not match team="db"',
      '    + pager: matches alertname="a", notifies, continues',
      '      (mail: not asked, a route before it matched)',
      '',
      'inhibited by rule x: {alertname="z"}  f',
      'silenced by s (jane: "known") until 2026-01-05T13:00:00.000Z',
      '',
      'Group of pager: {}:{}  g',
      '  2 alerts, next flush 2026-01-05T12:01:00.000Z',
      '  muted: outside of office',
      '  pager/webhook/0: not told: everything is muted',
      '  pager/webhook/1: to be told: first notification',
      '    told at 2026-01-05T11:00:30.000Z: 2 firing, 0 resolved',
      '    repeated at 2026-01-05T15:00:30.000Z if nothing changes',
      '    on its way: new alerts added, 3 failed attempts (503), given up at 2026-01-05T12:02:00.000Z',
      '    given up at 2026-01-05T10:00:00.000Z: first notification (away)',
      '',
    ]);
    const other = explanationText({ ...view, alert: null, inhibitedBy: null, silencedBy: [], groups: [] });
    expect(other).toContain('there is no such alert; seen from 2026-01-05T12:00:00.000Z, as if it fired\n');
    expect(other).toContain('\nneither inhibited nor silenced\n');
  });

  it('asks about labels as they are typed', async () => {
    const { url, asked } = await notifier(view);
    const { out } = await run(
      'explain',
      'Full',
      'severity=critical',
      '--at=2026-01-05T12:00:00Z',
      `--notifier.url=${url}`,
    );
    expect(asked).toEqual([
      'POST /api/tocsin/v1/explain {"labels":{"alertname":"Full","severity":"critical"},"at":"2026-01-05T12:00:00Z"}',
    ]);
    expect(out).toBe(explanationText(view));
  });
});

describe('tocsin simulate', () => {
  const scenario =
    'start: 2026-01-05T12:00:00Z\nduration: 1m\nalerts:\n  - labels: {alertname: a, severity: critical}\n';

  it('plays a file with the configuration it names, without a server', async () => {
    write('alertmanager.yml', config);
    const { code, out } = await run('simulate', write('scenario.yml', `config: alertmanager.yml\n${scenario}`));
    expect(code).toBe(0);
    const [head] = out.split('\n\nWhy\n');
    expect(head?.split('\n')).toEqual([
      'From 2026-01-05T12:00:00.000Z to 2026-01-05T12:01:00.000Z',
      '',
      'Told',
      '  2026-01-05T12:00:10.000Z  +10s  pager/webhook/0  firing: first notification',
      '    firing    {alertname="a", severity="critical"}',
    ]);
    expect(out).toContain('12:00:00.000Z  received     started: a\n');
  });

  it('asks a notifier where no configuration is named', async () => {
    const { url, asked } = await notifier({ start: '2026-01-05T12:00:00Z', end: '', notifications: [], events: [] });
    const { out } = await run('simulate', write('scenario.yml', scenario), `--notifier.url=${url}`);
    expect(asked).toEqual([
      'POST /api/tocsin/v1/simulate {"start":"2026-01-05T12:00:00Z","duration":"1m","alerts":[{"labels":{"alertname":"a","severity":"critical"}}]}',
    ]);
    expect(out).toContain('Nothing is told.');
  });

  it('tells the mistakes of the file', async () => {
    const { code, err } = await run('simulate', write('scenario.yml', 'alerts:\n  - label: {a: b}\n'));
    expect(code).toBe(1);
    expect(err).toContain('scenario.yml:2:5: labels: ');
    expect(err).toContain('scenario.yml:2:5: label: is not known here');
  });
});

describe('tocsin test routes', () => {
  const test = (name: string, expected: string) =>
    `  - name: ${name}\n    alerts: [{labels: {alertname: a, severity: critical}}]\n    expect: ${expected}\n`;

  it('runs every case and tells what differs', async () => {
    write('alertmanager.yml', config);
    const file = write(
      'routes_test.yml',
      'config: alertmanager.yml\ntests:\n' +
        test('right', '{receivers: [pager], notifications: [{at: 10s, alerts: [a]}]}') +
        test('wrong', '{receivers: [mail], notifications: [{at: 11s}]}'),
    );
    const { code, out } = await run('test', 'routes', file);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      file,
      '  ok    right',
      '  FAIL  wrong',
      '        receivers, - missing, + not expected',
      '          - mail',
      '          + pager',
      '        notifications, - missing, + not expected',
      '          - 11s  any receiver  any status  any alerts',
      '          + 10s  pager  firing  {alertname="a", severity="critical"}  (first notification)',
      '',
      '1 passed, 1 failed',
      '',
    ]);
  });

  it('ends well when all pass, with another configuration if asked', async () => {
    const other = write('other.yml', 'route: {receiver: mail}\nreceivers: [{name: mail}]\n');
    const file = write('routes_test.yml', `config: missing.yml\ntests:\n${test('right', '{receivers: [mail]}')}`);
    expect((await run('test', 'routes', file)).code).toBe(1);
    expect(await run('test', 'routes', `--config.file=${other}`, file)).toMatchObject({ code: 0, err: '' });
  });

  it('refuses unknown keys with line and column, and goes on with other files', async () => {
    write('alertmanager.yml', config);
    const bad = write('bad.yml', `config: alertmanager.yml\ntests:\n${test('x', '{receiver: [a]}')}`);
    const good = write('good.yml', `config: alertmanager.yml\ntests:\n${test('x', '{receivers: [pager]}')}`);
    const { code, out, err } = await run('test', 'routes', bad, good);
    expect([code, err]).toEqual([1, `${bad}:5:14: receiver: is not known here\n`]);
    expect(out).toContain('\n1 passed, 0 failed, 1 file could not be run\n');
  });
});

describe('the example in examples/', () => {
  it('passes', async () => {
    const example = new URL('../../../examples/testing/routes_test.yml', import.meta.url).pathname;
    expect(await run('test', 'routes', example)).toMatchObject({ code: 0, err: '' });
  });
});
