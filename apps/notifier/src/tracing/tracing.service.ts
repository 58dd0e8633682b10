import { Secret } from '@tocsin/common/config/secret';
import { type Log } from '@tocsin/common/log/log';
import { NO_TRACER, type Span, type SpanRef, type SpanStart, type Tracer } from './tracer';
import { type TracingConfig } from './tracing-config';

/** A tracer that holds spans back to send them in batches. */
export interface OpenTracer extends Tracer {
  /** Sends what it holds, as far as the limit allows; false when spans were lost. Never rejects. */
  stop(limitMs: number): Promise<boolean>;
}

/** A configuration that can be put to work without anything that could still fail. */
export interface PreparedTracing {
  install(): void;
  /** When it is not to be used after all. */
  discard(): void;
}

const UNCHANGED: PreparedTracing = { install: () => {}, discard: () => {} };

/** How long spans may take to go out when tracing ends, ms. Source: Alertmanager, `tracing.Manager`. */
const STOP_LIMIT_MS = 5_000;

/** The tracer of the running configuration. What traces holds this one, and sees a reload at its next span. */
export class TracingService implements Tracer {
  private opened: OpenTracer | null = null;
  private key = keyOf(null);

  constructor(
    /** Loads the SDK, so that who traces nothing does not pay for it; rejects when a file cannot be used. */
    private readonly open: (config: TracingConfig) => Promise<OpenTracer>,
    private readonly log: Log,
  ) {}

  get isOn(): boolean {
    return this.opened !== null;
  }

  begin(start: SpanStart): Span {
    return (this.opened ?? NO_TRACER).begin(start);
  }

  run<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
    return (this.opened ?? NO_TRACER).run(start, work);
  }

  current(): SpanRef | null {
    return (this.opened ?? NO_TRACER).current();
  }

  /** Builds what a configuration asks for, while the old one goes on. Rejects when that cannot be. */
  async prepare(config: TracingConfig | null): Promise<PreparedTracing> {
    const key = keyOf(config);
    if (key === this.key) return UNCHANGED;
    if (config === null) return { install: () => void this.swap(null, key), discard: () => {} };
    const opened = await this.open(config);
    return {
      install: () => {
        void this.swap(opened, key);
        this.log.info('Spans are exported', { clientType: config.clientType, endpoint: config.endpoint });
      },
      discard: () => void opened.stop(0),
    };
  }

  /** Traces nothing any more and sends what is held. */
  stop(): Promise<void> {
    return this.swap(null, keyOf(null));
  }

  /** Resolves once the spans of the old tracer are sent, or lost: that is logged, and nobody's failure. */
  private async swap(opened: OpenTracer | null, key: string): Promise<void> {
    const old = this.opened;
    this.opened = opened;
    this.key = key;
    if (old !== null && !(await old.stop(STOP_LIMIT_MS))) this.log.warn('The last spans could not be exported');
  }
}

/** Equal for equal configurations, secrets included. Certificates are read again whenever their files change. */
function keyOf(config: TracingConfig | null): string {
  return JSON.stringify(config, function (this: Record<string, unknown>, name, value: unknown) {
    // Secrets hide themselves before they get here.
    const original = this[name];
    return original instanceof Secret ? original.reveal() : value;
  });
}
