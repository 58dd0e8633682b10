import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Random } from '../support/random';
import { GRACE_MS } from './connection';
import { type FaultRates, NO_FAULTS } from './world';

/** When all simulations begin: midnight, so that time windows are told by the minute. */
export const START_MS = Date.UTC(2026, 0, 1);

/** How long things happen, and how long nothing does before the state is compared with the truth. */
export const BUSY_MS = 90_000;
export const QUIET_MS = 80_000;

export type Behaviour = 'ok' | 'down' | 'rejecting' | 'hanging' | 'swallowing';

export interface IntegrationSpec {
  readonly sendResolved: boolean;
  readonly onMuted: 'close' | 'ignore' | null;
}

export interface RouteSpecification {
  /** Alerts of this team; null: all that come this far. */
  readonly team: string | null;
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly onMuted: 'close' | 'ignore';
  /** In minutes since the start; muted inside, or outside where it is `active`. */
  readonly window: { readonly kind: 'mute' | 'active'; readonly from: number; readonly to: number } | null;
  readonly continues: boolean;
}

/** What somebody does from outside, at an instant since the start. */
export type Action = { readonly atMs: number } & (
  | { readonly kind: 'fire'; readonly alerts: readonly number[]; readonly forMs: number; readonly isOld: boolean }
  | { readonly kind: 'resolve'; readonly alerts: readonly number[] }
  | { readonly kind: 'silence'; readonly name: string; readonly value: string; readonly forMs: number }
  | { readonly kind: 'unsilence' }
  | { readonly kind: 'receiver'; readonly integration: number; readonly behaviour: Behaviour }
  | { readonly kind: 'away'; readonly forMs: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'kill'; readonly notifier: number }
  | { readonly kind: 'roll'; readonly notifier: number }
);

/** One trace, as its seed makes it. */
export interface Scenario {
  readonly seed: number;
  /** Nothing goes wrong: what is told is known to the message. */
  readonly isExact: boolean;
  /** The shared state is away for longer than the grace, or loses everything. No process ends: what it knew alone would
   *  be lost with it. */
  readonly isOutage: boolean;
  readonly faults: FaultRates;
  /** Clock error of each notifier, ms. */
  readonly skewsMs: readonly number[];
  readonly receivers: Readonly<Record<string, readonly IntegrationSpec[]>>;
  /** The first is the root. */
  readonly routes: readonly RouteSpecification[];
  readonly inhibits: boolean;
  readonly actions: readonly Action[];
}

export interface KnownAlert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string;
}

/** The alerts there are. */
export const ALERTS: readonly KnownAlert[] = [
  ['A', 'x', 'critical'],
  ['A', 'x', 'warning'],
  ['B', 'x', 'warning'],
  ['A', 'y', 'critical'],
  ['B', 'y', 'warning'],
  ['C', 'y', 'warning'],
].map(([alertname = '', team = '', severity = '']) => {
  const labels = { alertname, severity, team };
  return { name: `${alertname}${team}${severity === 'critical' ? '!' : ''}`, labels, fingerprint: fingerprint(labels) };
});

/** What happens in a trace; `isExact`: nothing goes wrong in it. */
export function generateScenario(seed: number, isExact: boolean, random: Random): Scenario {
  const isTrue = (percent: number) => random.integer(1, 100) <= percent;
  const integration = (): IntegrationSpec => ({
    sendResolved: isTrue(80),
    onMuted: random.pick(['close', 'ignore', null, null] as const),
  });
  const route = (team: string | null, receiver: string): RouteSpecification => ({
    team,
    receiver,
    groupBy: random.pick([[], ['alertname'], ['team'], ['alertname', 'team', 'severity']]),
    groupWaitMs: random.pick([1_000, 2_000, 5_000]),
    groupIntervalMs: random.pick([4_000, 6_000, 10_000]),
    repeatIntervalMs: random.pick([15_000, 30_000, 300_000]),
    onMuted: random.pick(['close', 'ignore']),
    window: isTrue(80) ? null : { kind: random.pick(['mute', 'active']), from: random.integer(0, 1), to: 2 },
    continues: isTrue(30),
  });
  const routes = [route(null, 'root')];
  if (isTrue(60)) routes.push(route('y', 'team'));
  if (isTrue(30)) routes.push(route(random.pick(['x', 'y']), 'root'));
  // Which of two integrations is told first may decide when an alert leaves its group, where they want different things.
  const first = integration();
  const notifiers = random.integer(1, 3);
  const scale = isExact ? 0 : random.pick([0, 1, 3, 8]);
  const isOutage = !isExact && isTrue(30);
  // Who works alone is known to have told something later than another one by the time alone.
  const skewMs = isExact || isOutage ? 0 : random.pick([0, 0, 100, 900]);
  return {
    seed,
    isExact,
    isOutage,
    faults: isExact
      ? NO_FAULTS
      : { crash: isOutage ? 0 : scale, pause: scale, error: random.pick([0, scale]), delay: random.pick([0, 5, 20]) },
    skewsMs: Array.from({ length: notifiers }, () => random.integer(-skewMs, skewMs)),
    receivers: { root: isTrue(60) ? [first] : [first, isExact ? first : integration()], team: [integration()] },
    routes,
    inhibits: isTrue(50),
    actions: generateActions(isExact ? CALM_KINDS : isOutage ? OUTAGE_KINDS : FAULT_KINDS, notifiers, random),
  };
}

