import { HttpClient, type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { DEFAULT_HTTP_CONFIG } from '@tocsin/common/http/http-config';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { sleep, type Timer } from '@tocsin/common/time/clock';
import { type EventBatch, type EventWebhook } from './event-recorder-config';
import { type EventOutput } from './event-output';

/** Events that wait at most. */
const MAX_WAITING = 1_024;
const MAX_BACKOFF_MS = 30_000;

/** How long what waits may take to get out when it ends, ms. */
const CLOSE_LIMIT_MS = 5_000;

/** One event a request. */
const ALONE: EventBatch = { maxEvents: 1, maxBytes: 0, flushIntervalMs: 0 };

export interface EventWebhookOptions extends HttpClientOptions {
  readonly log: Log;
  /** Events that found no place in the queue, or were given up. */
  readonly onDropped: (events: number) => void;
}

/** Posts events, alone or in lists. A server that is slow or away holds up nobody: events wait for it as far as there is
 *  room, and are given up after some attempts. */
export class EventWebhookClient implements EventOutput {
  readonly name: string;
  private readonly http: HttpClient;
  private readonly batch: EventBatch;
  private readonly failure;
  private readonly ended = new AbortController();
  private waiting: string[] = [];
  private readonly sending = new Set<Promise<void>>();
  private timer: Timer | null = null;
  private isClosing = false;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly config: EventWebhook,
    private readonly options: EventWebhookOptions,
  ) {
    // No more of the address: its path may be what lets one in.
    this.name = `webhook:${new URL(config.url.reveal()).origin}`;
    this.http = new HttpClient(config.httpConfig ?? DEFAULT_HTTP_CONFIG, options);
    this.batch = config.batch ?? ALONE;
    this.failure = onReasonChange(options.log.child({ output: this.name }));
  }

  async write(lines: readonly string[]): Promise<void> {
    const room = Math.max(0, MAX_WAITING - this.waiting.length);
    this.waiting.push(...lines.slice(0, room));
    if (lines.length > room) this.options.onDropped(lines.length - room);
    this.sendFull();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.sendFull();
    const limit = this.options.clock.setTimer(CLOSE_LIMIT_MS, () => this.ended.abort());
    while (this.sending.size > 0) await Promise.all(this.sending);
    limit.cancel();
    this.timer?.cancel();
    await this.http.close();
  }

  /** Sends what need not wait for more. */
  private sendFull(): void {
    while (this.sending.size < this.config.workers && this.waiting.length > 0) {
      const size = batchSize(this.waiting, this.batch);
      const isFull = size < this.waiting.length || size >= this.batch.maxEvents || this.batch.flushIntervalMs === 0;
      if (!isFull && !this.isClosing) {
        this.timer ??= this.options.clock.setTimer(this.batch.flushIntervalMs, () => this.sendRest());
        return;
      }
      this.send(this.waiting.splice(0, size));
    }
  }

  private sendRest(): void {
    this.timer = null;
    if (this.sending.size < this.config.workers) this.send(this.waiting.splice(0, batchSize(this.waiting, this.batch)));
    this.sendFull();
  }

  private send(events: readonly string[]): void {
    if (events.length === 0) return;
    const sending = this.post(events).then(() => {
      this.sending.delete(sending);
      this.sendFull();
    });
    this.sending.add(sending);
  }

  private async post(events: readonly string[]): Promise<void> {
    const { url, maxRetries, retryBackoffMs, timeoutMs } = this.config;
    const body = this.config.batch === null ? (events[0] ?? '') : `[${events.join(',')}]`;
    const { signal } = this.ended;
    for (let attempt = 0; attempt < maxRetries && !signal.aborted; attempt++) {
      if (attempt > 0) {
        await sleep(this.options.clock, Math.min(retryBackoffMs * 2 ** (attempt - 1), MAX_BACKOFF_MS), signal);
      }
      const headers = { 'Content-Type': 'application/json' };
      const result = await this.http.post(url.reveal(), { headers, body, timeoutMs, signal });
      if (result.kind === 'response' && result.status >= 200 && result.status < 300) {
        this.failure.recovered('Events can be posted again');
        return;
      }
      const reason = result.kind === 'response' ? `status ${result.status}` : result.message;
      this.failure.failed('Events could not be posted', reason);
    }
    this.options.onDropped(events.length);
  }
}

/** How many of the events one request takes: at least one. */
function batchSize(events: readonly string[], { maxEvents, maxBytes }: EventBatch): number {
  let bytes = 2;
  let count = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event) + 1;
    if (count > 0 && (count >= maxEvents || bytes > maxBytes)) return count;
    count++;
  }
  return count;
}
