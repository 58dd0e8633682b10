import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { type Log } from '../log/log';
import { clientProblem } from './client-certificate';
import { hostPort, type ListenAddress } from './listen-address';
import { type LoadedWebConfig, type ServerTls } from './web-config.loader';

/** Longer than senders keep idle connections (Prometheus: 5 minutes), so that never both ends use and close one, ms. */
const KEEP_ALIVE_MS = 360_000;

/** As Go: filters of queries may be long. */
const MAX_HEADER_BYTES = 1024 * 1024;

/** Time the rest of a request that has begun to arrive has to come when the server closes, ms. */
const REST_OF_REQUEST_MS = 1_000;

export interface HttpListenersOptions {
  /** Over HTTP/2 it is called with Node's compatible objects. */
  readonly handle: RequestListener;
  /** Whether connections are secured, and how those of now are. */
  readonly secure: null | (() => LoadedWebConfig['tls']);
  readonly log: Log;
  /** Limits of HTTP/1 connections; tests shorten them. */
  readonly http1?: ServerOptions;
}

/** A request of either protocol. */
interface UnderWay {
  /** Whether all of it has arrived. */
  readonly complete: boolean;
  destroy(): unknown;
}

/**
 * Takes connections at any number of addresses, plain or over TLS, and closes without cutting off answers.
 *
 * What listens only takes connections and hands each to the protocol it speaks, so that another certificate or another
 * rule for clients counts from the next connection on, without a moment in which nobody listens.
 */
export class HttpListeners {
  private readonly fronts: NetServer[] = [];
  private readonly http1: Server;
  private readonly http2: Http2Server;
  /** Of the last certificates seen. */
  private tls: { readonly of: ServerTls; readonly server: TlsServer } | null = null;

  private readonly sockets = new Set<Socket>();
  /** Connections that have not agreed on their keys yet, by `nameOf`. */
  private readonly handshakes = new Map<string, Socket>();
  /** HTTP/1 connections with how many requests are under way. */
  private readonly busy = new Map<Socket, number>();
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly requests = new Set<UnderWay>();
  private closing = false;

  constructor(private readonly options: HttpListenersOptions) {
    this.http1 = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES, ...options.http1 });
    this.http1.on('connection', (socket: Socket) => {
      this.busy.set(socket, 0);
      socket.once('close', () => this.busy.delete(socket));
    });
    this.http1.on('request', (request, response) => {
      this.requests.add(request);
      const { socket } = request;
      this.busy.set(socket, (this.busy.get(socket) ?? 0) + 1);
      response.once('close', () => {
        this.requests.delete(request);
        this.ends(socket);
      });
      options.handle(request, response);
    });
    // It never listens itself, but its limits on slow requests start with this.
    this.http1.emit('listening');

    this.http2 = createHttp2Server({ maxSendHeaderBlockLength: MAX_HEADER_BYTES });
    this.http2.on('session', (session) => {
      this.sessions.add(session);
      session.once('close', () => this.sessions.delete(session));
      session.setTimeout(KEEP_ALIVE_MS, () => session.close());
    });
    this.http2.on('request', (request, response) => {
      this.requests.add(request);
      response.once('close', () => this.requests.delete(request));
      (options.handle as unknown as (...both: [typeof request, typeof response]) => void)(request, response);
    });
  }

  /** Listens on one more address; answers with the one it got. */
  async listen(address: ListenAddress): Promise<{ host: string; port: number }> {
    const front = createNetServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.take(socket));
    await new Promise<void>((resolve, reject) => {
      front.once('error', reject);
      front.listen(address, resolve);
    });
    this.fronts.push(front);
    const bound = front.address();
    if (bound === null || typeof bound === 'string') return { host: bound ?? '', port: 0 };
    return { host: bound.address, port: bound.port };
  }

  /** Takes no new connections and answers what is under way; what takes longer than `limitMs` is cut. */
  async close(limitMs: number): Promise<void> {
    this.closing = true;
    const closed = Promise.all(
      this.fronts.map((front) => new Promise<void>((resolve) => front.close(() => resolve()))),
    );
    for (const socket of this.handshakes.values()) socket.destroy();
    for (const [socket, requests] of this.busy) if (requests === 0) socket.destroy();
    for (const session of this.sessions) session.close();
    const timers = [
      setTimeout(
        () => {
          for (const request of this.requests) if (!request.complete) request.destroy();
        },
        Math.min(REST_OF_REQUEST_MS, limitMs),
      ),
      setTimeout(() => {
        for (const socket of this.sockets) socket.destroy();
      }, limitMs),
    ];
    await closed;
    timers.forEach(clearTimeout);
    this.http1.close();
  }

  private take(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.options.secure === null) this.http1.emit('connection', socket);
    else this.secure(socket, this.options.secure());
  }

  /** Without usable certificates nobody is served: rather not at all than in the open. */
  private secure(socket: Socket, tls: LoadedWebConfig['tls']): void {
    if (!tls.ok || tls.value === null) return void socket.destroy();
    const name = nameOf(socket);
    this.handshakes.set(name, socket);
    socket.once('close', () => this.handshakes.delete(name));
    this.serverOf(tls.value).emit('connection', socket);
  }

  private serverOf(tls: ServerTls): TlsServer {
    if (this.tls?.of !== tls) this.tls = { of: tls, server: this.secureServer(tls) };
    return this.tls.server;
  }

  private secureServer(tls: ServerTls): TlsServer {
    const server = createTlsServer({
      ...tls.context,
      ALPNProtocols: tls.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      requestCert: tls.clientAuth !== 'none',
      // Who is let in is decided below, where it depends on more than trust.
      rejectUnauthorized: false,
    });
    server.on('tlsClientError', (error, socket) => {
      this.options.log.debug('TLS handshake failed', { client: clientOf(socket), err: error });
      socket.destroy();
    });
    server.on('secureConnection', (socket) => {
      this.handshakes.delete(nameOf(socket));
      const problem = clientProblem(shownBy(socket), tls.clientAuth, tls.clientAllowedSans);
      if (problem !== null) {
        this.options.log.debug('TLS client refused', { client: clientOf(socket), err: problem });
        socket.destroy();
      } else if (socket.alpnProtocol === 'h2') this.http2.emit('connection', socket);
      else this.http1.emit('connection', socket);
    });
    return server;
  }

  private ends(socket: Socket): void {
    const left = (this.busy.get(socket) ?? 1) - 1;
    if (this.busy.has(socket)) this.busy.set(socket, left);
    // An answer that began before the closing has promised to keep the connection.
    if (this.closing && left <= 0) socket.end(() => socket.destroy());
  }
}

function shownBy(socket: TLSSocket): Parameters<typeof clientProblem>[0] {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  return { isTrusted: socket.authorized, altNames: certificate.subjectAltName ?? '' };
}

/** A connection by both ends, which the secured and the bare socket share. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

function clientOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return hostPort(remoteAddress, remotePort);
}
