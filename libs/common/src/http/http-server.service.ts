import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Log } from '../log/log';
import { formatGoDuration } from '../time/duration';
import { type ErrorStyle, ErrorFilter, isBelow, pathOf } from './error.filter';
import { HttpListeners } from './http-listeners.client';
import { ProblemError } from './http.errors';
import { type ServerSpan, type ServerSpans } from './http-spans';
import { parseJsonBody } from './json-body';
import { hostPort, type ListenAddress } from './listen-address';
import { mediaTypeMistake, typeRefusal } from './media-type';
import { cleanPath } from './clean-path';
import { acceptsJson, corsHeaders } from './negotiation';
import { parseQueryString } from './query-string';
import { RouteTable } from './route-table';
import { type WebGuard } from './web-guard.service';

/** Alertmanager limits nothing; this only keeps one request from taking the process down, bytes. Default 128 MiB. */
export const DEFAULT_BODY_LIMIT_BYTES = 128 * 1024 * 1024;

/** Time requests under way have to end when the server closes, ms. */
const DRAIN_LIMIT_MS = 5_000;

/** A request that was answered. */
export interface AnsweredRequest {
  /** The path's pattern without prefix, '' where there is none. */
  readonly handler: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  /** Of the body; 0 where it was sent piece by piece. */
  readonly responseBytes: number;
}

/** How many GET requests are answered at once, and who is told. Source: Alertmanager, `--web.get-concurrency`. */
export interface GetLimit {
  readonly max: number;
  readonly inFlightChanged: (inFlight: number) => void;
  readonly refused: () => void;
}

export interface HttpServerOptions {
  readonly module: Type | DynamicModule;
  readonly log: Log;
  /** Path all routes begin with, `/x/y`. Default ''. */
  readonly routePrefix?: string;
  /** Below this path requests and errors follow go-openapi's rules. Default null: nowhere. */
  readonly jsonBase?: string | null;
  readonly bodyLimitBytes?: number;
  /** Default null: no limit. */
  readonly getLimit?: GetLimit | null;
  /** Limit of one request, ms. Default null: none. */
  readonly timeoutMs?: number | null;
  /** TLS, passwords and headers. Default null: none of it. */
  readonly guard?: WebGuard | null;
  /** Traces the requests. Default null: nobody does. */
  readonly spans?: ServerSpans | null;
  /** Why nothing below the JSON base can be answered yet; null: it can. */
  readonly unavailableBecause?: () => string | null;
  /** Told of every finished request. */
  readonly observe?: (request: AnsweredRequest) => void;
}

/** A NestJS application on Fastify, served on any number of addresses. */
export class HttpServer {
  private readonly listeners: HttpListeners;
  private closing = false;

  private constructor(
    private readonly app: INestApplication,
    fastify: FastifyInstance,
    private readonly guard: WebGuard | null,
    private readonly log: Log,
  ) {
    fastify.addHook('onSend', async (request, reply) => {
      if (this.closing && request.raw.httpVersionMajor === 1) void reply.header('Connection', 'close');
    });
    const proceed = (request: IncomingMessage, response: ServerResponse) => fastify.routing(request, response);
    this.listeners = new HttpListeners({
      handle: guard === null ? proceed : (request, response) => guard.admit(request, response, proceed),
      secure: guard?.isSecure ? () => guard.tls() : null,
      log,
    });
  }

  /** Builds the application; nothing listens yet. */
  static async create(options: HttpServerOptions): Promise<HttpServer> {
    const timeoutMs = options.timeoutMs ?? null;
    const style: ErrorStyle = {
      routePrefix: options.routePrefix ?? '',
      jsonBase: options.jsonBase ?? null,
      routes: new RouteTable(),
      bodyLimitBytes: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
      timeout: timeoutMs === null ? '' : formatGoDuration(timeoutMs),
    };
    const adapter = new FastifyAdapter({
      bodyLimit: style.bodyLimitBytes,
      routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000, querystringParser: parseQueryString },
      exposeHeadRoutes: false,
      skipMiddie: true,
      ...(timeoutMs !== null && { handlerTimeout: timeoutMs }),
    });
    const fastify = adapter.getInstance() as unknown as FastifyInstance;
    readBodies(fastify, style);
    if (options.spans) traceRequests(fastify, options.spans);
    if (options.getLimit) limitGets(fastify, options.getLimit);
    addHooks(fastify, style, options);
    const app = await NestFactory.create(options.module, adapter, {
      logger: false,
      abortOnError: false,
      bodyParser: false,
    });
    if (style.routePrefix !== '') app.setGlobalPrefix(style.routePrefix);
    app.useGlobalFilters(new ErrorFilter(style, options.log));
    const server = new HttpServer(app, fastify, options.guard ?? null, options.log);
    await app.init();
    await fastify.ready();
    return server;
  }

  /** How clients begin its addresses. */
  get scheme(): 'http' | 'https' {
    return this.guard?.isSecure ? 'https' : 'http';
  }

  /** Listens on one more address; answers with the one it got. */
  async listen(address: ListenAddress): Promise<{ host: string; port: number }> {
    const bound = await this.listeners.listen(address);
    const text = bound.port === 0 ? bound.host : hostPort(bound.host, bound.port);
    this.log.info('Listening on', { address: text });
    const tls = this.guard?.isSecure ? this.guard.tls() : null;
    const http2 = tls?.ok === true && tls.value?.http2 === true;
    this.log.info(tls === null ? 'TLS is disabled.' : 'TLS is enabled.', { http2, address: text });
    return bound;
  }

  /** Takes no new connections and answers what is under way; what takes longer than `limitMs` is cut. */
  async close(limitMs = DRAIN_LIMIT_MS): Promise<void> {
    this.closing = true;
    await this.listeners.close(limitMs);
    await this.guard?.close();
    await this.app.close();
  }
}

