import { allTold, type Told } from './checks';
import { type Action, ALERTS, type RouteSpecification, type Scenario, START_MS } from './scenario';
import { groupOf, routesOf, Truth } from './truth';

/** One notification as it should be. */
export interface Expected {
  readonly atMs: number;
  readonly reason: string;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

/** What a receiver's integration was told last of a group. */
interface Note {
  readonly atMs: number;
  readonly firing: ReadonlySet<number>;
  readonly resolved: ReadonlySet<number>;
  /** Told as firing and not as ended since. */
  readonly open: ReadonlySet<number>;
}

interface Group {
  readonly id: string;
  readonly route: RouteSpecification;
  readonly told: readonly Told[];
  dueMs: number | null;
  readonly members: Set<number>;
  readonly notes: Map<string, Note>;
  notesEndMs: number;
}

/**
 * What one notifier that never fails tells receivers that always listen: Alertmanager's rules and those of
 * `on_muted: close`, written down once more, in one thread and without anything that could go wrong.
 */
export class Reference {
  readonly told = new Map<string, Expected[]>();
  private readonly truth: Truth;
  private readonly groups = new Map<string, Group>();

  /** `hasTimer` tells whether an empty group's timer still runs: it may go at once or with its next flush. */
  constructor(
    private readonly scenario: Scenario,
    private readonly hasTimer: (key: string, nowMs: number) => boolean,
  ) {
    this.truth = new Truth(scenario);
    for (const told of allTold(scenario)) this.groupOf(told);
  }

  run(untilMs: number): void {
    let next = 0;
    const { actions } = this.scenario;
    for (;;) {
      const actionMs = START_MS + (actions[next]?.atMs ?? Infinity);
      const group = [...this.groups.values()].reduce((a, b) => ((b.dueMs ?? Infinity) < (a.dueMs ?? Infinity) ? b : a));
      const flushMs = group.dueMs ?? Infinity;
      if (Math.min(actionMs, flushMs) > untilMs) return;
      if (actionMs < flushMs) this.act(actions[next++] as Action, actionMs);
      else this.flush(group, flushMs);
    }
  }

  private act(action: Action, nowMs: number): void {
    const { truth } = this;
    if (action.kind === 'fire') {
      const news = action.alerts.filter((index) => this.fire(index, nowMs, action.forMs, action.isOld));
      for (const index of news) this.join(index, nowMs);
    } else if (action.kind === 'resolve') {
      for (const index of action.alerts)
        if (truth.fires(index, nowMs)) this.say(index, truth.last(index)?.startsAtMs ?? 0, nowMs);
    } else if (action.kind === 'silence') {
      const { name, value, forMs } = action;
      truth.silences.push({
        id: '',
        name,
        value,
        startsAtMs: nowMs,
        endsAtMs: nowMs + forMs,
        ackedStep: 0,
        endBegunStep: 0,
      });
    } else if (action.kind === 'unsilence') {
      const last = truth.silences.filter(({ endsAtMs }) => endsAtMs > nowMs).at(-1);
      if (last !== undefined) last.endsAtMs = nowMs;
    }
  }

  /** False: it fires already, and is only said again. */
  private fire(index: number, nowMs: number, forMs: number, isOld: boolean): boolean {
    const last = this.truth.last(index);
    const fires = last !== undefined && this.truth.fires(index, nowMs);
    if (fires) this.say(index, last.startsAtMs, Math.max(last.endsAtMs, nowMs + forMs));
    else this.say(index, isOld && last === undefined ? nowMs - 60_000 : nowMs, nowMs + forMs);
    return !fires;
  }

  private say(index: number, startsAtMs: number, endsAtMs: number): void {
    this.truth.said[index]?.push({ startsAtMs, endsAtMs, begunStep: 0, ackedStep: 0 });
  }

  private join(index: number, nowMs: number): void {
    const alert = ALERTS[index]!;
    const startsAtMs = this.truth.last(index)?.startsAtMs ?? 0;
    for (const route of routesOf(this.scenario, alert)) {
      const group = this.groups.get(idOf(this.scenario, route, groupOf(route, alert)));
      group?.members.add(index);
      const isLate = startsAtMs + route.groupWaitMs < nowMs;
      if (group) group.dueMs ??= isLate ? nowMs : nowMs + route.groupWaitMs;
    }
  }

