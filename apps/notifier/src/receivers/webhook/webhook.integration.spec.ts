import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { type Templates } from '../../templates/templates';
import { BROKEN, BROKEN_SECRET, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, anAlert, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'webhook',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'webhook',
      {
        url: `${address}/${secret}?key=${secret}`,
        http_config: {
          basic_auth: { username: 'u', password: secret },
          http_headers: { 'X-Key': { secrets: [secret] } },
        },
        ...(broken && { payload: '{{ broken }}' }),
      },
      { templates },
    ),
  success: (_, response) => response.writeHead(204).end(),
  retried: [500, 502, 503, 504],
  rejected: [301, 400, 401, 403, 404, 408, 410, 413, 429],
});

describe('webhook', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;

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
    integration = builtIntegration('webhook', { url: `${peer.origin()}/hook` });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ method: 'POST', target: '/hook' });
    expect(peer.only.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Tocsin/test' });
    expect(JSON.parse(peer.only.body)).toMatchObject({ receiver: 'team', externalURL: 'http://tocsin.test' });
  });

  it.each([
    [
      'more alerts than it may have',
      1,
      { status: 'resolved', commonLabels: { a: '1', b: '1' }, truncatedAlerts: 2 },
      1,
    ],
    ['as many as it may have', 3, { status: 'firing', commonLabels: { b: '1' }, truncatedAlerts: 0 }, 3],
    ['any number', 0, { status: 'firing', commonLabels: { b: '1' }, truncatedAlerts: 0 }, 3],
  ])('cuts before it says anything about the alerts: %s', async (_, max_alerts, body, length) => {
    integration = builtIntegration('webhook', { url: peer.origin(), max_alerts });
    const first = anAlert({ endsAtMs: 1_000, labels: { a: '1', b: '1' } });
    const second = anAlert({ labels: { a: '2', b: '1' } });
    await integration.notify(aNotification({ alerts: [first, second, second] }), signal);
    expect(JSON.parse(peer.only.body)).toMatchObject({ ...body, alerts: { length } });
  });

  it('cuts before it renders anything', async () => {
    const counts: Templates = {
      ...fakeTemplates(),
      of: ({ alerts }) => {
        const text = (source: string) =>
          ({ ok: true, text: source.replace(/\{\{ \.n \}\}/, `${alerts.length}`) }) as const;
        return { text, html: text };
      },
    };
    const entry = { url: `${peer.origin()}/{{ .n }}`, max_alerts: 1, payload: { n: '{{ .n }}' } };
    integration = builtIntegration('webhook', entry, { templates: counts });
    await integration.notify(aNotification({ alerts: [anAlert(), anAlert()] }), signal);
    expect(peer.only).toMatchObject({ target: '/1', body: '{"n":1}\n' });
  });

  it('renders the address', async () => {
    const templates = fakeTemplates({ team: 'a b' });
    integration = builtIntegration('webhook', { url: `${peer.origin()}/{{ .team }}` }, { templates });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only.target).toBe('/a%20b');
  });

  it('reads the address from its file each time', async () => {
    const file = join(folder, 'url');
    const templates = fakeTemplates({ team: 'a' });
    integration = builtIntegration('webhook', { url_file: file }, { templates });
    for (const path of ['/old', '/new/{{ team }}']) {
      writeFileSync(file, `  ${peer.origin()}${path}\n`);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target }) => target)).toEqual(['/old', '/new/a']);
  });

  it.each([
    ['an empty file', '\n', 'retryable', 'read url_file FILE: it is empty'],
    ['a template that gives nothing', '{{ nothing }}', 'rejected', 'webhook URL is empty after templating'],
    ['a template that fails', '{{ broken }}', 'rejected', `failed to template webhook URL: ${BROKEN_SECRET}`],
    ['no address', 'nonsense', 'retryable', 'not a valid address'],
    ['no file', null, 'retryable', 'read url_file FILE: there is no such file'],
  ])('says so when there is %s instead of an address', async (_, text, kind, message) => {
    const file = join(folder, 'url');
    if (text !== null) writeFileSync(file, text);
    integration = builtIntegration('webhook', { url_file: file }, { templates: fakeTemplates({ nothing: '' }) });
    const outcome = await integration.notify(aNotification(), signal);
    expect(outcome).toMatchObject({
      kind,
      reason: 'other',
      message: expect.stringContaining(message.replace('FILE', file)),
    });
  });

  it('posts an own payload', async () => {
    const payload = { text: '{{ title }}', count: '{{ n }}' };
    const templates = fakeTemplates({ title: 'Disk <full>', n: '3' });
    integration = builtIntegration('webhook', { url: peer.origin(), payload }, { templates });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only.body).toBe('{"count":3,"text":"Disk \\u003cfull\\u003e"}\n');
  });

  it('says of a plain message that is refused that it was one', async () => {
    await peer.stop();
    peer = await HttpPeer.start((_, response) => response.writeHead(400).end('no text'));
    integration = builtIntegration('webhook', { url: peer.origin(), payload: { text: '{{ broken }}' } });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'clientError',
      message: `unexpected status code 400: no text (it was a plain message: ${BROKEN})`,
    });
  });

  it('has a time-out of its own', async () => {
    const hanging = await HttpPeer.start(() => {});
    integration = builtIntegration('webhook', { url: hanging.origin(), timeout: '50ms' });
    const outcome = await integration.notify(aNotification(), signal);
    await hanging.stop();
    expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('timed out after 50 ms') });
  });

  it('cannot be sent to an address that was hidden', async () => {
    integration = builtIntegration('webhook', { url: '<secret>' });
    expect(await integration.notify(aNotification(), signal)).toMatchObject({ kind: 'retryable' });
  });
});