/** Before anything else, so that what is refused is seen, too. */
function traceRequests(fastify: FastifyInstance, spans: ServerSpans): void {
  const underWay = new WeakMap<FastifyRequest, ServerSpan>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const { method, headers, routeOptions } = request;
    const span = spans.begin({ method, route: routeOptions.url ?? '', headers });
    if (span !== null) {
      underWay.set(request, span);
      reply.raw.once('close', () => span.end(reply.raw.writableFinished ? reply.statusCode : null));
    }
    done();
  });
  // Reading the body loses the asynchronous context, so that it can only begin here.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = underWay.get(request);
    if (span === undefined) done();
    else span.run(done);
  });
}

/** Of all GET requests, those of unknown paths, too; before anything else looks at them. */
function limitGets(fastify: FastifyInstance, { max, inFlightChanged, refused }: GetLimit): void {
  let inFlight = 0;
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET') return;
    if (inFlight >= max) {
      refused();
      const message = `Limit of concurrent GET requests reached (${max}), try again later.\n`;
      throw new ProblemError({ kind: 'overloaded', message });
    }
    inFlightChanged(++inFlight);
    reply.raw.once('close', () => inFlightChanged(--inFlight));
  });
}

/** JSON bodies become `JsonBody` values. Other types are refused below the JSON base and ignored elsewhere. */
function readBodies(fastify: FastifyInstance, style: ErrorStyle): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const type = request.headers['content-type'];
    const isRefused = body.length > 0 && isBelow(request, style) && mediaTypeMistake(type ?? '') !== null;
    if (isRefused) done(new ProblemError(typeRefusal(type)));
    else done(null, parseJsonBody(body.toString('utf8')));
  });
  // What a body is does not matter where there is none.
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (!isBelow(request, style)) {
      payload.resume();
      return done(null);
    }
    let hasBody = false;
    payload.once('data', () => {
      hasBody = true;
      done(new ProblemError(typeRefusal(request.headers['content-type'])));
    });
    payload.once('end', () => {
      if (!hasBody) done(null);
    });
    payload.once('error', (error: Error) => done(error));
  });
}

function addHooks(
  fastify: FastifyInstance,
  style: ErrorStyle,
  { observe, unavailableBecause }: HttpServerOptions,
): void {
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) style.routes.add(one, url);
  });
  fastify.addHook('onRequest', async (request, reply) => {
    if (isBelow(request, style)) {
      const { isPreflight, headers } = corsHeaders(request.method, request.headers);
      void reply.headers(headers);
      if (isPreflight) return reply.status(204).send();
      void reply.header('Cache-Control', 'no-store');
    } else if (style.routePrefix !== '' && isRead(request) && pathOf(request) === '/') {
      return reply.redirect(style.routePrefix, 302);
    }
    const cleaned = request.is404 ? cleanPath(pathOf(request)) : null;
    if (cleaned !== null) return reply.redirect(cleaned + request.url.slice(pathOf(request).length), 307);
    if (request.is404) throw new ProblemError({ kind: 'no-route' });
    const reason = isBelow(request, style) ? unavailableBecause?.() : null;
    if (reason) throw new ProblemError({ kind: 'unavailable', message: reason });
    return undefined;
  });
  fastify.addHook('preValidation', async (request) => {
    // go-openapi does not look at it where there is a body.
    if (isBelow(request, style) && !hasBody(request.body) && !acceptsJson(request.headers.accept))
      throw new ProblemError({ kind: 'not-acceptable' });
  });
  if (observe === undefined) return;
  fastify.addHook('onResponse', async (request, reply) => {
    const handler = request.is404 ? '' : (request.routeOptions.url ?? '').slice(style.routePrefix.length);
    observe({
      handler,
      method: request.method,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      responseBytes: bodyBytes(reply),
    });
  });
}

function hasBody(body: unknown): boolean {
  return body !== undefined && body !== null && !isEmptyJson(body);
}

function isEmptyJson(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'empty';
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function bodyBytes(reply: FastifyReply): number {
  return reply.request.method === 'HEAD' ? 0 : Number(reply.getHeader('content-length') ?? 0);
}
