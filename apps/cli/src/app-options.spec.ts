import { describe, expect, it } from 'vitest';
import { evaluatorOptions, notifierOptions } from './app-options';
import { EVALUATOR_FLAGS, NOTIFIER_FLAGS, STANDALONE_FLAGS } from './flags';
import { type FlagSection } from './flag';
import { parseFlags } from './parse-flags';

let warnings = '';
const console = { out: () => {}, err: (text: string) => void (warnings += text) };

function given(sections: readonly FlagSection[], ...argv: string[]) {
  const parsed = parseFlags(
    sections.flatMap(({ flags }) => flags),
    argv,
    {},
  );
  if (!parsed.ok) throw new Error(parsed.error);
  warnings = '';
  return parsed.flags;
}

const notifier = (...argv: string[]) => notifierOptions(given(NOTIFIER_FLAGS, ...argv), console);
const evaluator = (...argv: string[]) => evaluatorOptions(given(EVALUATOR_FLAGS, ...argv), '');

describe('notifierOptions', () => {
  it('listens on :9093 by default and wherever it is told', () => {
    expect(notifier().listen).toEqual([{ host: undefined, port: 9093 }]);
    expect(notifier('--web.listen-address=127.0.0.1:1', '--web.listen-address=[::1]:2').listen).toEqual([
      { host: '127.0.0.1', port: 1 },
      { host: '::1', port: 2 },
    ]);
    expect(() => notifier('--web.listen-address=nowhere')).toThrow('expected host:port or :port');
  });

  it('tells an empty route prefix from none', () => {
    expect(notifier().routePrefix).toBeUndefined();
    expect(notifier('--web.route-prefix=').routePrefix).toBe('');
  });

  it('refuses peers without a Redis and names the remedy', () => {
    expect(() => notifier('--cluster.peer=a:9094')).toThrow(/Set REDIS_URL.*--cluster.allow-independent/);
  });

  it('takes peers that are meant, or needless', () => {
    notifier('--cluster.peer=a:9094', '--cluster.allow-independent');
    expect(warnings).toBe('');
    notifier('--cluster.peer=a:9094', '--redis.url=redis://r');
    expect(warnings).toContain('--cluster.peer has no effect');
  });

  it.each([
    ['', 'fallback'],
    ['classic-mode', 'classic'],
    ['utf8-strict-mode,alert-names-in-metrics', 'utf8'],
  ])('reads matchers as --enable-feature=%s says', (features, mode) => {
    expect(notifier(`--enable-feature=${features}`).matcherMode).toBe(mode);
    expect(warnings.includes('alert-names-in-metrics has no effect')).toBe(features.includes('alert-names'));
  });

  it('refuses features it does not know, and both modes at once', () => {
    expect(() => notifier('--enable-feature=x')).toThrow("unknown option 'x' for --enable-feature");
    expect(() => notifier('--enable-feature=classic-mode,utf8-strict-mode')).toThrow('cannot have both');
  });
});

describe('evaluatorOptions', () => {
  it('has no datasource until it is given one', () => {
    expect(evaluator().datasource).toBeNull();
    expect(evaluator('--datasource.url=http://p:9090').datasource).toMatchObject({
      url: 'http://p:9090',
      timeoutMs: 30_000,
    });
  });

  it.each([
    [['--datasource.url=p:9090'], 'expected a URL'],
    [['--notifier.url=am:9093'], 'expected a URL'],
    [['--datasource.url=http://p', '--datasource.basic-auth.password=x'], 'needs --datasource.basic-auth.username'],
    [
      ['--datasource.url=http://p', '--datasource.basic-auth.username=u', '--datasource.bearer-token=t'],
      'exclude each other',
    ],
    [
      ['--datasource.url=http://p', '--datasource.bearer-token=t', '--datasource.bearer-token-file=f'],
      'exclude each other',
    ],
    [
      ['--datasource.url=http://p', '--datasource.bearer-token-file=/nowhere/token'],
      '--datasource.bearer-token-file: ENOENT',
    ],
  ])('refuses %j', (argv, message) => expect(() => evaluator(...argv)).toThrow(message));

  it('hides what it was told in confidence', () => {
    const { datasource } = evaluator(
      '--datasource.url=http://p',
      '--datasource.basic-auth.username=u',
      '--datasource.basic-auth.password=pw',
    );
    expect(datasource?.basicAuth?.password.reveal()).toBe('pw');
    expect(JSON.stringify(datasource)).not.toContain('pw');
  });

  it('reads the prefixed flags in standalone', () => {
    const flags = given(
      STANDALONE_FLAGS,
      '--evaluator.web.listen-address=:1',
      '--evaluator.config.file=p.yml',
      '--rule.file=r.yml',
    );
    expect(evaluatorOptions(flags, 'evaluator.')).toMatchObject({
      listen: [{ port: 1 }],
      configFile: 'p.yml',
      ruleFiles: ['r.yml'],
    });
    expect(notifierOptions(flags, console)).toMatchObject({
      listen: [{ port: 9093 }],
      configFile: 'alertmanager.yml',
    });
  });
});
