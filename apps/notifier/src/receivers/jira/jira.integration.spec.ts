import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Integration } from '../integration';
import { aNotification, anAlert, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

/** Answers by what is asked: `POST search`, `GET issue/OPS-1/transitions`, … */
const jira =
  (answers: Readonly<Record<string, object | string>>): Answer =>
  ({ method, target }, response) => {
    const answer = answers[`${method} ${target.replace('/rest/api/2/', '')}`] ?? {};
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };

const found = (category: string, key = 'OPS-1'): object => ({
  issues: [{ key, fields: { status: { name: 'x', statusCategory: { key: category } } } }, { key: 'OPS-0' }],
});

httpIntegrationContract({
  kind: 'jira',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'jira',
      {
        api_url: `${address}/rest/api/2`,
        project: 'OPS',
        issue_type: 'Bug',
        summary: '{{ huge }}',
        description: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { basic_auth: { username: 'u', password: secret } },
      },
      { templates },
    ),
  success: jira({ 'POST search': { issues: [] } }),
  retried: [500, 503, 429],
  rejected: [400, 401, 403, 404],
  refusals: [['a page', (_, response) => response.end('<html>'), 'retryable']],
});

describe('jira', () => {
  let peer: HttpPeer;
  let integration: Integration;
  let answer: Answer;
  const { signal } = new AbortController();

  beforeEach(async () => {
    peer = await HttpPeer.start((...rest) => answer(...rest));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
  });

  async function told(alerts: 'firing' | 'resolved', own: object = {}): Promise<DeliveryOutcome> {
    const api_url = `${peer.origin()}/rest/api/2/`;
    const summary = { template: 's', enable_update: false };
    integration = builtIntegration('jira', { api_url, project: 'OPS', issue_type: 'Bug', summary, ...own });
    const notification = aNotification({ alerts: [anAlert({ endsAtMs: alerts === 'firing' ? 0 : 1 })] });
    return integration.notify(notification, signal);
  }

  const asked = (): string[] =>
    peer.requests.map(({ method, target }) => `${method} ${target.replace('/rest/api/2/', '')}`);
  const bodyOf = (at: number) => JSON.parse(peer.requests[at]?.body ?? '');

  it('opens an issue', async () => {
    answer = jira({ 'POST search': { issues: [] } });
    expect(await told('firing')).toEqual({ kind: 'delivered' });
    expect(asked()).toEqual(['POST search', 'POST issue']);
    expect(bodyOf(0)).toMatchObject({ fields: ['status'], maxResults: 2 });
    expect(bodyOf(1)).toMatchObject({ fields: { summary: 's', project: { key: 'OPS' } } });
    expect(peer.requests[1]?.headers).toMatchObject({ 'content-type': 'application/json', 'accept-language': 'en' });
  });

  it('opens none for what is over', async () => {
    answer = jira({ 'POST search': { issues: [] } });
    expect(await told('resolved')).toEqual({ kind: 'delivered' });
    expect(asked()).toEqual(['POST search']);
  });

  it('updates the issue that is open', async () => {
    answer = jira({ 'POST search': found('new') });
    expect(await told('firing', { reopen_transition: 'Reopen' })).toEqual({ kind: 'delivered' });
    expect(asked()).toEqual(['POST search', 'PUT issue/OPS-1']);
    expect(bodyOf(1).fields).not.toHaveProperty('summary');
  });

  const transitions = {
    transitions: [
      { id: '11', name: 'Other' },
      { id: '21', name: 'Go' },
    ],
  };
  const path = 'issue/OPS-1/transitions';

  it.each([
    ['opens an issue that is done again', 'firing', 'done', { reopen_transition: 'Go' }],
    ['closes the issue of what is over', 'resolved', 'indeterminate', { resolve_transition: 'Go' }],
  ] as const)('%s', async (_, alerts, category, own) => {
    answer = jira({ 'POST search': found(category), [`GET ${path}`]: transitions });
    expect(await told(alerts, own)).toEqual({ kind: 'delivered' });
    expect(asked()).toEqual(['POST search', 'PUT issue/OPS-1', `GET ${path}`, `POST ${path}`]);
    expect(peer.requests[3]?.body).toBe('{"transition":{"id":"21"}}\n');
  });

  it.each([
    ['is done already', 'resolved', found('done'), { resolve_transition: 'Go' }],
    ['is to be opened by no transition', 'firing', found('done'), {}],
    ['is to be closed by no transition', 'resolved', found('new'), {}],
    ['has no status', 'resolved', { issues: [{ key: 'OPS-1' }] }, { resolve_transition: 'Go' }],
  ] as const)('leaves alone an issue that %s', async (_, alerts, search, own) => {
    answer = jira({ 'POST search': search });
    expect(await told(alerts, own)).toEqual({ kind: 'delivered' });
    expect(asked()).toEqual(['POST search', 'PUT issue/OPS-1']);
  });

  it('gives up on a transition that there is not', async () => {
    answer = jira({ 'POST search': found('new'), [`GET ${path}`]: transitions });
    expect(await told('resolved', { resolve_transition: 'Away' })).toEqual({
      kind: 'rejected',
      reason: 'other',
      message: "can't find transition Away for issue OPS-1",
    });
  });

  it.each([
    ['POST search', 'failed to look up existing issues: unexpected status code 429: why'],
    ['PUT issue/OPS-1', 'failed to PUT request to "issue/OPS-1": unexpected status code 429: why'],
    [`GET ${path}`, 'failed to list transitions: unexpected status code 429: why'],
    [`POST ${path}`, `failed to POST request to "${path}": unexpected status code 429: why`],
  ])('tries all of it again when it fails at %s', async (failing, message) => {
    const works = jira({ 'POST search': found('new'), [`GET ${path}`]: transitions });
    answer = (request, response, incoming) => {
      if (`${request.method} ${request.target}`.replace('/rest/api/2/', '') !== failing)
        works(request, response, incoming);
      else response.writeHead(429).end('why');
    };
    const outcome = await told('resolved', { resolve_transition: 'Go' });
    expect(outcome).toEqual({ kind: 'retryable', reason: 'rateLimited', message });
  });
});
