import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { Amtool, AmtoolPair, type AmtoolResult } from '../support/amtool';
import { Started } from '../support/started';
import { startNotifier } from '../support/tocsin';

/** Every command of Debian's amtool (0.25) that talks to a server, against the program and, at the same time, against
 *  Debian's Alertmanager: what it prints must be the same, but for ids, times around now, and what is listed as different. */

const CONFIG = `
global:
  resolve_timeout: 10m
route:
  receiver: default
  group_by: [alertname]
  group_wait: 1h
  routes:
    - receiver: pager
      matchers: [severity="critical"]
      continue: true
    - receiver: teams
      matchers: [team=~"db|web"]
      routes:
        - { receiver: db, matchers: ['service!="x y"'], group_by: [...] }
inhibit_rules:
  - { source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [alertname] }
receivers:
  - name: default
    webhook_configs: [{ url: 'http://127.0.0.1:9/' }]
  - name: pager
  - name: teams
  - name: db
templates: []
`;

const UNKNOWN = '11111111-1111-1111-1111-111111111111';
const PERIOD = ['--start=2901-01-01T00:00:00Z', '--end=2902-01-01T00:00:00Z'];
const MANY = 300;

/** Many silences, each with times of its own, by which they are sorted. */
const many = Array.from({ length: MANY }, (_, i) => ({
  matchers: [{ name: 'job', value: `job ${i}`, isRegex: i % 2 === 1, isEqual: i % 3 > 0 }],
  startsAt: new Date(Date.parse('2903-01-01T00:00:00Z') + i * 1_000).toISOString(),
  endsAt: new Date(Date.parse('2904-01-01T00:00:00Z') + i * 1_000).toISOString(),
  createdBy: 'import',
  comment: `number ${i}`,
}));

const FILES = {
  'many.json': JSON.stringify(many),
  'unknown.json': JSON.stringify([{ ...many[0], id: UNKNOWN }]),
  'empty.json': '[]',
  'broken.json': '{',
  'bad-regex.json': JSON.stringify([{ ...many[0], matchers: [{ name: 'a', value: '[', isRegex: true }] }]),
};

const started = new Started();
afterAll(() => started.stopAll());

let pair: AmtoolPair;
let ourUrl: string;

beforeAll(async () => {
  const [peer, tocsin] = await Promise.all([
    started.add(Alertmanager.start(CONFIG)),
    started.add(startNotifier({ config: CONFIG })),
  ]);
  ourUrl = tocsin.url;
  pair = await started.add(new AmtoolPair(new Amtool(peer.url), new Amtool(ourUrl)));
  for (const [name, text] of Object.entries(FILES)) pair.write(name, text);
});

const both = (args: readonly string[], stdin?: string) => pair.run(args, stdin);

/** Runs a command on both sides; what it printed there, which must be what it printed here. */
async function same(args: readonly string[], stdin?: string): Promise<AmtoolResult> {
  const [their, our] = await both(args, stdin);
  expect(our).toEqual(their);
  return their;
}

/** Rows for `it.each`: a title and what to run. */
function named(rows: readonly (readonly string[])[]): [string, readonly string[]][] {
  return rows.map((args) => [args.join(' ') || '(no arguments)', args]);
}

describe('alerts', () => {
  const rows = [
    ['Disk', 'severity=critical', 'team=db', '--annotation=summary=disk full', '--generator-url=http://gen/'],
    ['Disk', 'severity=warning', 'team=web', 'service=x y', '--annotation=b=2', '--annotation=a=é'],
    ['alertname=Mem', 'severity=info'],
  ];
  it.each(
    named([
      ...rows.map((labels) => [...labels, '--start=2026-01-01T00:00:00Z', '--end=2901-01-01T00:00:00Z']),
      ['Now'],
      ['Over', '--start=2026-01-01T00:00:00Z', '--end=2026-01-01T00:00:01Z'],
    ]),
  )('are added: %s', async (_, labels) => {
    expect(await same(['alert', 'add', ...labels])).toEqual({ code: 0, out: '', err: '' });
  });

  it.each(
    named([
      [],
      ['Disk', 'nothing'],
      ['Disk', 'a b=c'],
      ['Disk', '--start=yesterday'],
      ['Disk', '--start=2026-01-02T00:00:00Z', '--end=2026-01-01T00:00:00Z'],
      ['Disk', '--generator-url=::'],
    ]),
  )('are refused: %s', async (_, labels) => {
    expect(await same(['alert', 'add', ...labels])).toMatchObject({ code: 1, out: '' });
  });
});

