import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { type HttpClient } from '@tocsin/common/http/http-client.client';
import { type HttpResult } from '@tocsin/common/http/http-result';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, sleep } from '@tocsin/common/time/clock';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { excerpt } from '../datasource/prometheus-response.schema';
import { shownUrl } from '../datasource/prometheus.client';
import { type EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { AlertBacklog, sentAt, type WaitingAlert } from './alert-backlog';

/** Source: Prometheus, `--alertmanager.notification-queue-capacity` and `--alertmanager.notification-batch-size`. */
export const QUEUE_CAPACITY = 10_000;
const BATCH_SIZE = 256;

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** How the receiver is spoken to; replaced by a reload. */
export interface EndpointTarget {
  readonly http: HttpClient;
  readonly timeoutMs: number;
}

/** One receiver of alerts with the alerts that wait for it: one request at a time, failed ones again after a pause. */
export class AlertmanagerEndpoint {
  /** How logs and metrics call it. */
  readonly name: string;
  private readonly backlog = new AlertBacklog(QUEUE_CAPACITY);
  private readonly failure;
  private readonly closing = new AbortController();
  private sending: Promise<void> | null = null;
  private isDropped = false;

  constructor(
    private readonly url: string,
    private target: EndpointTarget,
    private readonly metrics: EvaluatorMetrics,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.name = shownUrl(url);
    this.failure = onReasonChange(log.child({ alertmanager: this.name }));
  }

  retarget(target: EndpointTarget): void {
    this.target = target;
  }

  /** `slotMs`: when the alerts were true. */
  add(alerts: readonly AlertMessage[], slotMs: number): void {
    if (alerts.length === 0) return;
    const dropped = this.backlog.add(alerts, slotMs);
    if (dropped > 0) this.metrics.dropped(this.name, dropped);
    this.metrics.waiting(this.name, this.backlog.size);
    this.sending ??= this.sendAll();
  }

  /** Sends what waits, but waits for no receiver that fails. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.sending;
  }

  /** Forgets what waits: it is no receiver any more. */
  drop(): void {
    this.isDropped = true;
    this.closing.abort();
  }

  private async sendAll(): Promise<void> {
    let pauseMs = FIRST_RETRY_MS;
    while (this.backlog.size > 0 && !this.isDropped) {
      const batch = this.backlog.oldest(BATCH_SIZE);
      const isSettled = await this.sendBatch(batch);
      if (isSettled) {
        this.backlog.settle(batch);
        pauseMs = FIRST_RETRY_MS;
      } else {
        if (this.closing.signal.aborted) break;
        await sleep(this.clock, pauseMs, this.closing.signal);
        pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS);
      }
      if (!this.isDropped) this.metrics.waiting(this.name, this.backlog.size);
    }
    // In the same turn as the last look at the backlog, or what is added between would wait for the next addition.
    this.sending = null;
  }

  /** Whether the batch is done with: taken or refused. */
  private async sendBatch(batch: readonly WaitingAlert[]): Promise<boolean> {
    const { http, timeoutMs } = this.target;
    const startedAtMs = this.clock.nowMs();
    const headers = { 'content-type': 'application/json' };
    const alerts = batch.map((waiting) => toWire(sentAt(waiting, startedAtMs)));
    const result = await http.post(this.url, { headers, body: JSON.stringify(alerts), timeoutMs });
    const problem = problemOf(result);
    this.metrics.requestEnded(this.name, batch.length, problem === null, this.clock.nowMs() - startedAtMs);
    if (problem === null) {
      this.failure.recovered('Alerts can be sent again');
      return true;
    }
    this.failure.failed('Sending alerts failed', problem.reason, { alerts: batch.length });
    if (!problem.isFinal) return false;
    this.metrics.dropped(this.name, batch.length);
    return true;
  }
}

/** What the receiver refused will not become right by repeating it; the next evaluation sends anew. */
function problemOf(result: HttpResult): { reason: string; isFinal: boolean } | null {
  if (result.kind === 'error') return { reason: result.message, isFinal: false };
  const { status, body } = result;
  if (status >= 200 && status < 300) return null;
  const isFinal = status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status);
  return { reason: `bad response status ${status}${body === '' ? '' : `: ${excerpt(body)}`}`, isFinal };
}

function toWire({ labels, annotations, startsAtMs, endsAtMs, generatorURL }: AlertMessage) {
  const startsAt = formatRfc3339Millis(startsAtMs);
  return { labels, annotations, startsAt, endsAt: formatRfc3339Millis(endsAtMs), generatorURL };
}
