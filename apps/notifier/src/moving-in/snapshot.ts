import { splitMessages, WireError, WireMessage } from './wire-message';

/** What a snapshot file of an Alertmanager holds. */
export interface Snapshot<Item> {
  readonly items: readonly Item[];
  /** Why entries could not be read, one text each. */
  readonly faults: readonly string[];
}

/** Reads every entry that can be read; the later of two with one key counts. `read` throws `WireError`. */
export function readSnapshot<Item>(
  file: Uint8Array,
  read: (entry: WireMessage) => { key: string; item: Item },
): Snapshot<Item> {
  const { messages, isCut } = splitMessages(file);
  const items = new Map<string, Item>();
  const faults: string[] = [];
  for (const [index, bytes] of messages.entries()) {
    try {
      const { key, item } = read(WireMessage.parse(bytes));
      items.set(key, item);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      faults.push(`entry ${index + 1}: ${error.message}`);
    }
  }
  if (isCut) faults.push(`entry ${messages.length + 1}: the file ends too early`);
  return { items: [...items.values()], faults };
}

/** A `google.protobuf.Timestamp`, epoch ms; throws where it is missing. */
export function timestampMs(message: WireMessage, field: number, name: string): number {
  const timestamp = message.message(field);
  if (timestamp === undefined) throw new WireError(`it has no ${name}`);
  const seconds = BigInt.asIntN(64, timestamp.integer(1));
  const nanos = BigInt.asIntN(32, timestamp.integer(2));
  return Number(seconds) * 1_000 + Math.floor(Number(nanos) / 1e6);
}
