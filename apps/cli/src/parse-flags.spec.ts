import { describe, expect, it } from 'vitest';
import { type Flag } from './flag';
import { type FlagValues, parseFlags } from './parse-flags';

const TABLE: readonly Flag[] = [
  { name: 'config.file', kind: 'text', default: 'a.yml', help: '' },
  { name: 'peer', kind: 'text', default: null, repeatable: true, help: '' },
  { name: 'listen', kind: 'text', default: ':1', repeatable: true, help: '' },
  { name: 'log.silences', kind: 'switch', default: 'false', help: '' },
  { name: 'keep', kind: 'duration', default: '120h', help: '' },
  { name: 'limit', kind: 'duration', default: '0s', mayBeNegative: true, help: '' },
  { name: 'most', kind: 'integer', default: '0', help: '' },
  { name: 'ratio', kind: 'number', default: '0.9', help: '' },
  { name: 'level', kind: 'text', default: 'info', choices: ['info', 'debug'], help: '' },
  { name: 'redis.url', kind: 'text', default: null, environment: 'REDIS_URL', help: '' },
];

function read(
  argv: string[],
  environment: Record<string, string> = {},
): { flags: FlagValues; args: readonly string[] } {
  const parsed = parseFlags(TABLE, argv, environment);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed;
}

describe('parseFlags', () => {
  it.each<[string, string[], (flags: FlagValues) => unknown, unknown]>([
    ['a value after a space', ['--config.file', 'b.yml'], (flags) => flags.text('config.file'), 'b.yml'],
    ['a value after =', ['--config.file=b=c.yml'], (flags) => flags.text('config.file'), 'b=c.yml'],
    ['an empty value', ['--config.file='], (flags) => flags.text('config.file'), ''],
    ['the default', [], (flags) => flags.text('config.file'), 'a.yml'],
    ['no value without a default', [], (flags) => flags.text('redis.url'), ''],
    ['every value of a repeatable flag', ['--peer=a', '--peer', 'b'], (flags) => flags.texts('peer'), ['a', 'b']],
    ['values in place of a default, not beside it', ['--listen=:2'], (flags) => flags.texts('listen'), [':2']],
    ['a switch', ['--log.silences'], (flags) => flags.isOn('log.silences'), true],
    ['a negated switch', ['--no-log.silences'], (flags) => flags.isOn('log.silences'), false],
    ['a switch with a value', ['--log.silences=yes'], (flags) => flags.isOn('log.silences'), true],
    ['a duration of Go', ['--keep=1.5h'], (flags) => flags.durationMs('keep'), 5_400_000],
    ['a duration of Prometheus', ['--keep=2d'], (flags) => flags.durationMs('keep'), 172_800_000],
    ['a negative duration where that means something', ['--limit=-1s'], (flags) => flags.durationMs('limit'), -1_000],
    ['a whole number', ['--most', '-1'], (flags) => flags.number('most'), -1],
    ['a number', ['--ratio=.5'], (flags) => flags.number('ratio'), 0.5],
  ])('reads %s', (_, argv, get, expected) => expect(get(read(argv).flags)).toEqual(expected));

  it.each([
    ['a flag nobody knows', ['--x'], "unknown long flag '--x', try --help"],
    ['a flag nobody knows, with a value', ['--x=1'], "unknown long flag '--x', try --help"],
    ['the negation of what is no switch', ['--no-config.file'], "unknown long flag '--no-config.file', try --help"],
    ['a negation with a value', ['--no-log.silences=1'], "unknown long flag '--no-log.silences', try --help"],
    ['a short flag', ['-x'], "unknown short flag '-x', try --help"],
    ['a missing value', ['--config.file'], "expected argument for flag '--config.file', try --help"],
    [
      'a flag where a value belongs',
      ['--config.file', '--keep=1h'],
      "expected argument for flag '--config.file', try --help",
    ],
    ['a repeated flag', ['--keep=1h', '--keep=2h'], "flag 'keep' cannot be repeated, try --help"],
    ['a wrong duration', ['--keep=soon'], "--keep: expected a duration such as 30s, 1h30m or 2d, got 'soon'"],
    ['a negative duration', ['--keep=-1h'], "--keep: a duration cannot be negative: '-1h'"],
    ['a wrong number', ['--most=1.5'], "--most: expected a whole number, got '1.5'"],
    ['no number', ['--ratio='], "--ratio: expected a number, got ''"],
    ['a wrong choice', ['--level=loud'], "--level: expected one of info, debug, got 'loud'"],
    ['a wrong switch', ['--log.silences=maybe'], "--log.silences: expected true or false, got 'maybe'"],
  ])('refuses %s', (_, argv, error) => expect(parseFlags(TABLE, argv, {})).toEqual({ ok: false, error }));

  it('hands on arguments, and everything after --', () => {
    expect(read(['a', '--keep=1h', 'b', '-', '--', '--config.file', '-x']).args).toEqual([
      'a',
      'b',
      '-',
      '--config.file',
      '-x',
    ]);
  });

  it('takes the twin in the environment where no flag is given', () => {
    const environment = { TOCSIN_CONFIG_FILE: 'env.yml', TOCSIN_LOG_SILENCES: '1', TOCSIN_PEER: 'a,b' };
    const { flags } = read([], environment);
    expect(flags.text('config.file')).toBe('env.yml');
    expect(flags.isOn('log.silences')).toBe(true);
    expect(flags.texts('peer')).toEqual(['a', 'b']);
    expect(read(['--config.file=flag.yml'], environment).flags.text('config.file')).toBe('flag.yml');
  });

  it('takes an empty variable for none', () => {
    expect(read([], { TOCSIN_CONFIG_FILE: '' }).flags.text('config.file')).toBe('a.yml');
  });

  it('names the variable a wrong value came from', () => {
    expect(parseFlags(TABLE, [], { TOCSIN_KEEP: 'x' })).toMatchObject({
      error: expect.stringMatching(/^TOCSIN_KEEP: /),
    });
  });

  it('prefers the twin to a further name in the environment', () => {
    expect(read([], { REDIS_URL: 'redis://b' }).flags.text('redis.url')).toBe('redis://b');
    expect(read([], { REDIS_URL: 'redis://b', TOCSIN_REDIS_URL: 'redis://a' }).flags.text('redis.url')).toBe(
      'redis://a',
    );
  });

  it('tells what was set from what is default', () => {
    const { flags } = read(['--keep=120h'], { TOCSIN_MOST: '0' });
    expect(['keep', 'most', 'ratio'].map((name) => flags.isSet(name))).toEqual([true, true, false]);
  });

  it('throws when a command asks for a flag it lacks', () => {
    expect(() => read([]).flags.text('nope')).toThrow('no flag --nope');
  });
});
