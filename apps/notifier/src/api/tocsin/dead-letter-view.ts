import { type Labels } from '@tocsin/common/labels/label-set';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type DeadLetterEntry, deadLetterId, type DeadLetterPage } from '../../pipeline/dead-letter-index';

/** A notification that was given up, as the API shows it. */
export interface DeadLetterView {
  readonly id: string;
  readonly receiver: string;
  /** `receiver/kind/index`. */
  readonly integration: string;
  /** Group id, and Alertmanager's group key. */
  readonly group: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  /** Why it was to be sent. */
  readonly reason: string;
  readonly attempts: number;
  /** Of the last attempt. */
  readonly error: string;
  readonly givenUpAt: string;
}

/** Body of `GET /api/tocsin/v1/dead-letters`. */
export interface DeadLettersView {
  readonly deadLetters: readonly DeadLetterView[];
  /** For the next request's `cursor`; null: there are no more. */
  readonly next: string | null;
}

/** The answer for clients. */
export function deadLettersView({ entries, next }: DeadLetterPage): DeadLettersView {
  return { deadLetters: entries.map(deadLetterView), next };
}

function deadLetterView({ groupId, integration, deadLetter }: DeadLetterEntry): DeadLetterView {
  const { receiver, groupKey, groupLabels, reason, attempts, error, atMs } = deadLetter;
  return {
    id: deadLetterId(groupId, integration),
    receiver,
    integration,
    group: groupId,
    groupKey,
    groupLabels,
    reason,
    attempts,
    error,
    givenUpAt: formatRfc3339Millis(atMs),
  };
}
