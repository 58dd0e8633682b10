import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeBatch, type ReceivedBatch, type ReceivedSpan } from './decode-spans';

export interface ReceivedExport {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly batch: ReceivedBatch;
}

/** What the collector answers: an HTTP status, or a gRPC one. 'plain': what any web
 *  server says. Null: it never answers. */
type Answer = number | 'plain' | null;

/** A collector on 127.0.0.1 that keeps what it gets. */
export class OtlpSink {
  readonly exports: ReceivedExport[] = [];
  /** Answers of the next exports; then all is accepted. */
  readonly answers: Answer[] = [];
  /** Text of a gRPC status. */
  message = 'not%20now';
  /** Connections ever made. */
  connected = 0;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;

  private constructor() {}

  static async http(): Promise<OtlpSink> {
    const sink = new OtlpSink();
    return sink.listen(createServer((request, response) => void sink.takeHttp(request, response)));
  }

  static async grpc(tls?: { cert: string; key: string; ca: string }): Promise<OtlpSink> {
    const sink = new OtlpSink();
    const take = (request: Http2ServerRequest, response: Http2ServerResponse) => void sink.takeGrpc(request, response);
    return sink.listen(tls ? createSecureServer({ ...tls, requestCert: true }, take) : createHttp2Server(take));
  }

  get endpoint(): string {
    return `127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  get spans(): ReceivedSpan[] {
    return this.exports.flatMap(({ batch }) => batch.spans);
  }

  /** Connections that are open. */
  get connections(): number {
    return this.sockets.size;
  }

  /** Ends all connections. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    if (this.server === null || !this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private async listen(server: Server): Promise<this> {
    this.server = server;
    server.on('connection', (socket: Socket) => {
      this.connected++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return this;
  }

  private async takeHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const isZipped = request.headers['content-encoding'] === 'gzip';
    this.keep(request.url ?? '', request.headers, isZipped ? gunzipSync(body) : body);
    const answer = this.answers.length > 0 ? this.answers.shift() : 200;
    if (answer != null) response.writeHead(answer === 'plain' ? 404 : answer).end();
  }

  private async takeGrpc(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const frame = await bodyOf(request);
    const isZipped = frame.readUInt8(0) === 1;
    const message = frame.subarray(5);
    if (message.length !== frame.readUInt32BE(1)) throw new Error('not one whole message');
    if (isZipped !== (request.headers['grpc-encoding'] === 'gzip')) throw new Error('not compressed as announced');
    this.keep(request.url, request.headers, isZipped ? gunzipSync(message) : message);
    const answer = this.answers.length > 0 ? this.answers.shift() : 0;
    if (answer == null) return;
    if (answer === 'plain') {
      response.writeHead(404).end();
      return;
    }
    if (answer > 0) {
      response.writeHead(200, {
        'content-type': 'application/grpc',
        'grpc-status': answer,
        'grpc-message': this.message,
      });
      response.end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/grpc' });
    response.addTrailers({ 'grpc-status': '0' });
    response.end(Buffer.alloc(5));
  }

  private keep(path: string, headers: IncomingMessage['headers'], message: Buffer): void {
    this.exports.push({ path, headers, batch: decodeBatch(message) });
  }
}

async function bodyOf(request: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