describe('silences', () => {
  it.each(
    named([
      ['alertname=Mem', '-a', 'ann', '-c', 'now', '-d', '2h'],
      ['Mem', 'severity=~"in.*"', 'x!=y', 'z!~q', '--author=bob', '--comment=planned: "work"', ...PERIOD],
      ['a=~[', '-c', 'taken for a name', '--end=2905-01-01T00:00:00Z'],
      ['team=db', '-c', 'by whoever runs this', '--start=2906-01-01T00:00:00Z', '-d', '1d'],
    ]),
  )('are added: %s', async (_, args) => {
    expect(await same(['silence', 'add', ...args])).toMatchObject({ code: 0, err: '' });
  });

  it.each(
    named([
      ['-c', 'no matchers'],
      ['Mem'],
      ['Mem', '-c', 'no duration', '-d', '0s'],
      ['Mem', '-c', 'odd duration', '-d', '1y1x'],
      ['Mem', '-c', 'backwards', '--start=2902-01-01T00:00:00Z', '--end=2901-01-01T00:00:00Z'],
      ['Mem', '-c', 'over', '--end=2020-01-01T00:00:00Z'],
    ]),
  )('are refused: %s', async (_, args) => {
    expect(await same(['silence', 'add', ...args])).toMatchObject({ code: 1, out: '' });
  });

  it('mute', async () => {
    expect((await same(['alert', 'query', '--silenced'])).out).toMatch(/^Alertname .*\nMem .*suppressed +\n$/);
  });

  it.each(
    named([
      [],
      ['query'],
      ['query', '-q'],
      ['query', '--within', '3h'],
      ['query', '--created-by', 'bob'],
      ['query', '--created-by', 'nobody'],
      ['query', 'Mem'],
      ['query', 'alertname=Mem', 'x!=y'],
      ['query', 'severity=~in.*'],
      ['query', 'a=~['],
      ['query', '--expired'],
    ]),
  )('are listed: %s', async (_, args) => {
    for (const output of ['simple', 'extended', 'json']) {
      expect(await same(['silence', ...args, '-o', output])).toMatchObject({ code: 0, err: '' });
    }
  });

  it('are changed', async () => {
    expect((await same(['silence', 'update', '#1', '-c', 'longer', '-d', '3h'])).out).toContain('longer');
    await same(['silence', 'update', '#2', '#4', '--start=2907-01-01T00:00:00Z']);
    const json = await same(['silence', 'update', '#3', '--comment', 'as JSON', '-o', 'json']);
    expect(json.out).toContain('as JSON');
    // With -q it prints an address of its own memory.
    const quiet = await both(['silence', 'update', '#3', '-q', '-c', 'quiet']);
    expect(quiet.map(({ out, err }) => [/^0xc[\da-f]+\n$/.test(out), err])).toEqual(Array(2).fill([true, '']));
    await same(['silence', 'query', '-o', 'extended']);
    expect(await same(['silence', 'update'])).toMatchObject({ code: 1 });
    expect(await same(['silence', 'update', UNKNOWN, '-c', 'x'])).toMatchObject({ code: 1 });
    expect(await same(['silence', 'update', '#1', '-d', '0s'])).toMatchObject({ code: 1 });
  });

  it('are expired', async () => {
    await same(['silence', 'expire', '#1']);
    expect((await same(['silence', 'query', '--expired', '-o', 'extended'])).out).toContain('<silence 1>');
    // Both may end in the same millisecond, and then have no order.
    await same(['silence', 'expire', '#2', '#3']);
    for (const matcher of ['severity=~in.*', 'a=~[']) {
      const { out } = await same(['silence', 'query', '--expired', '--within=1h', matcher]);
      expect(out, matcher).toContain('<silence ');
    }
    await same(['silence', 'query']);
    expect(await same(['silence', 'expire'])).toMatchObject({ code: 1 });
    expect(await same(['silence', 'expire', 'zz'])).toMatchObject({ code: 1 });
    await same(['alert', 'query', '--silenced']);
  });

  it('are imported from a file, many at once', async () => {
    const { out } = await same(['silence', 'import', '@many.json']);
    expect(out).toBe('<another silence>\n'.repeat(MANY));
    const listed = await same(['silence', 'query', '--created-by=import', '-o', 'json']);
    expect(JSON.parse(listed.out)).toHaveLength(MANY);
  });

  it('are imported from standard input, with any number of workers', async () => {
    await same(['silence', 'import', '--worker=1'], FILES['unknown.json']);
    await same(['silence', 'import', '-w', '30'], FILES['many.json']);
    expect((await same(['silence', 'query', '--created-by=import', '-q'])).out.split('\n')).toHaveLength(2 * MANY + 2);
  });

  it('are exported and imported again as the same', async () => {
    const before = await same(['silence', 'query', '--created-by=import', '-o', 'json']);
    for (const amtool of [pair.theirs, pair.ours]) {
      const { out } = await amtool.run(['silence', 'query', '--created-by=import', '-o', 'json']);
      expect(await amtool.run(['silence', 'import'], out)).toMatchObject({ code: 0, err: '' });
    }
    expect(await same(['silence', 'query', '--created-by=import', '-o', 'json'])).toEqual(before);
  });

  it.each(['@unknown.json', '--force @unknown.json', '@empty.json', '@broken.json', 'nowhere.json'])(
    'are imported, or not: %s',
    async (args) => {
      await same(['silence', 'import', ...args.split(' ')]);
    },
  );
});

