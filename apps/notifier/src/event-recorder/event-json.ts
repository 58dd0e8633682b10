import { isResolved } from '@tocsin/common/alert/alert';
import { labelHash } from '@tocsin/common/labels/label-hash';
import { labelValue, type Labels, sortedNames } from '@tocsin/common/labels/label-set';
import { type MatchOp, matcherText } from '@tocsin/common/matchers/matcher';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type StoredAlert } from '../alerts/alert-book';
import { type GroupRef } from '../grouping/groups';
import { type InhibitRule } from '../inhibition/inhibit-rule';
import { type Silence, type SilenceMatcher } from '../silences/silence';

/** Parts of recorded events as Alertmanager writes them: the JSON form of its protocol buffers, in which 64-bit numbers are
 *  texts and what has its default value is left out. */
export type EventJson = Readonly<Record<string, unknown>>;

/** Fractions of a second have three digits or none. */
export function timeJson(ms: number): string {
  return formatRfc3339Millis(ms).replace('.000Z', 'Z');
}

export function labelsJson(labels: Labels): EventJson {
  return filled({ labels: sortedNames(labels).map((key) => filled({ key, value: labels[key] })) });
}

export function alertJson(alert: StoredAlert, nowMs: number): EventJson {
  return filled({
    fingerprint: decimal(alert.fingerprint),
    name: labelValue(alert.labels, 'alertname'),
    labels: labelsJson(alert.labels),
    annotations: labelsJson(alert.annotations),
    startsAt: timeJson(alert.startsAtMs),
    endsAt: timeJson(alert.endsAtMs),
    resolved: isResolved(alert, nowMs),
  });
}

export function groupedAlertJson(alert: StoredAlert, nowMs: number): EventJson {
  return { hash: decimal(labelHash(alert.labels)), details: alertJson(alert, nowMs) };
}

export function mutedAlertJson({ labels, fingerprint }: StoredAlert): EventJson {
  return { labels: labelsJson(labels), fingerprint: decimal(fingerprint) };
}

export function groupJson({ id, key, labels, route }: GroupRef): EventJson {
  return filled({
    groupKey: key,
    groupLabels: labelsJson(labels),
    groupId: id,
    receiverName: route.receiver,
    matchers: route.matchers.map(matcherJson),
  });
}

export function silenceJson(silence: Silence): EventJson {
  const { id, matcherSets, annotations, startsAtMs, endsAtMs, updatedAtMs, createdBy, comment } = silence;
  return filled({
    id,
    matchers: matcherSets[0]?.map(matcherJson) ?? [],
    annotations: Object.keys(annotations).length === 0 ? undefined : labelsJson(annotations),
    startsAt: timeJson(startsAtMs),
    endsAt: timeJson(endsAtMs),
    updatedAt: timeJson(updatedAtMs),
    createdBy,
    comment,
    matcherSets: matcherSets.map((matchers) => ({ matchers: matchers.map(matcherJson) })),
  });
}

export function inhibitRuleJson({ name, source, target, equal }: InhibitRule): EventJson {
  return filled({
    sourceMatchers: source.map(matcherJson),
    targetMatchers: target.map(matcherJson),
    equalLabels: [...equal].sort(),
    name,
  });
}

const matcherTypes: Readonly<Record<MatchOp, string>> = {
  '=': 'TYPE_EQUAL',
  '!=': 'TYPE_NOT_EQUAL',
  '=~': 'TYPE_REGEXP',
  '!~': 'TYPE_NOT_REGEXP',
};

function matcherJson(matcher: SilenceMatcher): EventJson {
  const { name, op, value } = matcher;
  return filled({ type: matcherTypes[op], name, pattern: value, rendered: matcherText(matcher) });
}

/** A 64-bit number of hex digits. */
export function decimal(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}

/** Without what has its default value. */
export function filled(fields: EventJson): EventJson {
  const isDefault = (value: unknown) =>
    value === undefined ||
    value === '' ||
    value === 0 ||
    value === false ||
    (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)));
}
