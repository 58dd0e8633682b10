import { type Span, type SpanAttributes, type SpanRef, type SpanStart, type Tracer } from '../tracer';

/** A span that a test looks at. */
export interface FakeSpan {
  readonly start: SpanStart;
  readonly ref: SpanRef;
  attributes: SpanAttributes;
  failure: string | null;
  endedMs: number | 'now' | null;
}

/** Keeps all spans. `underWay` is what a test says is. */
export class FakeTracer implements Tracer {
  readonly spans: FakeSpan[] = [];
  isOn = true;
  isSampled = true;
  underWay: SpanRef | null = null;

  begin(start: SpanStart): Span {
    const ref = aRef(this.spans.length + 1, this.isSampled);
    const fake: FakeSpan = { start, ref, attributes: start.attributes ?? {}, failure: null, endedMs: null };
    this.spans.push(fake);
    return {
      ref,
      isRecording: this.isSampled,
      set: (attributes) => void (fake.attributes = { ...fake.attributes, ...attributes }),
      fail: (message) => void (fake.failure = message),
      within: (work) => work(),
      end: (atMs) => void (fake.endedMs = atMs ?? 'now'),
    };
  }

  async run<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
    const span = this.begin(start);
    try {
      return await work(span);
    } finally {
      span.end();
    }
  }

  current(): SpanRef | null {
    return this.underWay;
  }
}

/** The span with this number. */
export function aRef(number: number, isSampled = true): SpanRef {
  const digits = number.toString(16);
  return { traceId: digits.padStart(32, 'a'), spanId: digits.padStart(16, 'b'), isSampled, isRemote: false };
}
