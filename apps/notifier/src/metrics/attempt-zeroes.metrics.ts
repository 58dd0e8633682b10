import type { Counter, Histogram } from 'prom-client';
import { type FailureReason } from '../delivery/delivery-outcome';

type Label = 'integration' | 'receiver_name';

/** Of an integration, or of one of a receiver. */
export type AttemptLabels = Readonly<Partial<Record<Label, string>>>;

interface AttemptMetrics {
  readonly notifications: Counter<Label>;
  readonly requests: Counter<Label>;
  readonly requestsFailed: Counter<Label>;
  readonly notificationsFailed: Counter<Label | 'reason'>;
  readonly latency: Histogram<Label>;
}

const failureReasons: Readonly<Record<FailureReason, true>> = {
  authError: true,
  rateLimited: true,
  clientError: true,
  serverError: true,
  contextCanceled: true,
  contextDeadlineExceeded: true,
  other: true,
};

/** Lets counters of attempts exist before they count, or the first increase is invisible to `rate`. */
export class AttemptZeroes {
  private readonly known = new Set<string>();

  constructor(private readonly metrics: AttemptMetrics) {}

  /** What these have counted already stays. */
  add(labels: AttemptLabels): void {
    const key = JSON.stringify(labels);
    if (this.known.has(key)) return;
    this.known.add(key);
    const { notifications, requests, requestsFailed, notificationsFailed, latency } = this.metrics;
    for (const each of [notifications, requests, requestsFailed]) each.inc(labels, 0);
    for (const reason of Object.keys(failureReasons)) notificationsFailed.inc({ ...labels, reason }, 0);
    latency.zero(labels);
  }
}
