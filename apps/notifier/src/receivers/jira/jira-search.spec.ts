import { describe, expect, it } from 'vitest';
import { goJson } from '../go-json';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { jiraUrl, searchMessage, searchUrl } from './jira-search';

const entry = { api_url: 'https://jira.test/rest/api/2', project: 'OPS', issue_type: 'Bug' };
const LABEL = 'ALERT{17c4e445d234645c9e547ff6d32a864af0ebdadcd1902771c24c8d366637ff41}';
const END = `project="OPS" and labels="${LABEL}" order by status ASC,resolutiondate DESC`;

describe('searchMessage', () => {
  const over = { alerts: [anAlert({ endsAtMs: 1 })] };
  const reopens = { reopen_transition: 'Reopen', reopen_duration: '90m' };

  it.each([
    ['open issues', {}, {}, `statusCategory != Done and ${END}`],
    ['open ones, when all is over', reopens, over, `statusCategory != Done and ${END}`],
    ['those that can be opened again', reopens, {}, `(resolutiondate is EMPTY OR resolutiondate >= -90m) and ${END}`],
    ['open ones, without a transition', { reopen_duration: '1h' }, {}, `statusCategory != Done and ${END}`],
    [
      'open ones, when the time is too short',
      { reopen_transition: 'R', reopen_duration: '59s' },
      {},
      `statusCategory != Done and ${END}`,
    ],
    [
      'what is not given up',
      { wont_fix_resolution: `Won't "Do"` },
      {},
      `(resolution is EMPTY or resolution != "Won't \\"Do\\"") and statusCategory != Done and ${END}`,
    ],
  ])('looks for %s', (_, own, notification, jql) => {
    const config = configOf('jira', { ...entry, ...own });
    const message = made(({ facts }) => searchMessage(config, facts, 'OPS'), notification);
    expect(message).toEqual({ fields: ['status'], jql, maxResults: 2 });
  });

  it('has its members in the order of Go', () => {
    const message = made(({ facts }) => searchMessage(configOf('jira', entry), facts, 'OPS'));
    expect(goJson(message)).toMatch(/^\{"fields":\["status"\],"jql":"statusCategory.*","maxResults":2\}\n$/);
  });
});

describe('searchUrl', () => {
  it.each([
    ['https://jira.test/rest/api/2', 'auto', 'https://jira.test/rest/api/2/search'],
    ['https://jira.test/rest/api/2/', 'datacenter', 'https://jira.test/rest/api/2/search'],
    ['https://x.atlassian.net/rest/api/2', 'auto', 'https://x.atlassian.net/rest/api/3/search/jql'],
    ['https://x.atlassian.net/rest/api/3/', 'auto', 'https://x.atlassian.net/rest/api/3/search/jql'],
    ['https://x.atlassian.net/rest/api/2', 'datacenter', 'https://x.atlassian.net/rest/api/2/search'],
    ['https://jira.test/rest/api/2', 'cloud', 'https://jira.test/rest/api/3/search/jql'],
  ])('of %s as %s is %s', (api_url, api_type, expected) => {
    expect(searchUrl(configOf('jira', { ...entry, api_url, api_type }))).toBe(expected);
  });
});

it('an issue has its address', () => {
  expect(jiraUrl(configOf('jira', entry), 'issue/OPS-1')).toBe('https://jira.test/rest/api/2/issue/OPS-1');
});
