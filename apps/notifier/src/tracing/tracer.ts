/** Names a span, also across processes. Source: W3C Trace Context. */
export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  /** Whether another process made it. */
  readonly isRemote: boolean;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** How a span begins. */
export interface SpanStart {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer';
  readonly attributes?: SpanAttributes;
  /** What it is a part of; null: it begins a trace. Default: the span that is under way. */
  readonly parent?: SpanRef | null;
  /** What else led to it. */
  readonly links?: readonly SpanRef[];
  /** Epoch ms. Default: now. */
  readonly startMs?: number;
}

/** A piece of work under way. */
export interface Span {
  /** Null when nothing is traced. */
  readonly ref: SpanRef | null;
  /** Whether anybody will see what is set here. */
  readonly isRecording: boolean;
  set(attributes: SpanAttributes): void;
  /** Marks the work as failed; the message must hold no secret. */
  fail(message: string): void;
  /** Calls something whose own spans are parts of this one. */
  within<T>(work: () => T): T;
  /** Default of `atMs`: now. */
  end(atMs?: number): void;
}

/** Tells how long work takes and what belongs together. Never fails and never delays what is traced. */
export interface Tracer {
  /** False: whatever is begun goes nowhere, and what it would say need not be gathered. */
  readonly isOn: boolean;
  begin(start: SpanStart): Span;
  /** A span as long as the work takes; failed if the work throws. */
  run<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T>;
  /** The span under way; null: there is none. */
  current(): SpanRef | null;
}

/** Leads nowhere. */
export const NO_SPAN: Span = {
  ref: null,
  isRecording: false,
  set: () => {},
  fail: () => {},
  within: (work) => work(),
  end: () => {},
};

/** Traces nothing. */
export const NO_TRACER: Tracer = {
  isOn: false,
  begin: () => NO_SPAN,
  run: (_start, work) => work(NO_SPAN),
  current: () => null,
};
