import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands';
import { environmentNames, type Flag } from './flag';
import { NOTIFIER_FLAGS, STANDALONE_FLAGS, EVALUATOR_FLAGS } from './flags';
import { parseFlags } from './parse-flags';

const flagsOf = (sections: (typeof COMMANDS)[number]['sections']) => sections.flatMap(({ flags }) => flags);
const names = (sections: (typeof COMMANDS)[number]['sections']) => flagsOf(sections).map(({ name }) => name);

describe.each(COMMANDS.map((command) => [command.name, flagsOf(command.sections)] as const))(
  'tocsin %s',
  (_, flags) => {
    it('has help and a twin of its own in the environment for every flag', () => {
      for (const flag of flags) expect(flag.help, flag.name).toMatch(/^\S.{8,}[.]$/);
      const twins = flags.flatMap(environmentNames);
      for (const twin of twins) expect(twin).toMatch(/^(TOCSIN_[A-Z0-9_]+|REDIS_URL)$/);
      expect(new Set(twins).size).toBe(twins.length);
    });

    it('has defaults that its own parser accepts', () => {
      expect(parseFlags(flags, [], {})).toMatchObject({ ok: true });
    });
  },
);

/** Source: Alertmanager 0.34 `--help`. */
const ALERTMANAGER_FLAGS: readonly [name: string, byDefault: string | null][] = [
  ['config.file', 'alertmanager.yml'],
  ['storage.path', 'data/'],
  ['data.retention', '120h'],
  ['data.maintenance-interval', '15m'],
  ['silences.max-silences', '0'],
  ['silences.max-silence-size-bytes', '0'],
  ['log.silences', 'false'],
  ['alerts.gc-interval', '30m'],
  ['alerts.per-alertname-limit', '0'],
  ['dispatch.maintenance-interval', '30s'],
  ['dispatch.start-delay', '0s'],
  ['web.systemd-socket', 'false'],
  ['web.listen-address', ':9093'],
  ['web.config.file', null],
  ['web.external-url', null],
  ['web.route-prefix', null],
  ['web.get-concurrency', '0'],
  ['web.timeout', '0s'],
  ['auto-gomemlimit.ratio', '0.9'],
  ['cluster.listen-address', '0.0.0.0:9094'],
  ['cluster.advertise-address', null],
  ['cluster.peer-name', null],
  ['cluster.peer', null],
  ['cluster.peer-timeout', '15s'],
  ['cluster.peers-resolve-timeout', '15s'],
  ['cluster.gossip-interval', '200ms'],
  ['cluster.pushpull-interval', '1m'],
  ['cluster.tcp-timeout', '10s'],
  ['cluster.probe-timeout', '500ms'],
  ['cluster.probe-interval', '1s'],
  ['cluster.settle-timeout', '1m'],
  ['cluster.reconnect-interval', '10s'],
  ['cluster.reconnect-timeout', '6h'],
  ['cluster.tls-config', null],
  ['cluster.allow-insecure-public-advertise-address-discovery', 'false'],
  ['cluster.label', null],
  ['enable-feature', ''],
  ['log.level', 'info'],
  ['log.format', 'logfmt'],
];

it.each(['test routes', 'simulate'])('tocsin %s does not hear which file a notifier runs on', (name) => {
  const flags = COMMANDS.filter((command) => command.name === name).flatMap(({ sections }) => flagsOf(sections));
  const parsed = parseFlags(flags, [], { TOCSIN_CONFIG_FILE: '/etc/tocsin/alertmanager.yml' });
  expect(parsed.ok && parsed.flags.text('config.file')).toBe('');
});

describe('the notifier', () => {
  it.each(ALERTMANAGER_FLAGS)("takes Alertmanager's --%s with its default", (name, byDefault) => {
    expect(flagsOf(NOTIFIER_FLAGS).find((flag: Flag) => flag.name === name)).toMatchObject({ default: byDefault });
  });
});

describe('standalone', () => {
  it('takes every flag of both applications, the evaluator’s namesakes with a prefix', () => {
    const standalone = names(STANDALONE_FLAGS);
    for (const name of names(NOTIFIER_FLAGS)) expect(standalone).toContain(name);
    const renamed = names(EVALUATOR_FLAGS).filter((name) => !standalone.includes(name));
    expect(renamed).toEqual([]);
    for (const name of ['config.file', 'web.listen-address', 'web.external-url', 'web.config.file']) {
      expect(standalone).toContain(`evaluator.${name}`);
    }
  });
});
