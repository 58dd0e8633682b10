import { z } from 'zod';
import { type QueueContract } from './queue-contract';

/** `newer`: a version that this process does not know, for one that does. */
export type ReadPayload<Payload> =
  { kind: 'known'; payload: Payload } | { kind: 'newer'; version: number } | { kind: 'invalid'; reason: string };

/** Checks a message at the consumer. */
export function readPayload<Payload>(contract: QueueContract<Payload>, message: unknown): ReadPayload<Payload> {
  const result = contract.payload.safeParse(message);
  if (result.success) return { kind: 'known', payload: result.data };
  const version = versionOf(message);
  const isVersionUnknown = result.error.issues.some(({ path }) => path.length === 1 && path[0] === 'v');
  if (version !== null && isVersionUnknown) return { kind: 'newer', version };
  return { kind: 'invalid', reason: z.prettifyError(result.error) };
}

function versionOf(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('v' in message)) return null;
  return typeof message.v === 'number' ? message.v : null;
}
