import { labelValue, type Labels } from '@tocsin/common/labels/label-set';
import { type Scenario } from './scenario';

/** A case of a file for `tocsin test routes`. */
export interface RouteTest {
  readonly name: string;
  readonly scenario: Scenario;
  /** What is null is not looked at. */
  readonly expect: {
    /** All receivers that any alert leads to. */
    readonly receivers: readonly string[] | null;
    readonly groups: readonly ExpectedGroup[] | null;
    readonly notifications: readonly ExpectedNotification[] | null;
  };
}

/** A group there must be; what is null may be anything. */
export interface ExpectedGroup {
  readonly receiver: string | null;
  readonly labels: Labels | null;
  readonly alerts: readonly Labels[] | null;
}

/** A notification there must be; what is null may be anything. */
export interface ExpectedNotification {
  readonly atMs: number | null;
  readonly receiver: string | null;
  readonly status: string | null;
  readonly reason: string | null;
  /** Labels that each alert has, besides others; no alert more. */
  readonly alerts: readonly Labels[] | null;
}

/** A group alerts are in. */
export interface ActualGroup {
  readonly receiver: string;
  readonly labels: Labels;
  readonly alerts: readonly Labels[];
}

/** A notification that is told, by however many integrations of a receiver. */
export interface ActualNotification {
  readonly atMs: number;
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly reason: string;
  readonly alerts: readonly Labels[];
}

/** What a case comes to; what the case does not look at is null. */
export interface RouteTestOutcome {
  readonly receivers: readonly string[];
  readonly groups: readonly ActualGroup[];
  readonly notifications: readonly ActualNotification[] | null;
}

/** What was expected and is not there, and what is there besides. */
export interface Difference<Expected, Actual> {
  readonly missing: readonly Expected[];
  readonly extra: readonly Actual[];
}

/** How the outcome of a case differs from what it expects. */
export interface RouteTestDifferences {
  readonly receivers: Difference<string, string>;
  readonly groups: Difference<ExpectedGroup, ActualGroup>;
  readonly notifications: Difference<ExpectedNotification, ActualNotification>;
}

/** Compares what came with what was expected. */
export function differences({ expect }: RouteTest, outcome: RouteTestOutcome): RouteTestDifferences {
  return {
    receivers: differenceOf(expect.receivers, outcome.receivers, (a, b) => a === b),
    groups: differenceOf(expect.groups, outcome.groups, isGroup),
    notifications: differenceOf(expect.notifications, outcome.notifications ?? [], isNotification),
  };
}

/** Whether anything differs. */
export function isDifferent({ receivers, groups, notifications }: RouteTestDifferences): boolean {
  return [receivers, groups, notifications].some(({ missing, extra }) => missing.length + extra.length > 0);
}

function isGroup(expected: ExpectedGroup, actual: ActualGroup): boolean {
  return (
    (expected.receiver ?? actual.receiver) === actual.receiver &&
    (expected.labels === null || (has(actual.labels, expected.labels) && has(expected.labels, actual.labels))) &&
    areAlerts(expected.alerts, actual.alerts)
  );
}

function isNotification(expected: ExpectedNotification, actual: ActualNotification): boolean {
  return (
    (expected.atMs ?? actual.atMs) === actual.atMs &&
    (expected.receiver ?? actual.receiver) === actual.receiver &&
    (expected.status ?? actual.status) === actual.status &&
    (expected.reason ?? actual.reason) === actual.reason &&
    areAlerts(expected.alerts, actual.alerts)
  );
}

function areAlerts(expected: readonly Labels[] | null, actual: readonly Labels[]): boolean {
  const { missing, extra } = differenceOf(expected, actual, (wanted, labels) => has(labels, wanted));
  return missing.length + extra.length === 0;
}

function has(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labelValue(labels, name) === value);
}

/** Pairs what was expected with what came, so that as few as possible are left over. */
function differenceOf<Expected, Actual>(
  expected: readonly Expected[] | null,
  actual: readonly Actual[],
  fits: (expected: Expected, actual: Actual) => boolean,
): Difference<Expected, Actual> {
  if (expected === null) return { missing: [], extra: [] };
  /** Of each actual one the index of the expected one it is paired with. */
  const pairs = new Map<Actual, number>();
  const pairUp = (index: number, tried: Set<Actual>): boolean => {
    for (const candidate of actual) {
      if (tried.has(candidate) || !fits(expected[index] as Expected, candidate)) continue;
      tried.add(candidate);
      const rival = pairs.get(candidate);
      if (rival !== undefined && !pairUp(rival, tried)) continue;
      pairs.set(candidate, index);
      return true;
    }
    return false;
  };
  const missing = expected.filter((_, index) => !pairUp(index, new Set()));
  return { missing, extra: actual.filter((candidate) => !pairs.has(candidate)) };
}
