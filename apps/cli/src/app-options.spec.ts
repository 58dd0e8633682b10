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

  it('takes an empty route prefix for none', () => {
    expect(notifier().routePrefix).toBeUndefined();
    expect(notifier('--web.route-prefix=').routePrefix).toBeUndefined();
    expect(notifier('--web.route-prefix=/').routePrefix).toBe('/');
  });

  it("has Alertmanager's defaults", () => {
    expect(notifier()).toMatchObject({
      dataRetentionMs: 432_000_000,
      maintenanceIntervalMs: 900_000,
      maxSilences: null,
      maxSilenceBytes: null,
      logSilences: false,
      forgetIntervalMs: 1_800_000,
      perAlertnameLimit: null,
      dispatchMaintenanceIntervalMs: 30_000,
      dispatchStartDelayMs: 0,
      restartTimersOnReload: false,
      webTimeoutMs: null,
      webConfigFile: null,
      timelineRetentionMs: 172_800_000,
      timelineMaxEntries: 200_000,
      redisOutageGraceMs: 30_000,
      configFromRedis: false,
      storagePath: 'data/',
    });
    expect(notifier().getConcurrency).toBeGreaterThanOrEqual(8);
  });

  it.each([
    ['--silences.max-silences=5', { maxSilences: 5 }],
    ['--silences.max-silences=-1', { maxSilences: null }],
    ['--silences.max-silence-size-bytes=5', { maxSilenceBytes: 5 }],
    ['--alerts.per-alertname-limit=5', { perAlertnameLimit: 5 }],
    ['--web.get-concurrency=3', { getConcurrency: 3 }],
    ['--web.timeout=1m', { webTimeoutMs: 60_000 }],
    ['--web.timeout=-1s', { webTimeoutMs: null }],
    ['--dispatch.start-delay=-1s', { dispatchStartDelayMs: 0 }],
    ['--web.config.file=web.yml', { webConfigFile: 'web.yml' }],
    ['--dispatch.restart-timers-on-reload', { restartTimersOnReload: true }],
  ])('reads %s', (flag, options) => expect(notifier(flag)).toMatchObject(options));

  it('reads where receivers may be', () => {
    const { egress } = notifier(
      '--receiver.allowed-hosts=a.test,*.b.test',
      '--receiver.allowed-hosts=10.0.0.0/8',
      '--receiver.refuse-private-addresses',
    );
    expect(egress.refusal('x.b.test', '1.2.3.4')).toBeNull();
    expect(egress.refusal('c.test', '10.0.0.1')).toBeNull();
    expect(egress.refusal('c.test', '1.2.3.4')).toBe('c.test is not among the allowed hosts');
    expect(egress.refusal('a.test', '127.0.0.1')).toBe('a.test leads to 127.0.0.1, a private address');
    expect(notifier().egress.refusal('a.test', '127.0.0.1')).toBeNull();
    expect(() => notifier('--receiver.allowed-hosts=http://x.test')).toThrow("got 'http://x.test'");
  });

  it('reads --cluster.config-from-redis, which needs a Redis', () => {
    expect(notifier('--cluster.config-from-redis', '--redis.url=redis://x')).toMatchObject({ configFromRedis: true });
    expect(() => notifier('--cluster.config-from-redis')).toThrow('needs a Redis');
  });

  it.each([
    ['--data.retention=0s', 'alertmanager/app: Options.Retention must be positive (--data.retention)'],
    ['--data.retention=-1h', 'Options.Retention must be positive'],
    ['--data.maintenance-interval=0s', 'Options.MaintenanceInterval must be positive'],
    ['--alerts.gc-interval=0s', 'Options.AlertGCInterval must be positive'],
    ['--dispatch.maintenance-interval=0s', 'Options.DispatchMaintenanceInterval must be positive'],
    ['--config.file=', 'Options.ConfigFile is required'],
    ['--storage.path=', 'Options.DataDir is required'],
  ])('refuses %s', (flag, message) => expect(() => notifier(flag)).toThrow(message));

  it('looks for files of an Alertmanager where state is kept, with a Redis only where it is told to', () => {
    expect(notifier('--redis.url=redis://r').storagePath).toBeNull();
    expect(notifier('--redis.url=redis://r', '--storage.path=am').storagePath).toBe('am');
  });

  it('refuses to take sockets from systemd that it was not given', () => {
    expect(() => notifier('--web.systemd-socket')).toThrow('no socket activation file descriptors found');
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
    expect(warnings).toBe('');
  });

  it('takes the other features', () => {
    const none = {
      receiverNameInMetrics: false,
      alertNamesInMetrics: false,
      groupKeyInMetrics: false,
      eventRecorder: false,
    };
    expect(notifier().features).toEqual(none);
    expect(notifier('--enable-feature=event-recorder').features).toEqual({ ...none, eventRecorder: true });
    const inMetrics = ['receiver-name', 'alert-names', 'group-key'].map((name) => `${name}-in-metrics`).join();
    expect(notifier(`--enable-feature=${inMetrics}`).features).toEqual({
      receiverNameInMetrics: true,
      alertNamesInMetrics: true,
      groupKeyInMetrics: true,
      eventRecorder: false,
    });
  });

  it('checks the ratio of a memory limit it does not set', () => {
    const ratio = (value: string) => notifier('--enable-feature=auto-gomemlimit', `--auto-gomemlimit.ratio=${value}`);
    ratio('1');
    expect(warnings).toContain('auto-gomemlimit has no effect');
    for (const value of ['0', '1.01', '-1']) expect(() => ratio(value)).toThrow('--auto-gomemlimit.ratio must be');
    notifier('--auto-gomemlimit.ratio=7');
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
    [['--datasource.url=http://p', '--datasource.bearer-token-file=/nowhere/token'], 'there is no such file'],
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
