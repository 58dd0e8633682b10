import { createHash } from 'node:crypto';
import { type DeadLetter } from './notification-record';

/** Which notification records have a dead letter, so that nobody looks through all of them. */
export interface DeadLetterIndex {
  /** At most so many, in an order of its own, from after `cursor` ('': from the start). */
  deadLetters(limit: number, cursor: string): Promise<DeadLetterPage>;

  /** How many there are; for a while that includes some whose records were forgotten. */
  deadLetterCount(): Promise<number>;
}

export interface DeadLetterPage {
  readonly entries: readonly DeadLetterEntry[];
  /** Cursor of the next page; null: this is the last one. */
  readonly next: string | null;
}

export interface DeadLetterEntry {
  readonly groupId: string;
  /** `receiver/kind/index`. */
  readonly integration: string;
  readonly deadLetter: DeadLetter;
}

/** What people and programs call a dead letter: the group and a few digits that stand for the integration. */
export function deadLetterId(groupId: string, integration: string): string {
  return `${groupId}-${createHash('sha256').update(integration).digest('hex').slice(0, 8)}`;
}

/** The group of a dead letter's id; '' if it is none. */
export function groupOfDeadLetter(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('-')));
}

/** Name in an index: group ids have no blanks, integrations may. */
export function deadLetterName(groupId: string, integration: string): string {
  return `${groupId} ${integration}`;
}

/** The reverse. */
export function readDeadLetterName(name: string): { groupId: string; integration: string } {
  const blank = name.indexOf(' ');
  return { groupId: name.slice(0, blank), integration: name.slice(blank + 1) };
}
