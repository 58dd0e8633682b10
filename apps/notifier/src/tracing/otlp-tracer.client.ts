import {
  type Span as SdkSpan,
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as SdkTracer,
} from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { type Log } from '@tocsin/common/log/log';
import { sleep } from '@tocsin/common/time/clock';
import { AsyncLocalStorage } from 'node:async_hooks';
import { OtlpExporter } from './otlp-exporter.client';
import { OtlpGrpcTransport } from './otlp-grpc.client';
import { OtlpHttpTransport } from './otlp-http.client';
import { type Span, type SpanAttributes, type SpanRef, type SpanStart } from './tracer';
import { type TracingConfig } from './tracing-config';
import { type OpenTracer } from './tracing.service';

/** What the program around it is. */
export interface OtlpTracerContext extends Pick<HttpClientOptions, 'userAgent' | 'clock' | 'environment'> {
  readonly version: string;
  /** Unique among the processes of the installation. */
  readonly instance: string;
  readonly log: Log;
}

/** Source: Alertmanager, `tracing.serviceName`: dashboards and alerts about it go on working. */
const SERVICE_NAME = 'alertmanager';
/** Longest time the SDK waits for an export with all its retries, ms. */
const EXPORT_LIMIT_MS = 60_000;

const KINDS: Readonly<Record<SpanStart['kind'], SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
};

/** The span under way. Of the process, so that work that a reload overtakes still finds what it is a part of. */
const underWay = new AsyncLocalStorage<SpanRef>();

/** Traces with the OpenTelemetry SDK and exports by OTLP. Throws when a TLS file cannot be read or used. */
export function openOtlpTracer(config: TracingConfig, context: OtlpTracerContext): OpenTracer {
  const transport =
    config.clientType === 'http' ? new OtlpHttpTransport(config, context) : new OtlpGrpcTransport(config, context);
  const exporter = new OtlpExporter(transport, context.clock, context.log);
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': SERVICE_NAME,
        'service.version': context.version,
        'service.instance.id': context.instance,
        'process.runtime.name': 'nodejs',
        'process.runtime.version': process.versions.node,
      }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.samplingFraction) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_LIMIT_MS })],
  });
  const tracer = new OtlpTracer(provider.getTracer('tocsin', context.version));
  return Object.assign(tracer, {
    async stop(limitMs: number): Promise<boolean> {
      const limit = new AbortController();
      // Why an export failed was logged by the exporter.
      const flushed = provider.shutdown().then(
        () => true,
        () => false,
      );
      void flushed.then(() => limit.abort());
      await sleep(context.clock, limitMs, limit.signal);
      exporter.abort();
      const isSent = await flushed;
      // The SDK leaves it open when an export failed.
      await exporter.shutdown();
      return isSent;
    },
  });
}

class OtlpTracer {
  readonly isOn = true;

  constructor(private readonly sdk: SdkTracer) {}

  begin(start: SpanStart): Span {
    const parent = start.parent === undefined ? this.current() : start.parent;
    const options = {
      kind: KINDS[start.kind],
      ...(start.attributes && { attributes: attributesOf(start.attributes) }),
      ...(start.links && { links: start.links.map((ref) => ({ context: contextOf(ref) })) }),
      ...(start.startMs !== undefined && { startTime: start.startMs }),
    };
    return new OtlpSpan(this.sdk.startSpan(start.name, options, below(parent)));
  }

  async run<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
    const span = this.begin(start);
    try {
      return await span.within(() => work(span));
    } catch (error) {
      span.fail(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      span.end();
    }
  }

  current(): SpanRef | null {
    return underWay.getStore() ?? null;
  }
}

class OtlpSpan implements Span {
  readonly ref: SpanRef;

  constructor(private readonly sdk: SdkSpan) {
    const { traceId, spanId, traceFlags } = sdk.spanContext();
    this.ref = { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0, isRemote: false };
  }

  get isRecording(): boolean {
    return this.sdk.isRecording();
  }

  set(attributes: SpanAttributes): void {
    this.sdk.setAttributes(attributesOf(attributes));
  }

  fail(message: string): void {
    this.sdk.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  within<T>(work: () => T): T {
    return underWay.run(this.ref, work);
  }

  end(atMs?: number): void {
    this.sdk.end(atMs);
  }
}

function below(parent: SpanRef | null): Context {
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent));
}

function contextOf({ traceId, spanId, isSampled, isRemote }: SpanRef): SpanContext {
  return { traceId, spanId, isRemote, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}

/** The SDK wants lists that it may change. */
function attributesOf(attributes: SpanAttributes): Record<string, string | number | boolean | string[]> {
  return attributes as Record<string, string | number | boolean | string[]>;
}