type Kind = Action['kind'] | 'outage';

const CALM_KINDS: readonly Kind[] = [
  'fire',
  'fire',
  'fire',
  'fire',
  'resolve',
  'resolve',
  'resolve',
  'silence',
  'unsilence',
];
const RECEIVER_KINDS: readonly Kind[] = ['receiver', 'receiver', 'receiver', 'receiver'];
const FAULT_KINDS: readonly Kind[] = [...CALM_KINDS, ...RECEIVER_KINDS, 'away', 'kill', 'roll'];
const OUTAGE_KINDS: readonly Kind[] = [...CALM_KINDS, ...RECEIVER_KINDS, 'outage', 'empty'];

function generateActions(kinds: readonly Kind[], notifiers: number, random: Random): Action[] {
  const actions: Action[] = [];
  const count = random.integer(4, 30);
  // Every instant that something begins or ends at is of its own, to the millisecond of its second: no order is unclear.
  let ownMs = 1;
  const own = (): number => (ownMs += 2);
  const second = (from: number, to: number): number => 1_000 * random.integer(from, to);
  for (let index = 0; index < count; index++) {
    const atMs = second(0, BUSY_MS / 1_000 - 1) + own();
    actions.push({ atMs, ...generateAction(kinds, notifiers, random, () => own() - atMs + second(0, 40)) });
  }
  return actions.sort((a, b) => a.atMs - b.atMs);
}

type Distribute<T> = T extends unknown ? Omit<T, 'atMs'> : never;

function generateAction(
  kinds: readonly Kind[],
  notifiers: number,
  random: Random,
  offsetMs: () => number,
): Distribute<Action> {
  const some = (): number[] => {
    const from = random.integer(0, ALERTS.length - 1);
    return Array.from({ length: random.pick([1, 1, 2, 3]) }, (_, index) => (from + index) % ALERTS.length);
  };
  // Of its own millisecond, and in the future.
  const forMs = (): number => {
    const ms = offsetMs();
    return ms + 1_000 * Math.ceil(Math.max(0, 3_000 - ms) / 1_000);
  };
  const kind = random.pick(kinds);
  switch (kind) {
    case 'fire':
      return {
        kind,
        alerts: some(),
        forMs: forMs() + random.pick([0, 0, 60_000, 400_000]),
        isOld: random.pick([true, false, false]),
      };
    case 'resolve':
      return { kind, alerts: some() };
    case 'silence': {
      const [name, value] = random.pick([
        ['team', 'x'],
        ['team', 'y'],
        ['alertname', 'A'],
        ['alertname', 'B'],
      ] as const);
      return { kind, name, value, forMs: forMs() };
    }
    case 'unsilence':
      return { kind };
    case 'receiver': {
      const behaviour = random.pick(['ok', 'ok', 'down', 'rejecting', 'hanging', 'swallowing'] as const);
      return { kind, integration: random.integer(0, 2), behaviour };
    }
    case 'away':
      return { kind, forMs: random.integer(500, GRACE_MS - 1_000) };
    case 'outage':
      return { kind: 'away', forMs: random.integer(500, 4 * GRACE_MS) };
    case 'empty':
      return { kind };
    case 'kill':
    case 'roll':
      return { kind, notifier: random.integer(0, notifiers - 1) };
  }
}
