import { EmbeddedLineLog } from '@tocsin/common/embedded/embedded-line-log';
import { type Attempt, describe } from './receivers';
import { ALERTS, type IntegrationSpec, type RouteSpecification, type Scenario } from './scenario';
import { type Trace } from './trace';
import { groupOf, routesOf } from './truth';

/** One (integration, group) as a receiver sees it, and what is true of it. */
export interface Told {
  readonly key: string;
  readonly spec: IntegrationSpec;
  readonly closes: boolean;
  readonly route: RouteSpecification;
  /** Indices of the alerts that belong to it. */
  readonly alerts: readonly number[];
}

/** All there can be. */
export function allTold(scenario: Scenario): Told[] {
  const byKey = new Map<string, Told & { alerts: number[] }>();
  ALERTS.forEach((alert, index) => {
    for (const route of routesOf(scenario, alert)) {
      const path = route.team === null ? '{}' : `{}/{team="${route.team}"}`;
      (scenario.receivers[route.receiver] ?? []).forEach((spec, position) => {
        const key = `${route.receiver}/webhook/${position} ${path} ${groupOf(route, alert)}`;
        const closes = (spec.onMuted ?? route.onMuted) === 'close';
        const known = byKey.get(key) ?? { key, spec, closes, route, alerts: [] };
        known.alerts.push(index);
        byKey.set(key, known);
      });
    }
  });
  return [...byKey.values()];
}

/** What must hold once nothing has happened for a while. Answers what does not. */
export function checkQuiet(trace: Trace): string[] {
  const found = [...trace.watch.violations];
  for (const told of allTold(trace.scenario)) {
    const heard = trace.receivers.heard.filter(({ key }) => key === told.key);
    found.push(...checkDuplicates(trace, told, heard), ...checkSequences(heard), ...checkState(trace, told, heard));
    if (told.closes && told.spec.sendResolved)
      found.push(...checkBrackets(trace.receivers.attempts.filter(({ key }) => key === told.key)));
  }
  return found;
}

/** The same thing twice in a row is told only where the first attempt may not have been recorded. */
function checkDuplicates(
  { scenario, receivers, shared }: Trace,
  { key, spec, closes, route }: Told,
  heard: readonly Attempt[],
): string[] {
  // Without resolved ones a receiver cannot tell that something began anew; the starts of alerts tell.
  const slackMs = 2 * Math.max(...scenario.skewsMs.map(Math.abs));
  const again: Attempt[] = [];
  let before: Attempt | undefined;
  for (const attempt of heard) {
    const apartMs = (attempt.heardMs ?? 0) - (before?.heardMs ?? 0);
    const isSame = before?.content === attempt.content && apartMs <= route.repeatIntervalMs - slackMs;
    if (isSame && (spec.sendResolved || attempt.reason !== 'first notification')) again.push(attempt);
    else before = attempt;
  }
  // Where every end is told, so is anew what an end without an answer may have closed.
  const allowed = receivers.attempts.filter(
    (a) => a.key === key && a.isDisturbed && (closes || a.heardMs !== null),
  ).length;
  // What was told just before everything was lost, nobody may have heard of.
  if (again.length <= allowed + shared.losses) return [];
  return [
    `told ${again.length} times again where ${allowed} attempts may have been repeated: ${again.map(describe).join('; ')}`,
  ];
}

/** Sequences only grow, but for attempts that were overtaken or repeated, or made by one that knew of no others. */
function checkSequences(heard: readonly Attempt[]): string[] {
  let highest: Attempt | null = null;
  const found: string[] = [];
  for (const attempt of heard.filter(({ isAlone }) => !isAlone)) {
    if (highest !== null && !attempt.isDisturbed) {
      const isRepeated = attempt.sequence === highest.sequence && highest.isDisturbed;
      if (attempt.sequence < highest.sequence || (attempt.sequence === highest.sequence && !isRepeated)) {
        found.push(`sequence went back: ${describe(attempt)} after ${describe(highest)}`);
      }
    }
    if (highest === null || attempt.sequence > highest.sequence || !attempt.isDisturbed) highest = attempt;
  }
  return found;
}

/** What a receiver takes note of: it ignores what comes late, by its sequence. */
function inSequence(heard: readonly Attempt[]): Attempt[] {
  let highest = -Infinity;
  return heard.filter(({ sequence, isAlone }) => {
    const isLate = sequence < highest && !isAlone;
    if (!isAlone) highest = Math.max(highest, sequence);
    return !isLate;
  });
}

