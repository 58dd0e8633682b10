import { ALERTS, type KnownAlert, type RouteSpecification, type Scenario, START_MS } from './scenario';

/** What a sender last said of an alert. */
export interface Said {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** When it was begun to be said, and when it was acknowledged (null: not yet), as steps of the world. */
  readonly begunStep: number;
  ackedStep: number | null;
}

export interface TrueSilence {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly startsAtMs: number;
  endsAtMs: number;
  ackedStep: number | null;
  /** Somebody began to end it. */
  endBegunStep: number;
}

/** What is true outside: what was said of alerts, and which silences there are. */
export class Truth {
  /** By index in ALERTS, in order. */
  readonly said: Said[][] = ALERTS.map(() => []);
  readonly silences: TrueSilence[] = [];

  constructor(private readonly scenario: Scenario) {}

  /** What the sender means; undefined: never mentioned. */
  last(alert: number): Said | undefined {
    return this.said[alert]?.at(-1);
  }

  fires(alert: number, nowMs: number): boolean {
    return (this.last(alert)?.endsAtMs ?? 0) > nowMs;
  }

  /** Whether an alert is muted on a route; everything said counts, acknowledged or not. */
  isMuted(alert: KnownAlert, route: RouteSpecification, nowMs: number): boolean {
    const isSilenced = this.silences.some(
      ({ name, value, startsAtMs, endsAtMs }) =>
        alert.labels[name] === value && startsAtMs <= nowMs && nowMs <= endsAtMs,
    );
    const isInhibited = ALERTS.some(
      (source, index) => this.scenario.inhibits && inhibits(source, alert) && this.fires(index, nowMs),
    );
    return isSilenced || isInhibited || isTimeMuted(route, nowMs);
  }

  /** Whether an alert is surely muted for whoever asks after one step and acts before another: what mutes it was
   *  acknowledged before, and nobody has begun to end it. */
  isSurelyMuted(alert: KnownAlert, route: RouteSpecification, nowMs: number, asked: number, acted: number): boolean {
    const isSilenced = this.silences.some(
      ({ name, value, startsAtMs, endsAtMs, ackedStep, endBegunStep }) =>
        alert.labels[name] === value &&
        ackedStep !== null &&
        ackedStep <= asked &&
        endBegunStep > acted &&
        startsAtMs <= nowMs &&
        nowMs <= endsAtMs,
    );
    const isInhibited = ALERTS.some((source, index) => {
      if (!this.scenario.inhibits || !inhibits(source, alert)) return false;
      const said = (this.said[index] ?? []).filter(({ begunStep }) => begunStep <= acted);
      const last = said.at(-1);
      return last !== undefined && last.ackedStep !== null && last.ackedStep <= asked && last.endsAtMs > nowMs;
    });
    return isSilenced || isInhibited || isTimeMuted(route, nowMs);
  }

  /** Whether anything that could ever mute this alert is in the trace. */
  mayBeMuted(alert: KnownAlert, route: RouteSpecification): boolean {
    const { inhibits: isRule } = this.scenario;
    if (route.window !== null || (isRule && alert.labels['severity'] === 'warning')) return true;
    return this.silences.some(({ name, value }) => alert.labels[name] === value);
  }
}

/** The rule: critical alerts mute warnings of their team. */
function inhibits(source: KnownAlert, target: KnownAlert): boolean {
  return (
    source.labels['severity'] === 'critical' &&
    target.labels['severity'] === 'warning' &&
    source.labels['team'] === target.labels['team']
  );
}

function isTimeMuted({ window }: RouteSpecification, nowMs: number): boolean {
  if (window === null) return false;
  const minute = Math.floor((nowMs - START_MS) / 60_000);
  const isInside = minute >= window.from && minute < window.to;
  return window.kind === 'mute' ? isInside : !isInside;
}

/** The routes that an alert takes. */
export function routesOf({ routes }: Pick<Scenario, 'routes'>, alert: KnownAlert): readonly RouteSpecification[] {
  const [root, ...children] = routes;
  const taken: RouteSpecification[] = [];
  for (const child of children) {
    if (child.team !== alert.labels['team']) continue;
    taken.push(child);
    if (!child.continues) break;
  }
  return taken.length > 0 || root === undefined ? taken : [root];
}

/** The group of an alert on a route, by its labels. */
export function groupOf(route: RouteSpecification, alert: KnownAlert): string {
  return JSON.stringify(Object.fromEntries([...route.groupBy].sort().map((name) => [name, alert.labels[name]])));
}
