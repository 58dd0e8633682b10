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

  it('ends with the code the command returns', async () => {
    expect(await run(['notifier'], async () => 1)).toMatchObject({ code: 1, err: '' });
  });

  it.each([
    [[], 'expected a command, try --help'],
    [['nope'], "unknown command 'nope', try --help"],
    [['--config.file=x'], 'expected a command, try --help'],
    [['check'], "expected 'check config' or 'check rules', try --help"],
    [['check', 'nope'], "expected 'check config' or 'check rules', try --help"],
    [['notifier', 'extra'], 'unexpected extra, try --help'],
    [['notifier', '--nope'], "unknown long flag '--nope', try --help"],
    [['check', 'config'], "required argument 'FILE…' not provided, try --help"],
    [['notifier', '--web.config.file=w.yml'], '--web.config.file is not supported by this version'],
  ])('refuses %j on stderr with exit code 1', async (argv, error) => {
    expect(await run(argv)).toEqual({ code: 1, out: '', err: `tocsin: error: ${error}\n`, ran: null });
  });

  it('warns of flags without effect and goes on', async () => {
    const { code, err, ran } = await run(['notifier', '--cluster.label=a', '--log.silences']);
    expect(ran).not.toBeNull();
    expect(code).toBe(0);
    expect(err).toContain('warning: --cluster.label has no effect');
    expect(err).toContain('warning: --log.silences has no effect');
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

  it('takes --help after -- for an argument', async () => {
    expect(await run(['check', 'rules', '--', '--help'])).toMatchObject({ ran: { args: ['--help'] } });
  });

  it('prints its version', async () => {
    expect((await run(['--version'])).out).toMatch(/^tocsin, version \S+ /);
  });
});