/** Nothing is lost: what fires is known to fire, and what is over to be over. */
function checkState(
  { truth, world }: Trace,
  { key, spec, closes, route, alerts }: Told,
  heard: readonly Attempt[],
): string[] {
  const { nowMs } = world;
  const noted = inSequence(heard);
  const found: string[] = [];
  const fires = alerts.filter((index) => truth.fires(index, nowMs));
  const isHeard = fires.filter((index) => !truth.isMuted(ALERTS[index]!, route, nowMs));
  for (const index of alerts) {
    const alert = ALERTS[index]!;
    const { name } = alert;
    const last = noted.findLast(({ firing, resolved }) => firing.includes(name) || resolved.includes(name));
    const isOpen = last?.firing.includes(name) ?? false;
    // Nobody knows whether this was heard: the attempt was never answered, or its process died before it took note.
    if (last !== undefined && last.isDisturbed && !last.isOver) continue;
    if (isHeard.includes(index) && !isOpen) found.push(`${key} does not know that ${name} fires`);
    if (!isOpen || !spec.sendResolved || isHeard.includes(index)) continue;
    // Elsewhere Alertmanager's table decides, which knows of no second one that told something else at the same time.
    const mustKnow = closes || (!truth.mayBeMuted(alert, route) && !world.wasAnyAlone);
    if (!fires.includes(index) && mustKnow) {
      found.push(`${key} believes that ${name} fires, which is over`);
    } else if (closes && fires.includes(index) && isHeard.length === 0) {
      found.push(`${key} believes that ${name} fires, which is muted as all else is`);
    }
  }
  return found;
}

/** No end without a beginning, or without an attempt that may have been one: nobody knows what became of it. */
function checkBrackets(attempts: readonly Attempt[]): string[] {
  const heard = attempts.filter(({ heardMs }) => heardMs !== null);
  const open = new Set<string>();
  const closedMs = new Map<string, number>();
  const found: string[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const isHeard = attempt.heardMs !== null;
    for (const name of isHeard ? attempt.resolved : []) {
      const isAgain = heard.some((other) => other !== attempt && other.isDisturbed && other.resolved.includes(name));
      // One that hung may have been heard after an end that was told meanwhile.
      const mayBeOpen = attempts
        .slice(0, index)
        .some((o) => o.isDisturbed && o.firing.includes(name) && o.untilMs > (closedMs.get(name) ?? -Infinity));
      if (!open.has(name) && !attempt.isDisturbed && !isAgain && !mayBeOpen) {
        found.push(`an end without a beginning: ${name} in ${describe(attempt)}`);
      }
    }
    if (isHeard || attempt.isDisturbed) for (const name of attempt.firing) open.add(name);
    if (!isHeard || attempt.isDisturbed) continue;
    for (const name of attempt.resolved) {
      open.delete(name);
      closedMs.set(name, attempt.heardMs ?? 0);
    }
  }
  return found;
}

/** What must be gone once all alerts have ended and everybody knows. */
export async function checkEnd(trace: Trace): Promise<string[]> {
  const { shared, notifiers, scenario } = trace;
  const found: string[] = [];
  const lanes = [...new Set(notifiers.flatMap((notifier) => notifier?.active.config.routes.lane ?? []))];
  const groups = await shared.groups.size(lanes);
  if (groups > 0) found.push(`${groups} groups still have timers`);
  const keys = Object.entries(scenario.receivers).flatMap(([name, specs]) =>
    specs.map((_, i) => `${name}/webhook/${i}`),
  );
  const deliveries = await shared.deliveries.size(keys);
  if (deliveries > 0) found.push(`${deliveries} deliveries are still due`);
  // Alerts are kept for a minute after their end, and forgotten every quarter of one.
  const kept = shared.all().filter(({ endsAtMs }) => endsAtMs < trace.world.nowMs - 90_000);
  if (kept.length > 0) found.push(`${kept.length} alerts are still in the book`);
  const expiring = new Set([...shared.store.table('notification-expiry').entries()].map(({ key }) => key));
  // What an instance of the old configuration did not get to do is left undone: its timers are nobody's any more.
  const isRolled = scenario.actions.some(({ kind }) => kind === 'roll');
  const records = new EmbeddedLineLog(shared.store.textTable('notification-log'), () => null).load();
  for (const key of isRolled ? [] : records.keys()) {
    const groupId = key.slice(key.indexOf(':') + 1, key.indexOf(':') + 1 + Number.parseInt(key, 10));
    if (!expiring.has(groupId)) found.push(`the record of ${groupId} is kept for ever`);
  }
  for (const notifier of notifiers) {
    const left = notifier === null ? 0 : [...notifier.active.groups.groups()].length;
    if (left > 0) found.push(`${notifier?.process.name} still has ${left} groups`);
  }
  return found;
}
