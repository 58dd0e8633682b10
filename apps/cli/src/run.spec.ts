import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Command, type RunCommand, UsageError } from './command';
import { COMMANDS } from './commands';
import { runTocsin } from './run';

/** Runs a command line on commands that answer with what they were given. */
async function run(argv: string[], act: RunCommand = async () => 0) {
  let out = '';
  let err = '';
  let ran: { name: string; file: string; args: readonly string[] } | null = null;
  const commands: Command[] = COMMANDS.map((command) => ({
    ...command,
    load: async () => (flags, args, console) => {
      ran = { name: command.name, file: command.name === 'notifier' ? flags.text('config.file') : '', args };
      return act(flags, args, console);
    },
  }));
  const console = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await runTocsin(argv, {}, console, commands);
  return { code, out, err, ran };
}

describe('runTocsin', () => {
  it('runs the command named, with its flags and arguments', async () => {
    expect(await run(['notifier', '--config.file=x.yml'])).toMatchObject({
      code: 0,
      err: '',
      ran: { name: 'notifier', file: 'x.yml' },
    });
    expect(await run(['check', 'rules', 'a', 'b'])).toMatchObject({ ran: { name: 'check rules', args: ['a', 'b'] } });
  });

  it('takes matchers where other words make commands', async () => {
    expect(await run(['silence', 'severity=info'])).toMatchObject({
      ran: { name: 'silence', args: ['severity=info'] },
    });
    expect(await run(['silence', 'query', 'DiskFull'])).toMatchObject({ ran: { args: ['DiskFull'] } });
  });

  it('ends with the code the command returns', async () => {
    expect(await run(['notifier'], async () => 1)).toMatchObject({ code: 1, err: '' });
  });

  it.each([
    [[], 'expected a command, try --help'],
    [['nope'], "unknown command 'nope', try --help"],
    [['--config.file=x'], 'expected a command, try --help'],
    [['check'], "expected 'check config' or 'check rules', try --help"],
    [['check', 'nope'], "unknown command 'check nope': expected 'check config' or 'check rules', try --help"],
    [['config', 'nope'], "unknown command 'config nope': expected 'config push', try --help"],
    [
      ['silence', 'nope'],
      "unknown command 'silence nope': expected 'silence add', 'silence query', 'silence update' or 'silence expire', try --help",
    ],
    [
      ['silence', '-q', 'nope'],
      "unknown command 'silence nope': expected 'silence add', 'silence query', 'silence update' or 'silence expire', try --help",
    ],
    [
      ['dead-letters', 'nope'],
      "unknown command 'dead-letters nope': expected 'dead-letters list', 'dead-letters replay' or 'dead-letters drop', try --help",
    ],
    [['notifier', 'extra'], 'unexpected extra, try --help'],
    [['notifier', '--nope'], "unknown long flag '--nope', try --help"],
    [['check', 'config'], "required argument 'FILE…' not provided, try --help"],
    [['notifier', '@'], 'expected @ file to expand arguments from'],
    [
      ['notifier', '@/nowhere/args'],
      expect.stringMatching(/^failed to open arguments file "\/nowhere\/args": there is no such file/),
    ],
  ])('refuses %j on stderr with exit code 1', async (argv, error) => {
    const { err, ...rest } = await run(argv);
    expect(rest).toEqual({ code: 1, out: '', ran: null });
    expect(err.slice(0, 'tocsin: error: '.length)).toBe('tocsin: error: ');
    expect(err.slice('tocsin: error: '.length, -1)).toEqual(error);
  });

  it('warns of flags without effect and goes on', async () => {
    const { code, err, ran } = await run(['notifier', '--cluster.label=a', '--no-log.silences']);
    expect(ran).not.toBeNull();
    expect(code).toBe(0);
    expect(err).toBe('tocsin: warning: --cluster.label has no effect: a Redis makes the cluster\n');
  });

  it('does not warn of a cluster that is switched off', async () => {
    expect(await run(['notifier', '--cluster.listen-address='])).toMatchObject({ code: 0, err: '' });
  });

  it('tells a mistake in one line, a surprise with its stack', async () => {
    const mistake = await run(['notifier'], () => Promise.reject(new UsageError('not so')));
    expect(mistake).toMatchObject({ code: 1, err: 'tocsin: error: not so\n' });
    const surprise = await run(['notifier'], () => Promise.reject(new TypeError('oh')));
    expect(surprise.code).toBe(1);
    expect(surprise.err).toMatch(/^tocsin: error: TypeError: oh\n\s+at /);
  });

  it.each([['--help'], ['-h']])('prints the help of all on stdout for %s', async (flag) => {
    const { code, out, err } = await run([flag]);
    expect([code, err]).toEqual([0, '']);
    for (const { name } of COMMANDS) expect(out).toContain(`  ${name}`);
    expect(out).toContain('Exit codes:');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it.each(COMMANDS.map(({ name, sections }) => [name, sections] as const))(
    'explains %s and each of its flags',
    async (name, sections) => {
      const { code, out, ran } = await run([...name.split(' '), '--help']);
      expect([code, ran]).toEqual([0, null]);
      expect(out).toContain(`usage: tocsin ${name}`);
      for (const { flags } of sections) for (const flag of flags) expect(out).toContain(flag.name);
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    },
  );

  it('helps with what begins with a word', async () => {
    const group = (await run(['check', '--help'])).out;
    expect(group).toMatch(
      /^usage: tocsin check <command>.*\n\nCommands:\n {2}check config FILE… .*\n {2}check rules FILE… /,
    );
    expect(group).not.toContain('notifier.');
    const { out } = await run(['silence', '--help']);
    expect(out).toMatch(/^usage: tocsin silence \[MATCHER…\].*\n(.*\n)*Commands:\n {2}silence add MATCHER… /);
    expect(out).toContain('  -q, --[no-]quiet ');
    expect((await run(['nope', '--help'])).out).toBe((await run(['--help'])).out);
  });

  it('takes --help after -- for an argument', async () => {
    expect(await run(['check', 'rules', '--', '--help'])).toMatchObject({ ran: { args: ['--help'] } });
  });

  it('takes arguments from files, lines of comment left out, but not after --', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-args-'));
    const [outer, inner] = [join(folder, 'outer'), join(folder, 'inner')];
    writeFileSync(outer, `# where the routes are\n--config.file\n@${inner}\n`);
    writeFileSync(inner, 'x y.yml\n');
    expect(await run(['notifier', `@${outer}`])).toMatchObject({ code: 0, ran: { file: 'x y.yml' } });
    expect(await run(['check', 'rules', '--', `@${outer}`])).toMatchObject({ ran: { args: [`@${outer}`] } });
    writeFileSync(inner, `@${inner}\n`);
    expect(await run(['notifier', `@${outer}`])).toMatchObject({ code: 1, err: expect.stringMatching('names itself') });
    rmSync(folder, { recursive: true });
  });

  it.each([[['--version']], [['notifier', '--version']]])('prints its version for %j', async (argv) => {
    expect(await run(argv)).toMatchObject({
      code: 0,
      err: '',
      ran: null,
      out: expect.stringMatching(
        /^tocsin, version \S+ \(branch: \S+, revision: \S+\)\n {2}build user: .*\n {2}build date: .*\n {2}runtime: +node\d.*\n {2}platform: +\S+\n$/,
      ),
    });
  });
});
