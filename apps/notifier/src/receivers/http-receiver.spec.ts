import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { egressPolicy } from '@tocsin/common/http/egress-rules.client';
import { HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type IntegrationContext } from './integration-context';
import { aNotification } from './integration.contract';
import { builtIntegration, configOf } from './testing/built-integration';

describe('HttpReceiver', () => {
  const { signal } = new AbortController();
  let peer: HttpPeer;
  let folder: string;

  beforeEach(async () => {
    peer = await HttpPeer.start();
    folder = mkdtempSync(join(tmpdir(), 'tocsin-signing-'));
  });
  afterEach(async () => {
    await peer.stop();
    rmSync(folder, { recursive: true });
  });

  async function tell(entry: object, context: Partial<IntegrationContext> = {}): Promise<DeliveryOutcome> {
    const integration = builtIntegration('webhook', { url: peer.origin(), ...entry }, context);
    const outcome = await integration.notify(aNotification(), signal);
    await integration.close();
    return outcome;
  }

  /** As a receiver checks it. */
  function isSignedBy(secret: string, { headers, body }: ReceivedRequest): boolean {
    const [time = '', ...signatures] = String(headers['tocsin-signature']).split(',');
    const expected = createHmac('sha256', secret)
      .update(`${time.slice(2)}.${body}`)
      .digest('hex');
    return signatures.includes(`v1=${expected}`) && Math.abs(Date.now() / 1000 - Number(time.slice(2))) < 60;
  }

  it('signs time and body with each of its secrets', async () => {
    const file = join(folder, 'new');
    writeFileSync(file, 'new-secret\n');
    expect(await tell({ signing: { secrets: ['old-secret'], secret_files: [file] } })).toEqual({ kind: 'delivered' });
    expect(isSignedBy('old-secret', peer.only)).toBe(true);
    expect(isSignedBy('new-secret', peer.only)).toBe(true);
    expect(isSignedBy('another', peer.only)).toBe(false);
  });

  it('signs nothing unless it is asked to', async () => {
    await tell({});
    expect(peer.only.headers).not.toHaveProperty('tocsin-signature');
  });

  it('tries again when a secret cannot be read', async () => {
    const outcome = await tell({ signing: { secret_files: [join(folder, 'none')] } });
    expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('secret of signing') });
    expect(peer.requests).toEqual([]);
  });

  it.each(['', '\n'])('never signs with a file that holds nothing: %j', async (text) => {
    const file = join(folder, 'empty');
    writeFileSync(file, text);
    const outcome = await tell({ signing: { secrets: ['good'], secret_files: [file] } });
    const message = expect.stringContaining(`unable to read secret of signing: ${file} is empty`);
    expect(outcome).toMatchObject({ kind: 'retryable', message });
    expect(peer.requests).toEqual([]);
  });

  it('shows no secret that the receiver sends back', async () => {
    const echo = await HttpPeer.start((_, response) => response.writeHead(400).end('it was canary-secret'));
    const outcome = await tell({ url: echo.origin(), signing: { secrets: ['canary-secret'] } });
    await echo.stop();
    expect(outcome).toMatchObject({ kind: 'rejected', message: 'unexpected status code 400: it was <redacted>' });
  });

  it('sends nothing to where nothing may be sent', async () => {
    const egress = egressPolicy({ allowedHosts: ['hooks.test'], refusePrivate: false });
    const outcome = await tell({}, egress.ok ? { egress: egress.policy } : {});
    expect(outcome).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('127.0.0.1 is not among the allowed hosts'),
    });
    expect(peer.requests).toEqual([]);
  });

  it.each<[string, object | string]>([
    ['signing needs one of secrets or secret_files', {}],
    ['signing takes at most 2 secrets and secret_files', { secrets: ['a', 'b'], secret_files: ['c'] }],
    ['a secret of signing may not be empty', { secrets: [''] }],
  ])('refuses: %s', (message, signing) => {
    expect(() => configOf('webhook', { url: 'http://x.test/', signing })).toThrow(message);
  });

  it.each(['email', 'sns'] as const)('%s cannot be signed', (kind) => {
    expect(() => configOf(kind, { signing: { secrets: ['a'] } })).toThrow('field signing not found');
  });
});
