import { HttpClient } from '@tocsin/common/http/http-client.client';
import { DEFAULT_HTTP_CONFIG, type HttpConfig } from '@tocsin/common/http/http-config';
import { redact } from '@tocsin/common/http/redact';
import { reasonOf } from '@tocsin/common/log/log';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';
import { cutOff } from '../cut-off';
import { type IntegrationContext } from '../integration-context';
import { type Attempt, rejected, type Sender } from '../sender';
import { type SnsRefusal, snsRefusal } from './sns-failure';
import { SnsHttp, SnsTransportError } from './sns-http.client';
import { snsMessage } from './sns-message';
import { SnsPublisher } from './sns-publisher.client';
import { type SnsConfig } from './sns.schema';

/** Publishes to SNS. */
export class SnsSender implements Sender<Attempt> {
  private readonly http: HttpClient;
  private readonly publisher: SnsPublisher;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly config: SnsConfig,
    private readonly context: IntegrationContext,
  ) {
    this.http = new HttpClient(httpConfigOf(config, context.environment['AWS_CA_BUNDLE'] ?? ''), context);
    this.publisher = new SnsPublisher(config, new SnsHttp(this.http));
  }

  async send(attempt: Attempt): Promise<DeliveryOutcome> {
    const made = attempt.message((rendering) => snsMessage(this.config, rendering));
    if (!made.ok) return rejected(made.error);
    const { apiUrl, input } = made.message;
    const { signal } = attempt;
    if (signal.aborted) return cutOff(signal);
    const published = this.publisher.publish(apiUrl, input, signal).then(
      (): DeliveryOutcome => ({ kind: 'delivered' }),
      (error: unknown) => this.failed(error),
    );
    return untilAborted(signal, published);
  }

  async close(): Promise<void> {
    this.publisher.forget();
    await this.http.close();
  }

  private failed(error: unknown): DeliveryOutcome {
    const outcome = this.outcomeOf(error);
    if (outcome.kind === 'delivered') return outcome;
    if (outcome.reason === 'authError') this.publisher.forget();
    const secrets = this.config.sigv4 === null ? [] : [this.config.sigv4.secretKey.reveal()];
    return { ...outcome, message: redact(outcome.message, secrets) };
  }

  private outcomeOf(error: unknown): DeliveryOutcome {
    const nowMs = this.context.clock.nowMs();
    if (error instanceof SnsTransportError) return httpOutcome(error.failure, nowMs);
    const refusal = refusalOf(error);
    if (refusal !== null) return snsRefusal(refusal, nowMs);
    const message = reasonOf(error);
    const text = /region is missing/i.test(message)
      ? 'region not configured in sns.sigv4.region or in default credentials chain'
      : message;
    return { kind: 'retryable', reason: 'other', message: text };
  }
}

/** With the client of AWS only these count. Source: Alertmanager, `sns`. */
function httpConfigOf({ httpConfig, useAwsHttpClient }: SnsConfig, caBundle: string): HttpConfig {
  if (!useAwsHttpClient && caBundle === '') return httpConfig;
  const { tls, proxy } = httpConfig;
  const hasCa = tls.ca !== '' || tls.caFile !== '';
  return { ...DEFAULT_HTTP_CONFIG, tls: hasCa ? tls : { ...tls, caFile: caBundle }, proxy };
}

/** Null where no service has answered. */
function refusalOf(error: unknown): SnsRefusal | null {
  if (!(error instanceof Error)) return null;
  const { name, message, $metadata, $response } = error as Error & SdkDetails;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status === undefined) return null;
  return { code: name, message, status, headers: $response?.headers ?? {} };
}

/** What the SDK adds to its errors. */
interface SdkDetails {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** The SDK does not listen to the signal while it looks for credentials; what does listen to it has its say first. */
function untilAborted(signal: AbortSignal, outcome: Promise<DeliveryOutcome>): Promise<DeliveryOutcome> {
  return new Promise((resolve) => {
    const abort = (): void => void setImmediate(() => resolve(cutOff(signal)));
    signal.addEventListener('abort', abort);
    void outcome.then((outcome) => {
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    });
  });
}
