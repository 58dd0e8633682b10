import { type HttpResult } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type Made, type Rendering } from '../templates/rendering';
import { type NotificationFacts } from '../templates/notification-facts';
import { type Notification } from './integration';

/** How an integration of one kind tells its receiver. */
export interface Sender<A extends Attempt = Attempt> {
  /** Never throws for what a receiver or network does. */
  send(attempt: A): Promise<DeliveryOutcome>;
  /** Ends connections; no call follows. */
  close?(): Promise<void>;
}

/** One attempt to tell a receiver of a notification. */
export interface Attempt {
  readonly notification: Notification;
  readonly facts: NotificationFacts;
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  /** The message made by `make`, or a plain one where a template of it fails; `of` fewer alerts than there are, perhaps. */
  message<T>(make: (rendering: Rendering) => T, of?: NotificationFacts): Made<T>;
}

/** An attempt over HTTP. */
export interface HttpAttempt extends Attempt {
  /** Now, epoch ms. */
  nowMs(): number;
  /** Sends one request, signed and with an idempotency key of its own. */
  request(method: string, url: string, request?: ReceiverRequest): Promise<HttpResult>;
}

export interface ReceiverRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Limit of its own, ms; 0 for none. */
  readonly timeoutMs?: number;
  /** Most bytes of the answer to read. Default 64 KiB. */
  readonly maxBodyBytes?: number;
  /** Whether it only asks for something, such as a token: it has no idempotency key then, and does not count. */
  readonly onlyAsks?: boolean;
  /** What is secret in headers and body: not shown where the receiver repeats it. */
  readonly secrets?: readonly string[];
  /** Whether to hide them also where the receiver says yes. */
  readonly hidesSuccess?: boolean;
}

/** What no message could be made of, or nothing may be sent of: final. */
export function rejected(message: string): DeliveryOutcome {
  return { kind: 'rejected', reason: 'other', message };
}
