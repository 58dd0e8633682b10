import { createHash } from 'node:crypto';
import { HttpClient } from '@tocsin/common/http/http-client.client';
import { type HttpConfig } from '@tocsin/common/http/http-config';
import { type HttpResult } from '@tocsin/common/http/http-result';
import { type IntegrationContext } from './integration-context';
import { type Attempt, type HttpAttempt, type ReceiverRequest } from './sender';

/** Speaks HTTP with one receiver, for one integration. */
export class HttpReceiver {
  private readonly http: HttpClient;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly key: string,
    config: HttpConfig,
    private readonly context: IntegrationContext,
  ) {
    this.http = new HttpClient(config, context);
  }

  /** What a sender tells the receiver with. */
  equip(attempt: Attempt): HttpAttempt {
    const { clock } = this.context;
    let requests = 0;
    const request = (method: string, url: string, options: ReceiverRequest = {}): Promise<HttpResult> => {
      const { timeoutMs = 0, headers, onlyAsks = false, ...rest } = options;
      return this.http.request(method, url, {
        ...rest,
        headers: { ...(!onlyAsks && { 'idempotency-key': this.idempotencyKey(attempt, requests++) }), ...headers },
        signal: attempt.signal,
        ...(timeoutMs > 0 && { timeoutMs }),
      });
    };
    return { ...attempt, nowMs: () => clock.nowMs(), request };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** The same for each attempt of a notification; of several requests each has its own. */
  private idempotencyKey({ notification: { groupKey, sequence } }: Attempt, request: number): string {
    return createHash('sha256')
      .update(JSON.stringify([groupKey, this.key, sequence, request]))
      .digest('hex');
  }
}
