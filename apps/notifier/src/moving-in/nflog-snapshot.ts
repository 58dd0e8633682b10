import { readSnapshot, type Snapshot, timestampMs } from './snapshot';
import { WireError, type WireMessage } from './wire-message';

/** What one integration was told of one group, as an Alertmanager wrote it down. */
export interface SavedNotification {
  readonly groupKey: string;
  readonly receiver: string;
  /** `receiver/kind/index`. */
  readonly integration: string;
  readonly atMs: number;
  /** xxHash64 of the labels, 16 hex digits. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** What the integration wants to know next time: of Slack, which message to update. */
  readonly receiverData: Readonly<Record<string, string | number>>;
  /** When Alertmanager would have forgotten it, epoch ms. */
  readonly expiresAtMs: number;
}

/** Reads an Alertmanager's file `nflog`. Source: Alertmanager `nflogpb.MeshEntry`. */
export function readNflogSnapshot(file: Uint8Array): Snapshot<SavedNotification> {
  return readSnapshot(file, (entry) => {
    const message = entry.message(1);
    const receiver = message?.message(2);
    if (message === undefined || receiver === undefined) throw new WireError('it holds no notification');
    const item = {
      groupKey: message.text(1),
      receiver: receiver.text(1),
      integration: `${receiver.text(1)}/${receiver.text(2)}/${receiver.integer(3)}`,
      atMs: timestampMs(message, 5, 'time'),
      firing: message.integers(6).map(hex16),
      resolved: message.integers(7).map(hex16),
      receiverData: Object.fromEntries(message.messages(8).map((pair) => [pair.text(1), readDatum(pair.message(2))])),
      expiresAtMs: timestampMs(entry, 2, 'expiry'),
    };
    return { key: `${item.groupKey}:${item.integration}`, item };
  });
}

function readDatum(value: WireMessage | undefined): string | number {
  if (value?.has(2)) return Number(BigInt.asIntN(64, value.integer(2)));
  return value?.has(3) ? value.double(3) : (value?.text(1) ?? '');
}

function hex16(hash: bigint): string {
  return hash.toString(16).padStart(16, '0');
}
