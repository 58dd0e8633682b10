import { AppError } from '@tocsin/common/errors/app-error';
import { type Labels } from '@tocsin/common/labels/label-set';
import { labelsKey } from './alert-labels';
import { type AlertState, type Inactive, NO_ALERTS, type RuleState, type TrackedAlert } from './alert-state';
import { RULE_STATE_NEWER } from './rule-state.errors';

/** Stored form of a rule's alerts. */
interface StoredRule {
  v: 1;
  alerts: StoredAlert[];
}

interface StoredAlert {
  labels: Labels;
  annotations: Labels;
  /** As text, because JSON has no NaN and no infinities. */
  value: string;
  state: Exclude<AlertState, Inactive>;
}

/** What is stored of a group beside its rules' alerts; it serves the API of every instance. */
export interface GroupSummary {
  /** The interval at the last evaluation, ms: tells missed slots from a changed interval. */
  readonly intervalMs: number;
  /** Wall-clock start of the last evaluation, epoch ms. */
  readonly evaluatedAtMs: number;
  readonly durationMs: number;
  /** By rule id. */
  readonly rules: Readonly<Record<string, RuleHealth>>;
  /** Stored rules the group no longer has, with the slot since which: another instance may still have them. */
  readonly orphans: Readonly<Record<string, number>>;
}

export interface RuleHealth {
  readonly health: 'ok' | 'err';
  /** Empty when the last evaluation succeeded. */
  readonly lastError: string;
  readonly durationMs: number;
  readonly evaluatedAtMs: number;
}

export function encodeRuleState(state: RuleState): string {
  const alerts = Array.from(state.values(), ({ labels, annotations, value, state }): StoredAlert => {
    return { labels, annotations, value: String(value), state };
  });
  return JSON.stringify({ v: 1, alerts } satisfies StoredRule);
}

export function decodeRuleState(text: string): RuleState {
  const { alerts } = parseVersioned<StoredRule>(text);
  if (alerts.length === 0) return NO_ALERTS;
  return new Map(
    alerts.map(({ value, ...alert }): [string, TrackedAlert] => [
      labelsKey(alert.labels),
      { ...alert, value: Number(value), annotationSource: null },
    ]),
  );
}

export function encodeSummary(summary: GroupSummary): string {
  return JSON.stringify({ v: 1, ...summary });
}

export function decodeSummary(text: string): GroupSummary {
  return parseVersioned<GroupSummary & { v: 1 }>(text);
}

/** Written by us alone, so only the version is checked; unknown fields are a newer version's and are ignored. */
function parseVersioned<T extends { v: 1 }>(text: string): T {
  const parsed = JSON.parse(text) as { v: number };
  if (parsed.v !== 1) throw new AppError(RULE_STATE_NEWER, `rule state of version ${parsed.v} cannot be read`);
  return parsed as T;
}