  private flush(group: Group, nowMs: number): void {
    const { truth } = this;
    const { route, members, notes } = group;
    if (nowMs >= group.notesEndMs) notes.clear();
    const ordered = [...members];
    const over = ordered.filter((index) => !truth.fires(index, nowMs));
    const muted = ordered.filter((index) => truth.isMuted(ALERTS[index]!, route, nowMs));
    let leaving: readonly number[] | null = null;
    for (const told of group.told) {
      const gone = this.tell(group, told, { over, muted, nowMs });
      if (gone !== null) leaving = gone;
    }
    for (const index of leaving ?? over) members.delete(index);
    // Who lets alerts go writes the records, and what is written is kept while the group lives.
    if (over.length > 0) group.notesEndMs = Infinity;
    group.dueMs = nowMs + route.groupIntervalMs;
    if (members.size > 0) return;
    group.notesEndMs = nowMs + 2 * Math.max(route.repeatIntervalMs, route.groupIntervalMs);
    if (!group.told.some(({ key }) => this.hasTimer(key, nowMs))) group.dueMs = null;
  }

  /** What leaves the group with the notification; null: there is none. */
  private tell(
    group: Group,
    { key, spec, closes }: Told,
    { over, muted, nowMs }: { over: readonly number[]; muted: readonly number[]; nowMs: number },
  ): readonly number[] | null {
    const note = group.notes.get(key);
    const all = [...group.members];
    const firing = all.filter((index) => !over.includes(index) && !muted.includes(index));
    const mutedFiring = all.filter((index) => !over.includes(index) && muted.includes(index));
    const isOpen = (index: number): boolean => note?.open.has(index) ?? false;
    const closed = closes && firing.length === 0 ? mutedFiring.filter(isOpen) : [];
    const ended = closes ? [...over.filter(isOpen), ...closed] : over.filter((index) => !muted.includes(index));
    if (!closes && muted.length > 0 && firing.length + ended.length === 0) return null;
    const reason = reasonFor(note, { firing, ended, closes, spec, repeatMs: group.route.repeatIntervalMs, nowMs });
    if (reason === null) return null;
    group.notesEndMs = Infinity;
    const open = new Set(closes ? [...(note?.open ?? []), ...firing] : firing);
    for (const index of ended) open.delete(index);
    group.notes.set(key, { atMs: nowMs, firing: new Set(firing), resolved: new Set(ended), open });
    if (firing.length === 0 && !spec.sendResolved) return null;
    const list = this.told.get(key) ?? [];
    this.told.set(key, list);
    const isMute = reason === 'all alerts resolved' && closed.length > 0;
    list.push({
      atMs: nowMs,
      reason: isMute ? 'muted' : reason,
      firing: names(firing),
      resolved: spec.sendResolved ? names(ended) : [],
    });
    return closes ? ended.filter((index) => over.includes(index)) : over;
  }

  private groupOf(told: Told): void {
    const [index = 0] = told.alerts;
    const id = idOf(this.scenario, told.route, groupOf(told.route, ALERTS[index]!));
    const known = this.groups.get(id);
    this.groups.set(id, {
      id,
      route: told.route,
      told: [...(known?.told ?? []), told],
      dueMs: null,
      members: new Set(),
      notes: new Map(),
      notesEndMs: Infinity,
    });
  }
}

/** Alertmanager's table; with `on_muted: close` ends are those the receiver waits for. */
function reasonFor(
  note: Note | undefined,
  {
    firing,
    ended,
    closes,
    spec,
    repeatMs,
    nowMs,
  }: {
    firing: readonly number[];
    ended: readonly number[];
    closes: boolean;
    spec: Told['spec'];
    repeatMs: number;
    nowMs: number;
  },
): string | null {
  if (note === undefined) return firing.length > 0 ? 'first notification' : null;
  if (firing.some((index) => !note.firing.has(index))) {
    return note.firing.size > 0 ? 'new alerts added' : 'first notification';
  }
  const isEndNews = closes ? ended.length > 0 : ended.some((index) => !note.resolved.has(index));
  if (firing.length === 0) return (closes ? isEndNews : note.firing.size > 0) ? 'all alerts resolved' : null;
  if (spec.sendResolved && isEndNews) return 'some alerts resolved';
  return note.atMs < nowMs - repeatMs ? 'repeat interval elapsed' : null;
}

function idOf({ routes }: Scenario, route: RouteSpecification, labels: string): string {
  return `${routes.indexOf(route)} ${labels}`;
}

function names(alerts: readonly number[]): string[] {
  return alerts.map((index) => ALERTS[index]?.name ?? '').sort();
}
