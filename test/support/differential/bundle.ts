import { stringify } from 'yaml';
import { randomFrom } from '../random';
import { makeScript, RESOLVE_TIMEOUT_MS, type Script, UNIT_MS } from './script';

/** Scripts that run side by side on one server, each in routes and labels of its own. */
export interface Bundle {
  readonly scripts: readonly Script[];
  /** Whether the configuration changes in the middle. */
  readonly reloads: boolean;
}

export function makeBundle(seed: number, count: number, reloads: boolean): Bundle {
  const random = randomFrom(seed);
  const scripts = Array.from({ length: count }, (_, index) => makeScript(`s${index}`, random));
  return { scripts, reloads };
}

/** `alertmanager.yml` of all scripts, before (0) or after (1) the reload. */
export function configOf({ scripts }: Bundle, turn: 0 | 1, sinkUrl: string): string {
  const configs = scripts.map(({ configs: [before, after] }) => (turn === 0 ? before : after));
  return stringify({
    global: { resolve_timeout: `${RESOLVE_TIMEOUT_MS}ms` },
    route: {
      receiver: 'nobody',
      group_wait: `${UNIT_MS / 2}ms`,
      group_interval: `${UNIT_MS}ms`,
      routes: configs.map(({ route }) => route),
    },
    inhibit_rules: configs.flatMap(({ inhibitRules }) => inhibitRules),
    receivers: [
      { name: 'nobody' },
      ...configs.flatMap(({ receivers }) =>
        receivers.map(({ name, sendResolved }) => ({
          name,
          webhook_configs: [{ url: sinkUrl, send_resolved: sendResolved }],
        })),
      ),
    ],
    time_intervals: [
      { name: 'always', time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] },
      { name: 'never', time_intervals: [{ years: ['1990'] }] },
    ],
  });
}
