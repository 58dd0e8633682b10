import { afterEach, describe, expect, it } from 'vitest';
import { startWebhookServer, type WebhookServer } from './webhook-server';

describe('startWebhookServer', () => {
  let server: WebhookServer;
  let printed = '';

  const start = async (address: string) => {
    printed = '';
    server = await startWebhookServer(address, (text) => (printed += text));
    return `http://${server.address}/hook`;
  };
  afterEach(() => server.stop());

  it('prints a webhook and accepts it', async () => {
    const url = await start('127.0.0.1:0');
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ receiver: 'r', alerts: [] }) });
    expect(response.status).toBe(200);
    expect(printed).toContain('to r');
  });

  it.each([['no JSON'], ['{"alerts":3}'], ['[]']])('refuses %s', async (body) => {
    const response = await fetch(await start('127.0.0.1:0'), { method: 'POST', body });
    expect([response.status, printed]).toEqual([400, '']);
  });

  it('answers health checks', async () => expect((await fetch(await start('127.0.0.1:0'))).status).toBe(200));

  it('says which address is taken', async () => {
    await start('127.0.0.1:0');
    await expect(startWebhookServer(server.address, () => {})).rejects.toThrow(
      new RegExp(`cannot listen on ${server.address} for webhooks: .*EADDRINUSE`),
    );
  });
});
