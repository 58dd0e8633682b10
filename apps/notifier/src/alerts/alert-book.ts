import { type Alert } from '@tocsin/common/alert/alert';
import { type Arm } from '@tocsin/common/due-queue/due-queue';

/** An alert as the book holds it. */
export interface StoredAlert extends Alert {
  /** Position in the change stream of the write that last changed more than times; grows with every such write. */
  readonly version: number;
  /** Groups that are done with this alert: it is resolved and they told its end, or had nothing to tell. */
  readonly settledIn: readonly string[];
}

/** What a write expects to find: the alert as this instance last saw it, or nothing. */
export type Expected = Pick<StoredAlert, 'version' | 'endsAtMs' | 'updatedAtMs'> | null;

export type AlertWrite =
  /** Stores the alert whole; it is unsettled in every group again. */
  | { kind: 'store'; expected: Expected; alert: Alert }
  /** Moves only the times: an unchanged refresh. Its version stays. */
  | { kind: 'touch'; fingerprint: string; expected: Expected; endsAtMs: number; updatedAtMs: number }
  /** Marks a resolved alert as done in a group, if its version is still this one; otherwise ignored. */
  | { kind: 'settle'; fingerprint: string; version: number; groupId: string }
  /** Forgets the alert, if nothing changed since; otherwise ignored. */
  | { kind: 'forget'; fingerprint: string; expected: Expected };

/** At most 256 alerts and 256 KiB; what is larger is cut by the caller with `cutBatches`. A fingerprint is in at most one
 *  store, touch or forget of a commit. An empty commit only waits until what was written before is durable. */
export interface BookCommit {
  writes: readonly AlertWrite[];
  /** Groups the writes join, armed in the same command (due queue `groups`). */
  arms: readonly Arm[];
}

/** One alert as it is after a change; `before` as this instance knew it. Null: not there. */
export interface AlertChange {
  fingerprint: string;
  before: StoredAlert | null;
  after: StoredAlert | null;
}

/** Reads of the in-process replica; never a round trip. */
export interface AlertView {
  get(fingerprint: string): StoredAlert | undefined;
  values(): IterableIterator<StoredAlert>;
  readonly size: number;
}

/**
 * Every alert by fingerprint, shared by all instances of an installation and mirrored in each.
 *
 * A write is stored only where the stored alert is the expected one. Promises resolve once the write is durable.
 */
export interface AlertBook {
  readonly alerts: AlertView;

  /** Returns the fingerprints of `store` and `touch` writes that were refused because the stored alert is another
   *  one; the replica already holds that one, so merge again and write again. Everything else was written. */
  commit(commit: BookCommit): Promise<readonly string[]>;

  /** Resolves true once the replica holds every change up to this stream position, false when `timeoutMs` passed. */
  reached(position: number, timeoutMs: number): Promise<boolean>;

  /** Calls back after changes were applied to the replica (own and others'), in stream order per alert. */
  onChange(listener: (changes: readonly AlertChange[]) => void): void;
}

export const ALERT_BOOK = Symbol('AlertBook');
