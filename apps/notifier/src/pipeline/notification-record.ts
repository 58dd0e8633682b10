import { type Alert } from '@tocsin/common/alert/alert';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type OnMuted } from '../delivery/delivery-limits';

/** Why a notification is sent. Source: Alertmanager's dedup stage; ours are `muted by …` (`on_muted: close`) and `route
 *  removed` (a reload took away the route that had told of the alerts). `unknown` is what labels of routes are rendered
 *  with, before anything is decided. */
export type NotifyReason =
  | 'first notification'
  | 'new alerts added'
  | 'all alerts resolved'
  | 'some alerts resolved'
  | 'repeat interval elapsed'
  | 'route removed'
  | 'unknown'
  | `muted by ${string}`;

/** What one integration was told about one group, and what it is still to be told. */
export interface NotificationRecord {
  /** Bumped by every write; a writer states the one it read. 0: no record yet. */
  readonly revision: number;
  /** Last sequence given to an intent. Only grows; never less than the `nowMs` of its decision. */
  readonly sequence: number;
  readonly told: Told | null;
  readonly intent: DeliveryIntent | null;
  /** An intent was withdrawn and an attempt for it may be under way. Until a deliverer that holds the lease has seen
   *  this, nothing of the group is settled: what the attempt tells may still have to be closed. */
  readonly withdrawn: boolean;
  readonly deadLetter: DeadLetter | null;
}

/** The last notification the receiver accepted. */
export interface Told {
  readonly sequence: number;
  readonly atMs: number;
  /** Fingerprints, resolved ones also where the receiver does not want to hear of them. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** Fingerprints told as firing in any message and not told as ended since; only kept with `on_muted: close`. */
  readonly open?: readonly string[];
  /** The lists hold Alertmanager's label hashes, too: the record was imported from its notification log. */
  readonly hashing?: 'xxhash';
  /** What the integration keeps for the next notification. Absent: nothing. */
  readonly receiverData?: ReceiverData;
}

/** Names of messages and threads at a receiver, for the integration that made them; with Alertmanager's keys, so that what
 *  its notification log holds can be used. */
export type ReceiverData = Readonly<Record<string, string | number>>;

/** A notification decided and not yet accepted by its receiver. */
export interface DeliveryIntent {
  readonly sequence: number;
  readonly reason: NotifyReason;
  /** The flush's `nowMs`. */
  readonly decidedAtMs: number;
  /** When it is given up, epoch ms. */
  readonly deadlineMs: number;
  /** Failed attempts so far, and the last one's error text. */
  readonly attempts: number;
  readonly lastError: string | null;
  /** What is to be told, in flush order; firing ones have `endsAtMs` 0. */
  readonly alerts: readonly FrozenAlert[];
  /** Members of the group that are not told of. Absent: there are none. */
  readonly untold?: Untold;
  readonly onMuted?: OnMuted;
  readonly group: NotifiedGroup;
}

/** Muted members of a group. */
export interface Untold {
  /** Whether any of them has not ended. */
  readonly firing: boolean;
  /** Those that have ended leave the group with the notification, unheard. Source: Alertmanager's flush. */
  readonly ended: readonly Pick<FrozenAlert, 'fingerprint' | 'version'>[];
}

/** What the receiver is told about the group besides its alerts, and what ends with the notification. */
export interface NotifiedGroup {
  readonly receiver: string;
  /** Alertmanager's group key text. */
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly routeLabels: Labels;
  readonly repeatIntervalMs: number;
  readonly lane: string;
  /** Revision of the group in the due queue when the decision was made. */
  readonly revision: number;
}

export interface FrozenAlert extends Pick<
  Alert,
  'fingerprint' | 'labels' | 'annotations' | 'startsAtMs' | 'startsAtOffsetMin' | 'endsAtOffsetMin' | 'generatorURL'
> {
  /** 0 while it fires. */
  readonly endsAtMs: number;
  /** It still fires, and is told as ended because it is muted. */
  readonly muted?: true;
  /** The book's version, to settle exactly what was told. */
  readonly version: number;
}

/** The one notification of this (group, integration) that was given up last. */
export interface DeadLetter extends Pick<NotifiedGroup, 'receiver' | 'groupKey' | 'groupLabels'> {
  readonly sequence: number;
  readonly reason: NotifyReason;
  readonly atMs: number;
  readonly attempts: number;
  readonly error: string;
}

/** Alerts the receiver believes to fire. */
export function openOf(told: Told | null): readonly string[] {
  return told === null ? [] : (told.open ?? told.firing);
}

/** Whether an integration has yet to be told of these ends, given as fingerprints: then its group decides again at its next
 *  flush. */
export function mustStillHear(record: NotificationRecord, ended: ReadonlySet<string>): boolean {
  if (record.intent !== null || record.withdrawn) return true;
  // An imported record names alerts otherwise: the flush knows which is which.
  if (record.told?.hashing !== undefined && openOf(record.told).length > 0) return true;
  return openOf(record.told).some((fingerprint) => ended.has(fingerprint));
}

export const NO_RECORD: NotificationRecord = {
  revision: 0,
  sequence: 0,
  told: null,
  intent: null,
  withdrawn: false,
  deadLetter: null,
};
