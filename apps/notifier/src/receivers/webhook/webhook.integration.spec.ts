import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@tocsin/common/config/secret';
import { DEFAULT_HTTP_CONFIG, type HttpConfig } from '@tocsin/common/http/http-config';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { machineClock } from '@tocsin/common/time/clock';
import { DEFAULT_LIMITS } from '../../delivery/delivery-limits';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { WebhookIntegration } from './webhook.integration';
import { type WebhookConfig } from './webhook.schema';

const none = new Secret('');
const context = {
  userAgent: 'Tocsin/test',
  externalUrl: () => 'http://tocsin.test',
  clock: machineClock,
  environment: {},
};

function webhook(config: Partial<WebhookConfig>): WebhookIntegration {
  const defaults = {
    sendResolved: true,
    onMuted: null,
    limits: DEFAULT_LIMITS,
    httpConfig: DEFAULT_HTTP_CONFIG,
    url: none,
    urlFile: '',
    maxAlerts: 0,
    timeoutMs: 0,
    payload: null,
  };
  return new WebhookIntegration('team', 0, { ...defaults, ...config }, context);
}

function withEverySecret(secret: string): HttpConfig {
  return {
    ...DEFAULT_HTTP_CONFIG,
    basicAuth: { username: 'u', usernameFile: '', password: new Secret(secret), passwordFile: '' },
    headers: { 'X-Key': { values: [], secrets: [new Secret(secret)], files: [] } },
  };
}

httpIntegrationContract({
  kind: 'webhook',
  create: (address, secret) =>
    webhook({ url: new Secret(`${address}/${secret}?key=${secret}`), httpConfig: withEverySecret(secret) }),
  success: (_, response) => response.writeHead(204).end(),
  retried: [500, 502, 503, 504],
  rejected: [301, 400, 401, 403, 404, 408, 410, 413, 429],
});

describe('webhook', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: WebhookIntegration;

  beforeEach(async () => {
    peer = await HttpPeer.start();
    folder = mkdtempSync(join(tmpdir(), 'tocsin-webhook-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  const signal = new AbortController().signal;

  it('posts JSON', async () => {
    integration = webhook({ url: new Secret(`${peer.origin()}/hook`), maxAlerts: 1 });
    const [alert] = aNotification().alerts;
    const outcome = await integration.notify(aNotification({ alerts: [alert!, alert!] }), signal);
    expect(outcome).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ method: 'POST', target: '/hook' });
    expect(peer.only.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Tocsin/test' });
    expect(JSON.parse(peer.only.body)).toMatchObject({
      receiver: 'team',
      externalURL: 'http://tocsin.test',
      truncatedAlerts: 1,
      alerts: { length: 1 },
    });
  });

  it('reads the address from its file each time', async () => {
    const urlFile = join(folder, 'url');
    integration = webhook({ urlFile });
    for (const path of ['/old', '/new']) {
      writeFileSync(urlFile, `  ${peer.origin()}${path}\n`);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target }) => target)).toEqual(['/old', '/new']);
  });

  it.each([
    ['an empty file', '\n', 'rejected', 'webhook URL is empty after templating'],
    ['a template', 'http://x/{{ .Status }}', 'rejected', 'a template in url_file is not supported yet'],
    ['no address', 'nonsense', 'retryable', 'not a valid address'],
    ['no file', null, 'retryable', 'read url_file: ENOENT'],
  ])('says so when there is %s instead of an address', async (_, text, kind, message) => {
    const urlFile = join(folder, 'url');
    if (text !== null) writeFileSync(urlFile, text);
    integration = webhook({ urlFile });
    const outcome = await integration.notify(aNotification(), signal);
    expect(outcome).toMatchObject({ kind, reason: 'other', message: expect.stringContaining(message) });
  });

  it.each<[string, Partial<WebhookConfig>]>([
    ['a template in url', { url: new Secret('http://127.0.0.1:1/{{ .Status }}') }],
    ['payload', { url: new Secret('http://127.0.0.1:1/'), payload: {} }],
  ])('sends nothing wrong where it cannot do %s', async (what, config) => {
    integration = webhook(config);
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'other',
      message: `${what} is not supported yet by this version of Tocsin`,
    });
  });

  it('has a time-out of its own', async () => {
    const hanging = await HttpPeer.start(() => {});
    integration = webhook({ url: new Secret(hanging.origin()), timeoutMs: 50 });
    const outcome = await integration.notify(aNotification(), signal);
    await hanging.stop();
    expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('timed out after 50 ms') });
  });

  it('cannot be sent to an address that was hidden', async () => {
    integration = webhook({ url: new Secret('<secret>') });
    expect(await integration.notify(aNotification(), signal)).toMatchObject({ kind: 'retryable' });
  });
});
