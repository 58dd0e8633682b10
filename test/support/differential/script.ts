import { type Random } from '../random';

/** One thing that happens in a script, ms after its start. */
export type Step =
  | { readonly atMs: number; readonly kind: 'post'; readonly alerts: readonly PlannedAlert[] }
  | {
      readonly atMs: number;
      readonly kind: 'silence';
      readonly key: string;
      readonly matchers: readonly PlannedMatcher[];
      readonly endsAtMs: number;
    }
  | { readonly atMs: number; readonly kind: 'expire'; readonly key: string };

/** Times are ms after the start of the script; null: left to the server. */
export interface PlannedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
}

export interface PlannedMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** Sections of `alertmanager.yml` of one script, as they are before and after the reload. */
export interface ScriptConfig {
  readonly route: object;
  readonly receivers: readonly { readonly name: string; readonly sendResolved: boolean }[];
  readonly inhibitRules: readonly object[];
}

export interface Script {
  readonly id: string;
  /** One for each turn; the second takes effect with the reload of the bundle, if it has one. */
  readonly configs: readonly [ScriptConfig, ScriptConfig];
  readonly steps: readonly Step[];
}

/** Steps happen at whole units; groups flush half a unit later and then once a unit, so that nothing coincides. */
export const UNIT_MS = 1_200;
export const UNITS = 9;
/** At which the configuration changes: apart from steps and from flushes. */
export const RELOAD_AT_MS = 4.75 * UNIT_MS;
/** What `resolve_timeout` is: ends by time-out lie between steps and flushes. */
export const RESOLVE_TIMEOUT_MS = 2.25 * UNIT_MS;

const NAMES = ['A', 'B', 'C'];
const SEVERITIES = ['warning', 'critical'];
const INSTANCES = ['1', '2', '3'];

/** Everything about one script follows from its random numbers. */
export function makeScript(id: string, random: Random): Script {
  const before = makeConfig(id, random);
  const after = chance(random, 60) ? changed(before, random) : before;
  return { id, configs: [before, after], steps: makeSteps(id, random) };
}

function makeConfig(id: string, random: Random): ScriptConfig {
  const main = { name: `${id}-main`, sendResolved: chance(random, 75) };
  const other = { name: `${id}-other`, sendResolved: chance(random, 75) };
  // Each its own: two that look the same hide each other's notifications in Alertmanager, or not, as milliseconds decide.
  const left = ['severity="critical"', 'instance=~"1|2"', 'alertname!="A"', 'alertname=~"[AB]"'];
  const children = Array.from({ length: random.integer(0, 2) }, () => ({
    matchers: left.splice(random.integer(0, left.length - 1), 1),
    continue: chance(random, 40),
    ...(chance(random, 60) && { receiver: random.pick([main.name, other.name]) }),
    // Not an empty list: Alertmanager 0.25 takes it for none, newer ones and we take it for what it says.
    ...(chance(random, 60) && { group_by: groupBy(random, 1) }),
    ...(chance(random, 25) && { mute_time_intervals: [random.pick(['always', 'never'])] }),
    ...(chance(random, 25) && { active_time_intervals: [random.pick(['always', 'never'])] }),
  }));
  return {
    route: {
      matchers: [`script="${id}"`],
      receiver: main.name,
      group_by: groupBy(random),
      // Never a whole number of group intervals: what is exactly due is decided by milliseconds.
      repeat_interval: random.pick(['1h', `${2.5 * UNIT_MS}ms`]),
      routes: children,
    },
    receivers: [main, other],
    inhibitRules: Array.from({ length: random.integer(0, 2) }, () => inhibitRule(id, random)),
  };
}

function groupBy(random: Random, least = 0): readonly string[] {
  const choices = [['alertname'], ['alertname', 'severity'], ['instance'], ['...'], []];
  return random.pick(choices.filter(({ length }) => length >= least));
}

function inhibitRule(id: string, random: Random): object {
  return {
    source_matchers: [`script="${id}"`, random.pick(['severity="critical"', 'alertname="A"', 'instance="1"'])],
    target_matchers: [`script="${id}"`, random.pick(['severity="warning"', 'alertname=~"B|C"', 'instance!="1"'])],
    equal: random.pick([[], ['alertname'], ['instance'], ['instance', 'alertname']]),
  };
}

function changed(config: ScriptConfig, random: Random): ScriptConfig {
  switch (random.pick(['repeat', 'inhibit', 'interval', 'receiver'])) {
    case 'repeat':
      return { ...config, route: { ...config.route, repeat_interval: `${1.5 * UNIT_MS}ms` } };
    case 'inhibit':
      return { ...config, inhibitRules: [] };
    case 'interval':
      return { ...config, route: { ...config.route, mute_time_intervals: ['always'] } };
    default:
      return {
        ...config,
        receivers: config.receivers.map((receiver) => ({ ...receiver, sendResolved: !receiver.sendResolved })),
      };
  }
}

function makeSteps(id: string, random: Random): Step[] {
  const steps: Step[] = [];
  const silences: string[] = [];
  for (let unit = 0; unit < UNITS; unit++) {
    const atMs = unit * UNIT_MS;
    if (unit === 0 || chance(random, 60)) steps.push({ atMs, kind: 'post', alerts: somePosts(id, atMs, random) });
    if (chance(random, 25)) {
      const key = `${id}-${silences.length}`;
      silences.push(key);
      const endsAtMs = atMs + random.integer(1, 5) * UNIT_MS;
      steps.push({ atMs, kind: 'silence', key, matchers: someMatchers(id, random), endsAtMs });
    }
    if (silences.length > 0 && chance(random, 15)) steps.push({ atMs, kind: 'expire', key: random.pick(silences) });
  }
  return steps;
}

function somePosts(id: string, atMs: number, random: Random): PlannedAlert[] {
  const posted = new Map<string, PlannedAlert>();
  for (let count = random.integer(1, 4); count > 0; count--) {
    const labels = {
      script: id,
      alertname: random.pick(NAMES),
      severity: random.pick(SEVERITIES),
      instance: random.pick(INSTANCES),
    };
    posted.set(JSON.stringify(labels), { labels, annotations: { at: String(atMs) }, ...someTimes(atMs, random) });
  }
  return [...posted.values()];
}

function someTimes(atMs: number, random: Random): { startsAtMs: number | null; endsAtMs: number | null } {
  switch (random.pick(['fires', 'fires', 'fires', 'ends', 'ends', 'times out'])) {
    case 'ends':
      return { startsAtMs: atMs - 100, endsAtMs: atMs };
    case 'times out':
      return { startsAtMs: null, endsAtMs: null };
    default:
      return { startsAtMs: atMs, endsAtMs: atMs + 3_600_000 };
  }
}

function someMatchers(id: string, random: Random): PlannedMatcher[] {
  const others: PlannedMatcher[] = [
    { name: 'alertname', value: random.pick(NAMES), isRegex: false, isEqual: true },
    { name: 'instance', value: '1|2', isRegex: true, isEqual: true },
    { name: 'severity', value: 'warning', isRegex: false, isEqual: chance(random, 50) },
    { name: 'alertname', value: 'A.*', isRegex: true, isEqual: false },
  ];
  const count = random.integer(0, 2);
  return [
    { name: 'script', value: id, isRegex: false, isEqual: true },
    ...Array.from({ length: count }, () => random.pick(others)),
  ];
}

function chance(random: Random, percent: number): boolean {
  return random.integer(1, 100) <= percent;
}
