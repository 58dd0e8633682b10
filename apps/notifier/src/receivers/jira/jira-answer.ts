import { jsonObject, textIn } from '../json-object';
import { type JiraConfig } from './jira.schema';

/** An issue that was found. */
export interface FoundIssue {
  readonly key: string;
  /** Null where it has no status that could be changed. */
  readonly isDone: boolean | null;
}

/** The first issue of an answer, null: there is none; undefined: it cannot be read. */
export function foundIssue(body: string): FoundIssue | null | undefined {
  const issues = jsonObject(body)?.['issues'];
  if (!Array.isArray(issues)) return jsonObject(body) === null ? undefined : null;
  const [first] = issues as unknown[];
  if (first === undefined) return null;
  const issue = objectOf(first);
  const status = objectOf(objectOf(issue['fields'])['status']);
  const category = textIn(objectOf(status['statusCategory']), 'key');
  const key = textIn(issue, 'key');
  return { key, isDone: key === '' || Object.keys(status).length === 0 ? null : category === 'done' };
}

/** The transition that an issue is due; '' for none. */
export function dueTransition(config: JiraConfig, { isDone }: FoundIssue, isFiring: boolean): string {
  if (isDone === null) return '';
  if (isFiring) return isDone ? config.reopenTransition : '';
  return isDone ? '' : config.resolveTransition;
}

/** The id of a transition; undefined where an issue has none of this name. */
export function transitionId(body: string, name: string): string | undefined {
  const transitions = jsonObject(body)?.['transitions'];
  if (!Array.isArray(transitions)) return undefined;
  const found = transitions.map(objectOf).find((transition) => textIn(transition, 'name') === name);
  return found && textIn(found, 'id');
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
