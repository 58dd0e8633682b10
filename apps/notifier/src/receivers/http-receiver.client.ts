import { createHash } from 'node:crypto';
import { HttpClient } from '@tocsin/common/http/http-client.client';
import { type HttpConfig } from '@tocsin/common/http/http-config';
import { failure } from '@tocsin/common/http/exchange.client';
import { readSecretFile } from '@tocsin/common/http/http-credentials.client';
import { type HttpResult } from '@tocsin/common/http/http-result';
import { type IntegrationContext } from './integration-context';
import { type Attempt, type HttpAttempt, type ReceiverRequest } from './sender';
import { type Signing } from './signing.schema';
import { signature, SIGNATURE_HEADER } from './signing';

/** Speaks HTTP with one receiver, for one integration. */
export class HttpReceiver {
  private readonly http: HttpClient;
  private readonly signing: Signing | null;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly key: string,
    config: { readonly httpConfig: HttpConfig; readonly signing: Signing | null },
    private readonly context: IntegrationContext,
  ) {
    this.http = new HttpClient(config.httpConfig, context);
    this.signing = config.signing;
  }

  /** What a sender tells the receiver with. */
  equip(attempt: Attempt): HttpAttempt {
    const { clock } = this.context;
    let requests = 0;
    const request = async (method: string, url: string, options: ReceiverRequest = {}): Promise<HttpResult> => {
      const { timeoutMs = 0, headers, onlyAsks = false, ...rest } = options;
      const idempotency = onlyAsks ? {} : { 'idempotency-key': this.idempotencyKey(attempt, requests++) };
      let signed: Signed;
      try {
        signed = await this.sign(rest.body ?? '');
      } catch (error) {
        return failure(error);
      }
      return this.http.request(method, url, {
        ...rest,
        secrets: [...(rest.secrets ?? []), ...signed.secrets],
        headers: { ...idempotency, ...headers, ...signed.headers },
        signal: attempt.signal,
        ...(timeoutMs > 0 && { timeoutMs }),
      });
    };
    return { ...attempt, nowMs: () => clock.nowMs(), request };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** Throws where a secret cannot be read. */
  private async sign(body: string): Promise<Signed> {
    if (this.signing === null) return { headers: {}, secrets: [] };
    const { secrets, secretFiles } = this.signing;
    const read = await Promise.all(secretFiles.map((file) => readSecretFile(file, 'secret of signing')));
    const all = [...secrets.map((secret) => secret.reveal()), ...read];
    return { headers: { [SIGNATURE_HEADER]: signature(all, body, this.context.clock.nowMs()) }, secrets: all };
  }

  /** The same for each attempt of a notification; of several requests each has its own. */
  private idempotencyKey({ notification: { groupKey, sequence } }: Attempt, request: number): string {
    return createHash('sha256')
      .update(JSON.stringify([groupKey, this.key, sequence, request]))
      .digest('hex');
  }
}

/** What a signature adds to a request. */
interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}