describe('alerts', () => {
  const STATES = ['--active', '--silenced', '--inhibited', '--unprocessed', '-as', '-asi', '-asiu', '-ui', '-si'];

  it.each(
    named([
      [],
      ...STATES.map((state) => ['query', state]),
      ['query', 'Disk'],
      ['query', 'Disk', 'severity=~crit.*'],
      ['query', 'alertname=~"D.*|Mem"', 'team!=web', '-asi'],
      ['query', 'team!~"d.*"', '-asi'],
      ['query', 'alertname="Mem"'],
      ['query', 'a=~['],
      ['query', 'a{'],
      ['query', '-r', 'db|pager', '-asi'],
      ['query', '--receiver=def.*', '-asi'],
      ['query', '--receiver=d', '-asi'],
    ]),
  )('are listed: %s', async (_, args) => {
    for (const output of ['simple', 'extended', 'json']) {
      expect(await same(['alert', ...args, '-o', output])).toMatchObject({ code: 0, err: '' });
    }
  });

  it('of a receiver that is no regular expression are refused', async () => {
    expect(await same(['alert', 'query', '-r', '('])).toMatchObject({ code: 1, out: '' });
  });
});

describe('the configuration', () => {
  it.each(
    named([
      ['routes'],
      ['routes', 'show'],
      ['routes', 'test', 'severity=critical', 'team=db'],
      ['routes', 'test', '--tree', 'severity=critical', 'team=db'],
      ['routes', 'test', 'team=web', 'service=x y'],
      ['routes', 'test'],
      ['routes', 'test', '--verify.receivers=pager,db', 'severity=critical', 'team=db'],
      ['routes', 'test', '--verify.receivers=db', 'severity=critical'],
    ]),
  )('%s', async (_, args) => {
    await same(['config', ...args]);
  });

  it('show prints all there is as JSON', async () => {
    const parsed = (await both(['config', 'show', '-o', 'json'])).map(
      ({ out }) => JSON.parse(out) as { config: { original: string }; versionInfo: object },
    );
    const [their, our] = parsed.map(({ config, versionInfo, ...rest }) => [rest, config, versionInfo].map(Object.keys));
    expect(our).toEqual(their);
    expect(parsed[1]?.config.original).toContain('resolve_timeout: 10m');
  });

  it('show prints addresses of its own memory when it should print more (-o extended)', async () => {
    const [their, our] = await both(['config', 'show', '-o', 'extended']);
    const unaddressed = ({ out }: AmtoolResult) => out.replaceAll(/0xc[\da-f]+/g, '0xc');
    expect(unaddressed(our)).toBe(unaddressed(their));
  });

  it.each(['config', 'cluster'])('%s show takes its time limit', async (command) => {
    expect(await same([command, 'show', '--timeout=0s'])).toMatchObject({ code: 1 });
  });
});

