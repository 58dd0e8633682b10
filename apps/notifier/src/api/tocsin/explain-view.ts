import { type Labels } from '@tocsin/common/labels/label-set';
import { matchersText } from '@tocsin/common/matchers/matcher';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type Explanation, type GroupTrace, type IntegrationTrace } from '../../explain/explain-alert';
import { type RouteTrace } from '../../explain/route-trace';
import { type Silence } from '../../silences/silence';

/** Body of `POST /api/tocsin/v1/explain`. */
export interface ExplanationView {
  /** The instant it is seen from. */
  readonly at: string;
  readonly fingerprint: string;
  readonly labels: Labels;
  /** Null: there is no such alert; the rest is what would be if it fired. */
  readonly alert: { readonly status: 'firing' | 'resolved'; readonly startsAt: string; readonly endsAt: string } | null;
  /** From the root. */
  readonly route: RouteView;
  /** Null: nothing inhibits it. */
  readonly inhibitedBy: { readonly rule: string; readonly fingerprint: string; readonly labels: Labels } | null;
  readonly silencedBy: readonly SilenceView[];
  /** One for each route that notifies, in their order. */
  readonly groups: readonly GroupView[];
}

export interface RouteView {
  readonly id: string;
  readonly receiver: string;
  /** `not asked`: a route before it matched and does not continue. */
  readonly outcome: 'matched' | 'not matched' | 'not asked';
  readonly notifies: boolean;
  readonly continue: boolean;
  readonly matchers: readonly { readonly matcher: string; readonly matches: boolean }[];
  readonly routes: readonly RouteView[];
}

export interface SilenceView {
  readonly id: string;
  readonly matchers: readonly string[];
  readonly createdBy: string;
  readonly comment: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface GroupView {
  readonly id: string;
  readonly key: string;
  readonly labels: Labels;
  readonly receiver: string;
  /** Alerts in it. */
  readonly alerts: number;
  /** False: there is no such group yet. */
  readonly exists: boolean;
  readonly nextFlush: string;
  readonly mutedByTime: { readonly kind: string; readonly intervals: readonly string[] } | null;
  readonly integrations: readonly IntegrationView[];
}

export interface IntegrationView {
  readonly integration: string;
  /** What a flush would decide: a reason to tell, `none` or `muted`. */
  readonly verdict: string;
  /** The last notification it accepted. */
  readonly told: {
    readonly at: string;
    readonly firing: readonly string[];
    readonly resolved: readonly string[];
  } | null;
  /** Decided and not accepted yet. */
  readonly pending: {
    readonly reason: string;
    readonly since: string;
    readonly until: string;
    readonly attempts: number;
    readonly error: string | null;
  } | null;
  readonly deadLetter: { readonly reason: string; readonly at: string; readonly error: string } | null;
  readonly nextRepeat: string | null;
}

/** The answer for clients. */
export function explanationView(explanation: Explanation): ExplanationView {
  const { nowMs, fingerprint, labels, alert, isFiring, inhibition } = explanation;
  return {
    at: formatRfc3339Millis(nowMs),
    fingerprint,
    labels,
    alert: alert && {
      status: isFiring ? 'firing' : 'resolved',
      startsAt: formatRfc3339Millis(alert.startsAtMs),
      endsAt: formatRfc3339Millis(alert.endsAtMs),
    },
    route: routeView(explanation.route),
    inhibitedBy: inhibition,
    silencedBy: explanation.silences.map(silenceView),
    groups: explanation.groups.map(groupView),
  };
}

function routeView({ route, outcome, matchers, notifies, children }: RouteTrace): RouteView {
  return {
    id: route.id,
    receiver: route.receiver,
    outcome,
    notifies,
    continue: route.continue,
    matchers: matchers.map(({ text, matches }) => ({ matcher: text, matches })),
    routes: children.map(routeView),
  };
}

function silenceView({ id, matcherSets, createdBy, comment, startsAtMs, endsAtMs }: Silence): SilenceView {
  return {
    id,
    matchers: matcherSets.map(matchersText),
    createdBy,
    comment,
    startsAt: formatRfc3339Millis(startsAtMs),
    endsAt: formatRfc3339Millis(endsAtMs),
  };
}

function groupView({ group, members, timeMute, nextFlushMs, isThere, integrations }: GroupTrace): GroupView {
  return {
    id: group.id,
    key: group.key,
    labels: group.labels,
    receiver: group.route.receiver,
    alerts: members,
    exists: isThere,
    nextFlush: formatRfc3339Millis(nextFlushMs),
    mutedByTime: timeMute && { kind: timeMute.kind, intervals: timeMute.names },
    integrations: integrations.map(integrationView),
  };
}

function integrationView({ key, verdict, record, nextRepeatMs }: IntegrationTrace): IntegrationView {
  const { told, intent, deadLetter } = record;
  return {
    integration: key,
    verdict,
    told: told && { at: formatRfc3339Millis(told.atMs), firing: told.firing, resolved: told.resolved },
    pending: intent && {
      reason: intent.reason,
      since: formatRfc3339Millis(intent.decidedAtMs),
      until: formatRfc3339Millis(intent.deadlineMs),
      attempts: intent.attempts,
      error: intent.lastError,
    },
    deadLetter: deadLetter && {
      reason: deadLetter.reason,
      at: formatRfc3339Millis(deadLetter.atMs),
      error: deadLetter.error,
    },
    nextRepeat: nextRepeatMs === null ? null : formatRfc3339Millis(nextRepeatMs),
  };
}
