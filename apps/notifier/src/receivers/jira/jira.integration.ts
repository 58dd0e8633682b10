import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';
import { goJson } from '../go-json';
import { JSON_HEADERS } from '../post-json';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { dueTransition, foundIssue, type FoundIssue, transitionId } from './jira-answer';
import { jiraIssue } from './jira-issue';
import { jiraUrl, searchMessage, searchUrl } from './jira-search';
import { type JiraConfig } from './jira.schema';

/** Asked too often, Jira says 429. */
const RETRY_CODES: ReadonlySet<number> = new Set([429]);

/** Lists of transitions come with much else. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const DELIVERED: DeliveryOutcome = { kind: 'delivered' };

/** A request, and whether it changes something. */
interface JiraRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly body?: object;
  readonly onlyAsks?: boolean;
  /** What it is for, in messages. */
  readonly what: string;
}

/** What was answered, or why nothing was. */
type JiraAnswer =
  { readonly ok: true; readonly body: string } | { readonly ok: false; readonly outcome: DeliveryOutcome };

/** Opens an issue for a group, keeps it up to date and closes it. */
export class JiraSender implements Sender<HttpAttempt> {
  constructor(private readonly config: JiraConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const made = attempt.message((rendering) => jiraIssue(this.config, rendering));
    if (!made.ok) return rejected(made.error);
    const { project, created, updated } = made.message;
    const search = await this.search(attempt, project);
    if (!search.ok) return search.outcome;
    const { issue } = search;
    if (issue === null) {
      // None is opened for what is over.
      if (attempt.facts.status === 'resolved') return DELIVERED;
      const answer = await this.ask(attempt, this.write('POST', 'issue', created));
      return answer.ok ? DELIVERED : answer.outcome;
    }
    const answer = await this.ask(attempt, this.write('PUT', `issue/${issue.key}`, updated));
    return answer.ok ? this.transition(attempt, issue) : answer.outcome;
  }

  private async search(
    attempt: HttpAttempt,
    project: string,
  ): Promise<{ ok: true; issue: FoundIssue | null } | { ok: false; outcome: DeliveryOutcome }> {
    const answer = await this.ask(attempt, {
      method: 'POST',
      url: searchUrl(this.config),
      body: searchMessage(this.config, attempt.facts, project),
      onlyAsks: true,
      what: 'failed to look up existing issues',
    });
    if (!answer.ok) return answer;
    const issue = foundIssue(answer.body);
    if (issue !== undefined) return { ok: true, issue };
    const message = 'failed to look up existing issues: no JSON in the response from Jira';
    return { ok: false, outcome: { kind: 'retryable', reason: 'other', message } };
  }

  private async transition(attempt: HttpAttempt, issue: FoundIssue): Promise<DeliveryOutcome> {
    const name = dueTransition(this.config, issue, attempt.facts.status === 'firing');
    if (name === '') return DELIVERED;
    const path = `issue/${issue.key}/transitions`;
    const url = jiraUrl(this.config, path);
    const offered = await this.ask(attempt, { method: 'GET', url, onlyAsks: true, what: 'failed to list transitions' });
    if (!offered.ok) return offered.outcome;
    const id = transitionId(offered.body, name);
    if (id === undefined) return rejected(`can't find transition ${name} for issue ${issue.key}`);
    const answer = await this.ask(attempt, this.write('POST', path, { transition: { id } }));
    return answer.ok ? DELIVERED : answer.outcome;
  }

  private write(method: 'POST' | 'PUT', path: string, body: object): JiraRequest {
    return { method, url: jiraUrl(this.config, path), body, what: `failed to ${method} request to "${path}"` };
  }

  private async ask(attempt: HttpAttempt, { method, url, body, onlyAsks, what }: JiraRequest): Promise<JiraAnswer> {
    const result = await attempt.request(method, url, {
      // Words in answers are to be the same for everybody.
      headers: { ...JSON_HEADERS, 'accept-language': 'en' },
      ...(body && { body: goJson(body) }),
      ...(onlyAsks && { onlyAsks }),
      maxBodyBytes: MAX_ANSWER_BYTES,
    });
    const outcome = httpOutcome(result, attempt.nowMs(), RETRY_CODES);
    if (outcome.kind !== 'delivered')
      return { ok: false, outcome: { ...outcome, message: `${what}: ${outcome.message}` } };
    return { ok: true, body: result.kind === 'response' ? result.body : '' };
  }
}
