import { goQuote } from '@tocsin/common/labels/go-quote';
import { type NotificationFacts } from '../../templates/notification-facts';
import { withPath } from '../go-url';
import { withTrailingSlash } from '../trailing-slash';
import { type JiraConfig } from './jira.schema';

/** The label by which a group's issue is found again. */
export function alertLabel({ keyHash }: NotificationFacts): string {
  return `ALERT{${keyHash}}`;
}

/** An address of the API. */
export function jiraUrl({ apiUrl }: JiraConfig, path: string): string {
  return withPath(withTrailingSlash(apiUrl), path);
}

/** Where issues are looked for: Jira Cloud and Jira Data Center each have an address that the other has not. */
export function searchUrl(config: JiraConfig): string {
  const { apiType, apiUrl } = config;
  const isCloud = apiType === 'cloud' || (apiType === 'auto' && isAtlassian(apiUrl));
  return isCloud ? jiraUrl(config, 'search/jql').replace('/rest/api/2/', '/rest/api/3/') : jiraUrl(config, 'search');
}

function isAtlassian(apiUrl: string): boolean {
  return URL.canParse(apiUrl) && new URL(apiUrl).host.endsWith('atlassian.net');
}

/** Looks for the issue of a group: one that is open or, when the group fires, may be opened again.
 *  Source: Alertmanager, `jira`. */
export function searchMessage(config: JiraConfig, facts: NotificationFacts, project: string): object {
  return { fields: ['status'], jql: queryOf(config, facts, project), maxResults: 2 };
}

function queryOf(config: JiraConfig, facts: NotificationFacts, project: string): string {
  const { wontFixResolution, reopenTransition, reopenDurationMs } = config;
  const minutes = Math.floor(reopenDurationMs / 60_000);
  const reopens = facts.status === 'firing' && reopenTransition !== '' && minutes > 0;
  const conditions = [
    // `!=` alone leaves out what has no resolution.
    ...(wontFixResolution === '' ? [] : [`(resolution is EMPTY or resolution != ${goQuote(wontFixResolution)})`]),
    reopens ? `(resolutiondate is EMPTY OR resolutiondate >= -${minutes}m)` : 'statusCategory != Done',
    `project=${goQuote(project)}`,
    `labels=${goQuote(alertLabel(facts))}`,
  ];
  return `${conditions.join(' and ')} order by status ASC,resolutiondate DESC`;
}
