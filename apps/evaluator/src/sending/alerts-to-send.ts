import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { type Labels, labelValue } from '@tocsin/common/labels/label-set';
import { type RuleState, type TrackedAlert } from '../state/alert-state';

export interface SendContext {
  readonly slotMs: number;
  readonly intervalMs: number;
  /** Least time between two messages about an unchanged alert, ms. */
  readonly resendDelayMs: number;
  /** Added where an alert lacks them. */
  readonly externalLabels: Labels;
  /** Asked for only when there is something to send. */
  readonly generatorUrl: () => string;
}

export interface AlertsToSend {
  readonly alerts: readonly AlertMessage[];
  /** The rule's alerts with what is sent now noted; the same map when nothing is. */
  readonly state: RuleState;
}

/** Picks what receivers must be told at this slot. Source: Prometheus' `sendAlerts`. */
export function alertsToSend(state: RuleState, context: SendContext): AlertsToSend {
  const { slotMs, intervalMs, resendDelayMs } = context;
  const validUntilMs = slotMs + 4 * Math.max(intervalMs, resendDelayMs);
  const alerts: AlertMessage[] = [];
  let next: Map<string, TrackedAlert> | null = null;
  let url = '';
  for (const [key, alert] of state) {
    if (!needsSending(alert, slotMs, resendDelayMs) || alert.state.phase === 'pending') continue;
    if (next === null) {
      next = new Map(state);
      url = context.generatorUrl();
    }
    alerts.push({
      labels: withExternal(alert.labels, context.externalLabels),
      annotations: alert.annotations,
      startsAtMs: alert.state.firedAtMs,
      endsAtMs: alert.state.phase === 'resolved' ? alert.state.resolvedAtMs : validUntilMs,
      generatorURL: url,
    });
    next.set(key, { ...alert, state: { ...alert.state, lastSentMs: slotMs } });
  }
  return { alerts, state: next ?? state };
}

function needsSending({ state }: TrackedAlert, slotMs: number, resendDelayMs: number): boolean {
  if (state.phase === 'pending') return false;
  if (state.lastSentMs === null) return true;
  if (state.phase === 'resolved' && state.resolvedAtMs > state.lastSentMs) return true;
  // Strictly: with an interval of 30s and a delay of 1m an alert is sent again every 90s.
  return state.lastSentMs + resendDelayMs < slotMs;
}

function withExternal(labels: Labels, external: Labels): Labels {
  const missing = Object.keys(external).filter((name) => (labelValue(labels, name) ?? '') === '');
  if (missing.length === 0) return labels;
  return { ...labels, ...Object.fromEntries(missing.map((name) => [name, external[name] ?? ''])) };
}

/** Where a rule's expression can be seen. */
export function generatorUrl(externalUrl: string, expr: string): string {
  return `${externalUrl}/graph?g0.expr=${queryEscape(expr)}&g0.tab=1`;
}

/** Source: Go `url.QueryEscape`: all but letters, digits and `-_.~`; a space is `+`. */
function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
