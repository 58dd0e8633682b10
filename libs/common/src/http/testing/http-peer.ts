import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ReceivedRequest {
  readonly method: string;
  /** As in the request line. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (request: ReceivedRequest, response: ServerResponse, incoming: IncomingMessage) => void;

/** A server on 127.0.0.1 that keeps what it was sent and answers as the test says. */
export class HttpPeer {
  readonly requests: ReceivedRequest[] = [];
  /** Connections that ended. */
  closedConnections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => {
        this.sockets.delete(socket);
        this.closedConnections++;
      });
    });
  }

  static async start(answer: Answer = (_, response) => response.end(), tls?: ServerOptions): Promise<HttpPeer> {
    const listener: RequestListener = (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = '', url: target = '', headers } = incoming;
        const request = { method, target, headers, body: Buffer.concat(chunks).toString() };
        peer.requests.push(request);
        answer(request, response, incoming);
      });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const peer = new HttpPeer(server, tls ? 'https' : 'http');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return peer;
  }

  /** Takes CONNECT requests, as a proxy does. */
  onConnect(handle: (request: IncomingMessage, socket: Duplex) => void): void {
    this.server.on('connect', handle);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** `http://127.0.0.1:PORT`, or with another name for this machine. */
  origin(host = '127.0.0.1'): string {
    return `${this.scheme}://${host}:${this.port}`;
  }

  /** The only request so far. */
  get only(): ReceivedRequest {
    const [request] = this.requests;
    if (request === undefined || this.requests.length > 1) throw new Error(`${this.requests.length} requests`);
    return request;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
