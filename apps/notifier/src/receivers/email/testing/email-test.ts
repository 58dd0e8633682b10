import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect } from 'vitest';
import { type DeliveryOutcome } from '../../../delivery/delivery-outcome';
import { type Integration } from '../../integration';
import { aNotification } from '../../integration.contract';
import { builtIntegration } from '../../testing/built-integration';
import { SmtpPeer } from './smtp-peer';

/** What no outcome may show. */
export const SECRET = 'canary-0123456789';

/** What a raw server says to a line; null: nothing. */
export type RawAnswer = (line: string, socket: Socket) => string | null;

/** Servers and integrations of one spec, ended after each test. */
export function emailTest() {
  let ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    ends = [];
  });

  return {
    async peerWith(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
      const peer = await SmtpPeer.start(options);
      ends.push(() => peer.stop());
      return peer;
    },

    integrationTo(port: number, own: object = {}, context: Parameters<typeof builtIntegration>[2] = {}): Integration {
      const entry = {
        smarthost: `127.0.0.1:${port}`,
        from: 'tocsin@x.org',
        to: 'ops@x.org',
        require_tls: false,
        ...own,
      };
      const integration = builtIntegration('email', entry, context);
      ends.push(() => integration.close());
      return integration;
    },

    /** The port of a server that says to each line what the test says. */
    async rawServer(answer: RawAnswer, greeting = '220 x ESMTP', host = '127.0.0.1'): Promise<number> {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        if (greeting !== '') socket.write(`${greeting}\r\n`);
        socket.on('data', (chunk) => {
          for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
            const text = answer(line, socket);
            if (text !== null && !socket.destroyed) socket.write(`${text}\r\n`);
          }
        });
      });
      server.listen(0, host);
      await once(server, 'listening');
      ends.push(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      return (server.address() as AddressInfo).port;
    },
  };
}

/** How it ends to tell of one alert; no secret may be in it. */
export async function toldOf(
  integration: Integration,
  until: AbortSignal = new AbortController().signal,
): Promise<DeliveryOutcome> {
  const outcome = await integration.notify(aNotification(), until);
  expect(JSON.stringify(outcome)).not.toContain(SECRET);
  expect(JSON.stringify(outcome)).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, -4));
  return outcome;
}
