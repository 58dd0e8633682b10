import { type YamlDocument } from '@tocsin/common/config/yaml-document';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { type RouteFields } from '../routing/route.schema';
import { type NamedInterval } from '../time-intervals/time-interval.schema';
import { type LintFinding, type ReportLint } from './lint-finding';
import { lintInhibitRules } from './lint-inhibit-rules';
import { lintRoutes } from './lint-routes';
import { type ConfigFile } from './notifier-config.schema';

/** Alertmanager's `--data.retention`, ms. */
export const DEFAULT_RETENTION_MS = 120 * 3_600_000;

/** What is hardly meant in a file without mistakes, in its order. */
export function lintConfig(file: ConfigFile, document: YamlDocument, retentionMs: number): LintFinding[] {
  const findings: LintFinding[] = [];
  const report: ReportLint = (code, path, message) => {
    findings.push({ ...document.finding(path, message), code });
  };
  if (file.route) lintRoutes(file.route, retentionMs, report);
  lintInhibitRules(file.inhibitRules, report);
  const routes = file.route ? allRoutes(file.route) : [];
  lintReceivers(file, routes, report);
  const used = new Set(routes.flatMap((route) => [...route.muteTimeIntervals, ...route.activeTimeIntervals]));
  lintIntervals('mute_time_intervals', file.muteTimeIntervals, used, report);
  lintIntervals('time_intervals', file.timeIntervals, used, report);
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

function allRoutes(route: RouteFields): RouteFields[] {
  return [route, ...route.children.flatMap(allRoutes)];
}

function lintReceivers({ receivers }: ConfigFile, routes: readonly RouteFields[], report: ReportLint): void {
  const used = new Set(routes.map(({ receiver }) => receiver));
  for (const [at, { name }] of receivers.entries()) {
    if (used.has(name)) continue;
    report('receiver-unused', ['receivers', at, 'name'], `no route uses receiver ${goQuote(name)}`);
  }
}

function lintIntervals(
  key: string,
  intervals: readonly NamedInterval[],
  used: ReadonlySet<string>,
  report: ReportLint,
): void {
  for (const [at, { name, elements }] of intervals.entries()) {
    const interval = `time interval ${goQuote(name)}`;
    const path = [key, at, 'name'];
    if (!used.has(name)) report('interval-unused', path, `no route uses ${interval}`);
    if (elements.length === 0) report('interval-never', path, `${interval} has no elements, so it is never`);
    for (const [element, { location, ...fields }] of elements.entries()) {
      const place = [key, at, 'time_intervals', element];
      const lists = Object.values(fields);
      if (lists.some((ranges) => ranges?.length === 0)) {
        report('interval-never', place, `${interval}: an element with an empty list is never`);
      }
      if (location === null && lists.some((ranges) => ranges !== null)) {
        const remedy = "say so with location: 'UTC', or name a zone";
        report('interval-without-zone', place, `${interval} has no location and is taken as UTC; ${remedy}`);
      }
    }
  }
}
