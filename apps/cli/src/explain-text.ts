import {
  type ExplanationView,
  type GroupView,
  type IntegrationView,
  type RouteView,
} from '@tocsin/notifier/api/tocsin/explain-view';
import { goQuote } from '@tocsin/common/labels/go-quote';

/** An explanation for people. */
export function explanationText(view: ExplanationView): string {
  const lines = [
    `${labelsText(view.labels)}  ${view.fingerprint}`,
    alertLine(view),
    '',
    'Route',
    ...routeLines(view.route, 1),
    '',
    ...muteLines(view),
    ...view.groups.flatMap((group) => ['', ...groupLines(group)]),
  ];
  return `${lines.join('\n')}\n`;
}

function alertLine({ alert, at }: ExplanationView): string {
  if (alert === null) return `there is no such alert; seen from ${at}, as if it fired`;
  const { status, startsAt, endsAt } = alert;
  return status === 'firing'
    ? `fires since ${startsAt}; without news it ends at ${endsAt}`
    : `ended at ${endsAt}; seen from ${at}`;
}

function routeLines(route: RouteView, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const mark = { matched: '+', 'not matched': '-', 'not asked': ' ' }[route.outcome];
  return [`${indent}${mark} ${routeText(route)}`, ...route.routes.flatMap((child) => routeLines(child, depth + 1))];
}

function routeText({ outcome, matchers, receiver, notifies, continue: goesOn }: RouteView): string {
  if (outcome === 'not asked') return `(${receiver}: not asked, a route before it matched)`;
  const failed = matchers.filter(({ matches }) => !matches).map(({ matcher }) => matcher);
  if (outcome === 'not matched') return `${receiver}: does not match ${failed.join(', ')}`;
  const all =
    matchers.length === 0 ? 'matches everything' : `matches ${matchers.map(({ matcher }) => matcher).join(', ')}`;
  const what = notifies ? `${receiver}: ${all}, notifies` : `${receiver}: ${all}`;
  return goesOn ? `${what}, continues` : what;
}

function muteLines({ inhibitedBy, silencedBy }: ExplanationView): string[] {
  const lines = silencedBy.map(
    ({ id, comment, createdBy, endsAt }) =>
      `silenced by ${id} (${createdBy || 'nobody'}: ${goQuote(comment)}) until ${endsAt}`,
  );
  if (inhibitedBy !== null) {
    const { rule, labels, fingerprint } = inhibitedBy;
    lines.unshift(`inhibited by rule ${rule}: ${labelsText(labels)}  ${fingerprint}`);
  }
  return lines.length === 0 ? ['neither inhibited nor silenced'] : lines;
}

function groupLines(group: GroupView): string[] {
  const { receiver, key, id, alerts, exists, nextFlush, mutedByTime, integrations } = group;
  const lines = [
    `Group of ${receiver}: ${key}  ${id}`,
    exists
      ? `  ${alerts} ${alerts === 1 ? 'alert' : 'alerts'}, next flush ${nextFlush}`
      : `  not there yet; its first flush would be at ${nextFlush}`,
  ];
  if (mutedByTime !== null) {
    const where = mutedByTime.kind === 'mute_time_interval' ? 'within' : 'outside of';
    lines.push(`  muted: ${where} ${mutedByTime.intervals.join(', ')}`);
  }
  if (integrations.length === 0) lines.push('  the receiver has nobody to tell');
  return [...lines, ...integrations.flatMap(integrationLines)];
}

function integrationLines(view: IntegrationView): string[] {
  const { integration, verdict, told, pending, deadLetter, nextRepeat } = view;
  const verdicts: Readonly<Record<string, string>> = {
    none: 'nothing new to tell',
    muted: 'not told: everything is muted',
  };
  const lines = [`  ${integration}: ${verdicts[verdict] ?? `to be told: ${verdict}`}`];
  if (told !== null) {
    lines.push(`    told at ${told.at}: ${told.firing.length} firing, ${told.resolved.length} resolved`);
  }
  if (nextRepeat !== null) lines.push(`    repeated at ${nextRepeat} if nothing changes`);
  if (pending !== null) {
    const { reason, attempts, error, until } = pending;
    lines.push(
      `    on its way: ${reason}, ${attempts} failed attempts${error === null ? '' : ` (${error})`}, given up at ${until}`,
    );
  }
  if (deadLetter !== null) lines.push(`    given up at ${deadLetter.at}: ${deadLetter.reason} (${deadLetter.error})`);
  return lines;
}

/** `{a="b", c="d"}` */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${goQuote(value)}`);
  return `{${pairs.join(', ')}}`;
}
