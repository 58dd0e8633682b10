import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Log } from '../log/log';
import { type ErrorStyle, ErrorFilter, isBelow, pathOf } from './error.filter';
import { ProblemError } from './http.errors';
import { parseJsonBody } from './json-body';
import { hostPort, type ListenAddress } from './listen-address';
import { acceptsJson, corsHeaders } from './negotiation';
import { RouteTable } from './route-table';

/** Alertmanager limits nothing; this only keeps one request from taking the process down, bytes. Default 128 MiB. */
export const DEFAULT_BODY_LIMIT_BYTES = 128 * 1024 * 1024;

/** Longer than senders keep idle connections (Prometheus: 5 minutes), so that never both ends use and close one, ms. */
const KEEP_ALIVE_MS = 360_000;

/** Time requests under way have to end when the server closes, ms. */
const DRAIN_LIMIT_MS = 5_000;

/** As Go: filters of queries may be long. */
const MAX_HEADER_BYTES = 1024 * 1024;

export interface HttpServerOptions {
  readonly module: Type | DynamicModule;
  readonly log: Log;
  /** Path all routes begin with, `/x/y`. Default ''. */
  readonly routePrefix?: string;
  /** Below this path requests and errors follow go-openapi's rules. Default null: nowhere. */
  readonly jsonBase?: string | null;
  readonly bodyLimitBytes?: number;
  /** Told of every finished request; `handler` is the path's pattern without prefix, '' where there is none. */
  readonly observe?: (request: { handler: string; method: string; status: number; durationMs: number }) => void;
}

/** A NestJS application on Fastify, served on any number of addresses. */
export class HttpServer {
  private readonly servers: Server[] = [];
  private closing = false;

  private constructor(
    private readonly app: INestApplication,
    private readonly fastify: FastifyInstance,
    private readonly log: Log,
  ) {
    fastify.addHook('onSend', async (_request, reply) => {
      if (this.closing) void reply.header('Connection', 'close');
    });
  }

  /** Builds the application; nothing listens yet. */
  static async create(options: HttpServerOptions): Promise<HttpServer> {
    const style: ErrorStyle = {
      routePrefix: options.routePrefix ?? '',
      jsonBase: options.jsonBase ?? null,
      routes: new RouteTable(),
      bodyLimitBytes: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    };
    const adapter = new FastifyAdapter({
      bodyLimit: style.bodyLimitBytes,
      routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
      exposeHeadRoutes: false,
      skipMiddie: true,
    });
    const fastify = adapter.getInstance() as unknown as FastifyInstance;
    readBodies(fastify, style);
    addHooks(fastify, style, options.observe);
    const app = await NestFactory.create(options.module, adapter, {
      logger: false,
      abortOnError: false,
      bodyParser: false,
    });
    if (style.routePrefix !== '') app.setGlobalPrefix(style.routePrefix);
    app.useGlobalFilters(new ErrorFilter(style, options.log));
    const server = new HttpServer(app, fastify, options.log);
    await app.init();
    await fastify.ready();
    return server;
  }

  /** Listens on one more address; answers with the one it got. */
  async listen(address: ListenAddress): Promise<{ host: string; port: number }> {
    const options = { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES };
    const server = createServer(options, (request, response) => this.fastify.routing(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) }, resolve);
    });
    this.servers.push(server);
    const bound = server.address() as AddressInfo;
    this.log.info('Listening on', { address: hostPort(bound.address, bound.port) });
    return { host: bound.address, port: bound.port };
  }

  /** Takes no new connections and answers what is under way; what takes longer than `limitMs` is cut. */
  async close(limitMs = DRAIN_LIMIT_MS): Promise<void> {
    this.closing = true;
    const cut = setTimeout(() => this.servers.forEach((server) => server.closeAllConnections()), limitMs);
    await Promise.all(this.servers.map((server) => closeServer(server)));
    clearTimeout(cut);
    await this.app.close();
  }
}

/** Idle keep-alive connections are cut at once, the others end with their answer (`Connection: close`). */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** JSON bodies become `JsonBody` values. Other types are refused below the JSON base and ignored elsewhere. */
function readBodies(fastify: FastifyInstance, style: ErrorStyle): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, parseJsonBody(body.toString('utf8')));
  });
  fastify.addContentTypeParser('*', (request, payload, done) => {
    const isEmpty = request.headers['content-length'] === '0';
    if (isBelow(request, style) && !isEmpty)
      return done(new ProblemError({ kind: 'body-type', met: mediaType(request) }));
    payload.resume();
    done(null);
  });
}

/** Go takes a body without a type for any bytes. */
function mediaType(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? 'application/octet-stream').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function addHooks(fastify: FastifyInstance, style: ErrorStyle, observe: HttpServerOptions['observe']): void {
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) style.routes.add(one, url);
  });
  fastify.addHook('onRequest', async (request, reply) => {
    if (isBelow(request, style)) {
      const methodsOfPath = (): readonly string[] => style.routes.methodsOf(pathOf(request));
      const { isPreflight, headers } = corsHeaders(request.method, request.headers, methodsOfPath);
      void reply.headers(headers);
      if (isPreflight) return reply.status(204).send();
      void reply.header('Cache-Control', 'no-store');
    } else if (style.routePrefix !== '' && request.method === 'GET' && pathOf(request) === '/') {
      return reply.redirect(style.routePrefix, 302);
    }
    if (request.is404) throw new ProblemError({ kind: 'no-route' });
    return undefined;
  });
  fastify.addHook('preValidation', async (request) => {
    if (isBelow(request, style) && !acceptsJson(request.headers.accept))
      throw new ProblemError({ kind: 'not-acceptable' });
  });
  if (observe === undefined) return;
  fastify.addHook('onResponse', async (request, reply) => {
    const handler = request.is404 ? '' : (request.routeOptions.url ?? '').slice(style.routePrefix.length);
    observe({ handler, method: request.method, status: reply.statusCode, durationMs: reply.elapsedTime });
  });
}