/** What differs, and why; a row that no longer differs must go. */
describe('differs', () => {
  beforeAll(async () => {
    const start = '--start=2908-01-01T00:00:00+02:00';
    await same(['silence', 'add', 'Zone', '-a', 'zone', '-c', 'x', start, '--end=2909-01-01T00:00:00Z']);
  });

  it.each<[string, readonly string[], (theirs: AmtoolResult) => AmtoolResult]>([
    [
      '0.34 says which matchers match everything',
      ['silence', 'add', 'a=~.*', '-c', 'x'],
      ({ err, ...rest }) => ({ ...rest, err: err.replace('silence invalid:', 'invalid silence: matcher set 0:') }),
    ],
    [
      '0.34 says which set of matchers is wrong',
      ['silence', 'import', '@bad-regex.json'],
      ({ err, ...rest }) => ({
        ...rest,
        err: err.replace('silence invalid:', 'invalid silence:').replace('matcher 0:', 'matcher 0 in set 0:'),
      }),
    ],
    [
      '0.34 answers 404 to the end of an unknown silence, which this amtool does not know yet',
      ['silence', 'expire', UNKNOWN],
      (their) => ({
        ...their,
        err: 'amtool: error: response status code does not match any response statuses defined for this endpoint in the swagger spec (status 404): {}\n\n',
      }),
    ],
    [
      '0.34 tells times in UTC',
      ['silence', 'query', '--created-by=zone', '-o', 'extended'],
      ({ out, ...rest }) => ({
        ...rest,
        out: out
          .replace('Starts At    ', 'Starts At  ')
          .replace('2908-01-01 00:00:00 +0200', '2907-12-31 22:00:00 UTC'),
      }),
    ],
    [
      '0.34 takes addresses for secrets; our YAML needs no quotes where it means the same',
      ['config', 'show'],
      ({ out, ...rest }) => ({
        ...rest,
        out: out.replace('url: http://127.0.0.1:9/', 'url: http://<secret>').replace("'...'", '...'),
      }),
    ],
  ])('%s', async (_, args, expected) => {
    const [their, our] = await both(args);
    expect(our).not.toEqual(their);
    expect(our).toEqual(expected(their));
  });

  it.each([
    ['simple', /^Cluster Status: {2}ready\nNode Name: {7}\S+\n$/],
    ['extended', /^Cluster Status: {2}ready\nNode Name: {7}(\S+)\n\nAddress +Name\n127\.0\.0\.1:\d+ {2}\1 {2}\n$/],
    ['json', /^\{"name":"(.+)","peers":\[\{"address":"127\.0\.0\.1:\d+","name":"\1"\}\],"status":"ready"\}\n$/],
  ])('the cluster always has a member, itself: %s', async (output, expected) => {
    const [their, our] = await both(['cluster', 'show', '-o', output]);
    expect(their.out).toContain('disabled');
    expect(our).toEqual({ code: 0, out: expect.stringMatching(expected), err: '' });
  });

  it('the version is that of a newer Alertmanager, of which it warns', async () => {
    const checking = await started.add(new Amtool(ourUrl, []));
    expect(await checking.run(['config', 'routes'])).toMatchObject({
      code: 0,
      err: expect.stringMatching(
        /^Warning: amtool version \(0\.25\.0\) and alertmanager version \(0\.34\.0\+tocsin\.\S+\) are different\.\n$/,
      ),
    });
  });
});
