/** What to write as a field: a varint, a double, text, bytes, or the fields of a message. */
export type WireInput = bigint | number | { double: number } | string | Uint8Array | readonly WireField[];

export type WireField = readonly [field: number, value: WireInput];

/** A protobuf message with these fields, in this order. */
export function wireMessage(fields: readonly WireField[]): Uint8Array {
  return Buffer.concat(fields.flatMap(([field, value]) => encodeField(field, value)));
}

/** A snapshot file: messages, each behind its length. */
export function wireFile(messages: readonly (readonly WireField[])[]): Uint8Array {
  return Buffer.concat(messages.map((fields) => block(wireMessage(fields))));
}

/** A `google.protobuf.Timestamp`. */
export function timestamp(ms: number): WireField[] {
  const seconds = Math.floor(ms / 1_000);
  return [
    [1, BigInt(seconds)],
    [2, (ms - seconds * 1_000) * 1e6],
  ];
}

export function varint(value: bigint | number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

function encodeField(field: number, value: WireInput): Uint8Array[] {
  const tag = (wireType: number): Uint8Array => varint(field * 8 + wireType);
  if (typeof value === 'bigint' || typeof value === 'number') return [tag(0), varint(value)];
  if (typeof value === 'string') return [tag(2), block(Buffer.from(value))];
  if (value instanceof Uint8Array) return [tag(2), block(value)];
  if ('double' in value) return [tag(1), new Uint8Array(Float64Array.of(value.double).buffer)];
  return [tag(2), block(wireMessage(value))];
}

function block(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint(bytes.length), bytes]);
}
