import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { BROKEN_SECRET, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration, builtWith } from '../testing/built-integration';
import { PagerdutySender } from './pagerduty.integration';

const accepted: Answer = (_, response) => response.writeHead(202).end('{"status":"success"}');

/** PagerDuty takes events of up to 512 kB. */
const tooLarge = (requests: readonly ReceivedRequest[]): string | undefined =>
  requests.some(({ body }) => Buffer.byteLength(body) > 512_000) ? 'an event larger than 512 kB' : undefined;

httpIntegrationContract({
  kind: 'pagerduty',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'pagerduty',
      {
        url: `${address}/${secret}`,
        routing_key: secret,
        description: broken ? '{{ broken }}' : '{{ huge }}',
        details: { huge: '{{ huge }}' },
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: accepted,
  retried: [429, 500, 503],
  rejected: [400, 401, 403, 404],
  tooLarge,
});

const withV1 = (entry: object, v1Url: string, templates = fakeTemplates()): Integration =>
  builtWith('pagerduty', entry, (config) => new PagerdutySender(config, v1Url), { templates });

describe('by the Events API v1', () => {
  httpIntegrationContract({
    kind: 'pagerduty',
    create: (address, secret, templates, broken) =>
      withV1(
        {
          service_key: secret,
          description: broken ? '{{ broken }}' : '{{ huge }}',
          details: { huge: '{{ huge }}' },
          http_config: { authorization: { credentials: secret } },
        },
        `${address}/${secret}`,
        templates,
      ),
    success: accepted,
    retried: [403, 500, 503],
    rejected: [400, 401, 404, 429],
    tooLarge,
  });
});

describe('pagerduty', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  let answer: Answer;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    answer = accepted;
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-pagerduty-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['routing_key', 'routing_key'],
    ['service_key', 'service_key'],
  ])('reads the %s from its file each time, and renders it', async (name, member) => {
    const file = join(folder, 'key');
    const entry = { [`${name}_file`]: file, url: peer.origin() };
    integration = withV1(entry, peer.origin(), fakeTemplates({ team: 'ops' }));
    for (const key of ['first\n', ' {{ team }} ']) {
      writeFileSync(file, key);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ body }) => JSON.parse(body)[member])).toEqual(['first', 'ops']);
  });

  it('takes v1 when it has both keys', async () => {
    const entry = { routing_key: 'r', service_key: 's', url: `${peer.origin()}/v2` };
    integration = withV1(entry, `${peer.origin()}/v1`);
    await integration.notify(aNotification(), signal);
    expect(peer.only.target).toBe('/v1');
  });

  it.each([
    ['an empty key', '{{ nothing }}', 'routing key cannot be empty'],
    ['a key whose template fails', '{{ broken }}', `failed to template routing key: ${BROKEN_SECRET}`],
  ])('sends nothing with %s', async (_, routing_key, message) => {
    const templates = fakeTemplates({ nothing: '' });
    integration = builtIntegration('pagerduty', { routing_key, url: peer.origin() }, { templates });
    const outcome = await integration.notify(aNotification(), signal);
    expect(outcome).toEqual({ kind: 'rejected', reason: 'other', message });
    expect(peer.requests).toEqual([]);
  });

  it.each([
    ['what is wrong', '{"message":"Event object is invalid","errors":["a","b"]}', 'Event object is invalid: a,b'],
    ['one thing', '{"message":"Event object is invalid"}', 'Event object is invalid'],
    ['the whole answer where there is nothing else', '<html>', '<html>'],
  ])('says %s', async (_, body, said) => {
    answer = (_, response) => response.writeHead(400).end(body);
    integration = builtIntegration('pagerduty', { routing_key: 'r', url: peer.origin() });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'clientError',
      message: `unexpected status code 400: ${said}`,
    });
  });

  it('has a time-out of its own', async () => {
    answer = () => {};
    integration = builtIntegration('pagerduty', { routing_key: 'r', url: peer.origin(), timeout: '50ms' });
    const outcome = await integration.notify(aNotification(), signal);
    expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('timed out after 50 ms') });
  });
});
