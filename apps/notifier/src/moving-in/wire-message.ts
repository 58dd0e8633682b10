/** What a protobuf message holds, field by field, without knowing its definition. */
export class WireMessage {
  private constructor(private readonly fields: ReadonlyMap<number, readonly WireValue[]>) {}

  /** Throws `WireError` where the bytes are no message. */
  static parse(bytes: Uint8Array): WireMessage {
    const fields = new Map<number, WireValue[]>();
    const reader = new WireReader(bytes);
    while (!reader.isAtEnd) {
      const tag = Number(reader.varint());
      const field = Math.floor(tag / 8);
      const values = fields.get(field);
      const value = reader.value(tag % 8);
      if (values === undefined) fields.set(field, [value]);
      else values.push(value);
    }
    return new WireMessage(fields);
  }

  /** Of a repeated string the last, as for all single fields; '' where it is missing. */
  text(field: number): string {
    const bytes = this.bytes(field);
    if (bytes === undefined) return '';
    try {
      return utf8.decode(bytes);
    } catch {
      throw new WireError(`field ${field} is not UTF-8`);
    }
  }

  /** 0 where it is missing. */
  integer(field: number): bigint {
    const value = this.fields.get(field)?.at(-1) ?? 0n;
    if (typeof value === 'bigint') return value;
    throw new WireError(`field ${field} is not a number`);
  }

  double(field: number): number {
    const bytes = this.bytes(field);
    if (bytes?.length !== 8) throw new WireError(`field ${field} is not a double`);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  message(field: number): WireMessage | undefined {
    const bytes = this.bytes(field);
    return bytes && WireMessage.parse(bytes);
  }

  messages(field: number): WireMessage[] {
    return (this.fields.get(field) ?? []).map((value) => WireMessage.parse(bytesOf(value, field)));
  }

  /** A repeated integer, packed or not. */
  integers(field: number): bigint[] {
    return (this.fields.get(field) ?? []).flatMap((value) => (typeof value === 'bigint' ? value : unpack(value)));
  }

  has(field: number): boolean {
    return this.fields.has(field);
  }

  private bytes(field: number): Uint8Array | undefined {
    const value = this.fields.get(field)?.at(-1);
    return value === undefined ? undefined : bytesOf(value, field);
  }
}

/** The bytes are not what they should be. */
export class WireError extends Error {}

/** A file of messages, each behind its length: those that are whole, and whether the file ends within one. */
export function splitMessages(file: Uint8Array): { messages: Uint8Array[]; isCut: boolean } {
  const messages: Uint8Array[] = [];
  const reader = new WireReader(file);
  try {
    while (!reader.isAtEnd) messages.push(reader.block());
  } catch (error) {
    if (error instanceof WireError) return { messages, isCut: true };
    throw error;
  }
  return { messages, isCut: false };
}

/** A varint is a number; everything else keeps its bytes. */
type WireValue = bigint | Uint8Array;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function bytesOf(value: WireValue, field: number): Uint8Array {
  if (typeof value !== 'bigint') return value;
  throw new WireError(`field ${field} is a number`);
}

function unpack(bytes: Uint8Array): bigint[] {
  const values: bigint[] = [];
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) values.push(reader.varint());
  return values;
}

class WireReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = this.take(1);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('a number is longer than ten bytes');
  }

  block(): Uint8Array {
    return this.take(Number(this.varint()));
  }

  value(wireType: number): WireValue {
    switch (wireType) {
      case 0:
        return this.varint();
      case 1:
        return this.take(8);
      case 2:
        return this.block();
      case 5:
        return this.take(4);
      default:
        throw new WireError(`unknown wire type ${wireType}`);
    }
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new WireError('the message ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
