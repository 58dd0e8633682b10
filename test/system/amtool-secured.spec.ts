import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Amtool, AmtoolPair, type AmtoolResult } from '../support/amtool';
import { RunningProcess } from '../support/process';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { PROGRAM } from '../support/tocsin';
import { waitFor } from '../support/wait-for';

/** Debian's amtool against a program with a password, below a prefix, and against Debian's Alertmanager with the same. */

const CONFIG =
  'route: { receiver: a, routes: [{ receiver: b, matchers: [severity="critical"] }] }\nreceivers: [{ name: a }, { name: b }]\n';

const SILENCE = {
  id: '11111111-1111-1111-1111-111111111111',
  matchers: [{ name: 'job', value: 'x', isRegex: false, isEqual: true }],
  startsAt: '2903-01-01T00:00:00Z',
  endsAt: '2904-01-01T00:00:00Z',
  createdBy: 'import',
  comment: 'c',
};

const started = new Started();
afterAll(() => started.stopAll());

const hash = hashSync('secret', 10);
let hosts: string[];
let pair: AmtoolPair;
let httpFile: string;

beforeAll(async () => {
  const folder = await started.add(new TempFolder());
  folder.write('alertmanager.yml', CONFIG);
  httpFile = folder.write('http.yml', 'basic_auth: { username: me, password: secret }\n');
  const flags = [
    `--config.file=${folder.file('alertmanager.yml')}`,
    `--web.config.file=${folder.write('web.yml', `basic_auth_users: { me: ${hash} }\n`)}`,
    '--web.listen-address=127.0.0.1:0',
    '--web.external-url=http://alerts.test/elsewhere/',
    '--web.route-prefix=/some/alerts',
  ];
  hosts = await Promise.all([
    listening('prometheus-alertmanager', [
      ...flags,
      `--storage.path=${folder.file('theirs')}`,
      '--cluster.listen-address=',
    ]),
    listening(PROGRAM, ['notifier', ...flags, `--storage.path=${folder.file('ours')}`]),
  ]);
});

async function listening(command: string, args: readonly string[]): Promise<string> {
  const { addresses } = await started.add(RunningProcess.start({ command, args, env: { REDIS_URL: '' } }));
  const [host = ''] = addresses;
  const headers = { authorization: `Basic ${btoa('me:secret')}` };
  await waitFor(
    () => `${command} to be ready`,
    async () => (await fetch(`http://${host}/some/alerts/-/ready`, { headers })).ok,
  );
  return host;
}

async function asking(userInfo: string, path: string, ...flags: string[]): Promise<void> {
  const own = ['--no-version-check', ...flags];
  const [theirs, ours] = hosts.map((host) => new Amtool(`http://${userInfo}${host}${path}`, own));
  pair = await started.add(new AmtoolPair(theirs!, ours!));
  pair.write('silences.json', JSON.stringify([SILENCE]));
}

/** Runs a command on both sides; what it printed there, which must be what it printed here. */
async function same(args: readonly string[]): Promise<AmtoolResult> {
  const [their, our] = await pair.run(args);
  expect(our).toEqual(their);
  return their;
}

async function expectService(): Promise<void> {
  for (const args of [
    ['alert', 'add', 'Secured', 'severity=critical', '--end=2901-01-01T00:00:00Z'],
    ['alert', 'query'],
    ['silence', 'add', 'Secured', '-a', 'me', '-c', 'x', '-d', '3h'],
    ['silence', 'update', '#1', '-c', 'y', '-d', '2h'],
    ['silence', 'import', '@silences.json'],
    ['silence', 'query', '-o', 'extended'],
    ['alert', 'query', '-s'],
    ['silence', 'expire', '#1'],
    ['config', 'routes'],
  ]) {
    expect(await same(args), args.join(' ')).toMatchObject({ code: 0, err: '' });
  }
  const [, shown] = await pair.run(['cluster']);
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('ready') });
}

it('is served by user info in the address', async () => {
  await asking('me:secret@', '/some/alerts');
  await expectService();
});

it('is served by an HTTP configuration, and a slash at the end does no harm', async () => {
  await asking('', '/some/alerts/', `--http.config.file=${httpFile}`);
  await expectService();
});

it.each([
  ['no password', '', '/some/alerts'],
  ['a wrong password', 'me:wrong@', '/some/alerts'],
  ['an unknown user', 'you:secret@', '/some/alerts'],
  ['another path', 'me:secret@', '/elsewhere'],
  ['no path', 'me:secret@', ''],
])('is refused with %s', async (_, userInfo, path) => {
  await asking(userInfo, path);
  for (const args of [['alert', 'query'], ['alert', 'add', 'X'], ['silence', 'query'], ['config']]) {
    expect(await same(args)).toMatchObject({ code: 1, out: '' });
  }
});
