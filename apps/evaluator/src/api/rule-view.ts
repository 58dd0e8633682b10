import { compareBytes, type Labels } from '@tocsin/common/labels/label-set';
import { formatRfc3339Nano, GO_ZERO_TIME_MS } from '@tocsin/common/time/rfc3339';
import { goExponentText } from '../evaluation/go-number';
import { type AlertingRule, type RuleGroup } from '../rules/rule-group';
import { isLive, NO_ALERTS, type RuleState, type TrackedAlert } from '../state/alert-state';
import { type RuleHealth } from '../state/rule-state-codec';
import { type GroupState } from '../state/group-states.service';

/** A group with its state; null when it was never evaluated. */
export interface ViewedGroup {
  readonly group: RuleGroup;
  readonly state: GroupState | null;
}

/** Which rules an answer lists; an empty list means all. */
export interface RuleFilter {
  readonly type: 'alert' | 'record' | null;
  readonly ruleNames: readonly string[];
  readonly ruleGroups: readonly string[];
  readonly files: readonly string[];
  readonly excludeAlerts: boolean;
}

/** Groups in the order of the API: by file, then by name. */
export function inApiOrder<T extends { readonly group: RuleGroup }>(groups: readonly T[]): T[] {
  return [...groups].sort(
    (a, b) => compareBytes(a.group.file, b.group.file) || compareBytes(a.group.name, b.group.name),
  );
}

/** The groups of `/api/v1/rules`; those without a rule left are not listed. Source: Prometheus' HTTP API. */
export function ruleGroupViews(groups: readonly ViewedGroup[], filter: RuleFilter) {
  return groups.filter(({ group }) => groupMatches(group, filter)).flatMap((viewed) => groupView(viewed, filter));
}

export type RuleGroupView = ReturnType<typeof ruleGroupViews>[number];

/** The alerts of `/api/v1/alerts`. */
export function alertViews(groups: readonly ViewedGroup[]) {
  return groups.flatMap(({ group, state }) => group.rules.flatMap((rule) => liveAlerts(state?.rules.get(rule.id))));
}

function groupMatches({ name, file }: RuleGroup, { ruleGroups, files, type }: RuleFilter): boolean {
  const isListed = (list: readonly string[], value: string): boolean => list.length === 0 || list.includes(value);
  // All rules of this version are alerting rules.
  return type !== 'record' && isListed(ruleGroups, name) && isListed(files, file);
}

function groupView({ group, state }: ViewedGroup, { ruleNames, excludeAlerts }: RuleFilter) {
  const rules = group.rules.filter(({ name }) => ruleNames.length === 0 || ruleNames.includes(name));
  if (rules.length === 0) return [];
  return [
    {
      name: group.name,
      file: group.file,
      rules: rules.map((rule) => {
        const health = state?.summary.rules[rule.id];
        return ruleView(rule, state?.rules.get(rule.id) ?? NO_ALERTS, health, excludeAlerts);
      }),
      interval: group.intervalMs / 1000,
      limit: group.limit,
      evaluationTime: (state?.summary.durationMs ?? 0) / 1000,
      lastEvaluation: formatRfc3339Nano(state?.summary.evaluatedAtMs ?? GO_ZERO_TIME_MS),
    },
  ];
}

function ruleView(rule: AlertingRule, alerts: RuleState, health: RuleHealth | undefined, excludeAlerts: boolean) {
  return {
    state: health === undefined ? 'unknown' : highestPhase(alerts),
    name: rule.name,
    query: rule.expr,
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    labels: rule.labels,
    annotations: rule.annotations,
    alerts: excludeAlerts ? null : liveAlerts(alerts),
    health: health?.health ?? 'unknown',
    ...(health?.lastError && { lastError: health.lastError }),
    evaluationTime: (health?.durationMs ?? 0) / 1000,
    lastEvaluation: formatRfc3339Nano(health?.evaluatedAtMs ?? GO_ZERO_TIME_MS),
    type: 'alerting',
  };
}

function highestPhase(alerts: RuleState): 'firing' | 'pending' | 'inactive' {
  let highest: 'pending' | 'inactive' = 'inactive';
  for (const { state } of alerts.values()) {
    if (state.phase === 'firing') return 'firing';
    if (state.phase === 'pending') highest = 'pending';
  }
  return highest;
}

function liveAlerts(alerts: RuleState = NO_ALERTS): AlertView[] {
  return [...alerts.values()].filter(isLive).map(alertView);
}

interface AlertView {
  labels: Labels;
  annotations: Labels;
  state: string;
  activeAt: string;
  keepFiringSince?: string;
  value: string;
}

function alertView({ labels, annotations, value, state }: TrackedAlert): AlertView {
  const sinceMs = state.phase === 'firing' ? state.keepFiringSinceMs : null;
  return {
    labels,
    annotations,
    state: state.phase,
    activeAt: formatRfc3339Nano(state.activeAtMs),
    ...(sinceMs !== null && { keepFiringSince: formatRfc3339Nano(sinceMs) }),
    value: goExponentText(value),
  };
}
