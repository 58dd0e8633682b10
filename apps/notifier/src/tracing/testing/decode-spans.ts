/** A span as a collector sees it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Record<string, unknown>;
  /** Span ids. */
  readonly links: readonly string[];
  /** Message of a failure; null: it did not fail. */
  readonly failure: string | null;
}

export interface ReceivedBatch {
  readonly resource: Record<string, unknown>;
  readonly spans: readonly ReceivedSpan[];
}

type Field = readonly [number, number | Buffer];

/** Decodes an `ExportTraceServiceRequest`. Source: opentelemetry-proto, `trace.proto`. */
export function decodeBatch(message: Buffer): ReceivedBatch {
  const resourceSpans = all(message, 1);
  return {
    resource: Object.assign({}, ...resourceSpans.map((one) => attributesIn(only(one, 1), 1))),
    spans: resourceSpans.flatMap((one) => all(one, 2).flatMap((scope) => all(scope, 2).map(spanOf))),
  };
}

function spanOf(message: Buffer): ReceivedSpan {
  const status = only(message, 15);
  const isError = fieldsOf(status).some(([number, value]) => number === 3 && value === 2);
  return {
    name: only(message, 5).toString(),
    traceId: only(message, 1).toString('hex'),
    spanId: only(message, 2).toString('hex'),
    parentSpanId: only(message, 4).toString('hex'),
    attributes: attributesIn(message, 9),
    links: all(message, 13).map((link) => only(link, 2).toString('hex')),
    failure: isError ? only(status, 2).toString() : null,
  };
}

function attributesIn(message: Buffer, number: number): Record<string, unknown> {
  return Object.fromEntries(all(message, number).map((pair) => [only(pair, 1).toString(), valueOf(only(pair, 2))]));
}

function valueOf(message: Buffer): unknown {
  const [number, value] = fieldsOf(message)[0] ?? [1, Buffer.alloc(0)];
  if (!Buffer.isBuffer(value)) return number === 2 ? value === 1 : value;
  return number === 5 ? all(value, 1).map(valueOf) : value.toString();
}

function all(message: Buffer, number: number): Buffer[] {
  return fieldsOf(message).flatMap(([found, value]) => (found === number && Buffer.isBuffer(value) ? [value] : []));
}

function only(message: Buffer, number: number): Buffer {
  return all(message, number)[0] ?? Buffer.alloc(0);
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) fields.push([tag >> 3, varint()]);
    else fields.push([tag >> 3, bytes(wireType === 1 ? 8 : wireType === 5 ? 4 : varint())]);
  }
  return fields;
}
