import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { type Log, onReasonChange, type RepeatedFailure } from '@tocsin/common/log/log';
import { type Clock, sleep } from '@tocsin/common/time/clock';
import { type OtlpTransport } from './otlp-transport';

/** Pauses between attempts to export a batch, ms; then it is dropped. */
const RETRY_PAUSES_MS = [1_000, 2_000, 4_000];

type ExportDone = Parameters<SpanExporter['export']>[1];
const SUCCESS = 0;
const FAILED = 1;

/** Exports batches of spans by OTLP. A collector that fails is logged when the reason changes. */
export class OtlpExporter implements SpanExporter {
  private readonly failures: RepeatedFailure;
  private readonly stopping = new AbortController();
  private closed: Promise<void> | null = null;

  constructor(
    private readonly transport: OtlpTransport,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.failures = onReasonChange(log);
  }

  export(spans: ReadableSpan[], done: ExportDone): void {
    const message = ProtobufTraceSerializer.serializeRequest(spans);
    if (message === undefined) done({ code: FAILED });
    else void this.deliver(message).then((isSent) => done({ code: isSent ? SUCCESS : FAILED }));
  }

  /** Gives up what is under way. */
  abort(): void {
    this.stopping.abort();
  }

  shutdown(): Promise<void> {
    this.abort();
    return (this.closed ??= this.transport.close());
  }

  private async deliver(message: Uint8Array): Promise<boolean> {
    const { signal } = this.stopping;
    for (const pauseMs of [...RETRY_PAUSES_MS, null]) {
      const outcome = await this.transport.send(message, signal);
      if (outcome.kind === 'sent') {
        this.failures.recovered('Spans are exported again');
        return true;
      }
      if (signal.aborted) return false;
      this.failures.failed('Spans could not be exported', outcome.reason);
      if (!outcome.isRetryable || pauseMs === null) return false;
      await sleep(this.clock, pauseMs, signal);
    }
    return false;
  }
}
