import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STORAGE_FULL, STORAGE_WRITE_FAILED } from '../embedded/embedded.errors';
import { AppError } from '../errors/app-error';
import { goQuote } from '../labels/go-quote';
import { type Log, reasonOf } from '../log/log';
import { isRedisRefusing, isRedisUnreachable } from '../redis/redis-unreachable';
import { ProblemError, type Problem } from './http.errors';
import { typeRefusal } from './media-type';
import { type RouteTable } from './route-table';

export interface ErrorStyle {
  /** Path all routes begin with; clients are not told it. */
  readonly routePrefix: string;
  /** Errors below this path are JSON, as go-openapi answers; the rest is plain text. Null: all plain. */
  readonly jsonBase: string | null;
  readonly routes: RouteTable;
  readonly bodyLimitBytes: number;
  /** Limit of one request as Go writes it; '' for none. */
  readonly timeout: string;
}

/** An unexpected failure is told without its reason, which may hold what clients should not see. */
type Refusal = Problem | { kind: 'failed' };

const statuses: Readonly<Record<Exclude<Refusal['kind'], 'no-route'>, number>> = {
  'bad-request': 400,
  'unreadable-body': 400,
  'unreadable-type': 400,
  required: 422,
  'too-few': 422,
  'wrong-format': 422,
  'no-such-thing': 404,
  'not-found': 404,
  'body-type': 415,
  'not-acceptable': 406,
  'body-too-large': 413,
  'too-soon': 429,
  inexpressible: 500,
  unavailable: 503,
  overloaded: 503,
  failed: 500,
};

/** What go-openapi refuses itself, as `{"code","message"}`; 6xx codes are its own. Other texts are bare JSON strings. */
const frameworkCodes: Readonly<Partial<Record<Refusal['kind'], number>>> = {
  'unreadable-body': 400,
  'unreadable-type': 400,
  required: 602,
  'too-few': 612,
  'wrong-format': 601,
  'body-type': 415,
  'not-acceptable': 406,
};

/** The one place where a failure becomes an HTTP status and a body. Source: Alertmanager's API, and Go's `net/http` for
 *  everything outside it. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly style: ErrorStyle,
    private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = this.refusalOf(error, request);
    if (refusal.kind === 'failed') {
      this.log.error('Request failed', { method: request.method, path: pathOf(request), err: reasonOf(error) });
    }
    // What was answered already failed too late to matter, such as after its time limit.
    if (reply.raw.writableEnded) return;
    if (refusal.kind === 'too-soon') void reply.header('Retry-After', Math.max(1, Math.ceil(refusal.againMs / 1000)));
    // A half-sent answer cannot be taken back: the client must see that it is broken.
    if (reply.raw.headersSent) reply.raw.destroy();
    else if (refusal.kind !== 'overloaded' && isBelow(request, this.style)) this.answerJson(refusal, request, reply);
    else this.answerText(refusal, request, reply);
  }

  private refusalOf(error: unknown, request: FastifyRequest): Refusal {
    if (error instanceof ProblemError) return error.problem;
    const unavailable = unavailability(error);
    if (unavailable !== null) return { kind: 'unavailable', message: unavailable };
    if (isTimeout(error))
      return { kind: 'overloaded', message: `Exceeded configured timeout of ${this.style.timeout}.` };
    // What the framework refused before any of our code ran.
    const status = error instanceof HttpException ? error.getStatus() : 500;
    if (status === 404) return { kind: 'no-route' };
    if (status === 413) return { kind: 'body-too-large', limitBytes: this.style.bodyLimitBytes };
    if (status === 415) return typeRefusal(request.headers['content-type']);
    return status < 500 && error instanceof Error
      ? { kind: 'bad-request', message: error.message }
      : { kind: 'failed' };
  }

  private answerJson(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): void {
    if (refusal.kind === 'no-route') return this.answerNoRoute(request, reply);
    const code = frameworkCodes[refusal.kind];
    if (code !== undefined) sendFramework(reply, statuses[refusal.kind], code, messageOf(refusal));
    else if (refusal.kind === 'no-such-thing') void reply.status(404).send();
    else sendJson(reply, messageOf(refusal), statuses[refusal.kind]);
  }

  private answerNoRoute(request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request);
    const methods = this.style.routes.methodsOf(path);
    if (methods.length === 0) {
      return sendFramework(reply, 404, 404, `path ${path.slice(this.style.routePrefix.length)} was not found`);
    }
    const allow = methods.join(',');
    void reply.header('Allow', allow);
    sendFramework(reply, 405, 405, `method ${request.method} is not allowed, but [${allow}] are`);
  }

  private answerText(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): void {
    if (refusal.kind !== 'no-route') return sendText(reply, messageOf(refusal), statuses[refusal.kind]);
    const methods = this.style.routes.methodsOf(pathOf(request));
    if (methods.length === 0) return sendText(reply, '404 page not found', 404);
    void reply.header('Allow', [...methods, 'OPTIONS'].sort().join(', '));
    if (request.method === 'OPTIONS') void reply.send();
    else sendText(reply, 'Method Not Allowed', 405);
  }
}

/** What keeps the state is away or full: whoever asks again may be lucky. It logs that itself, once. */
function unavailability(error: unknown): string | null {
  if (isRedisUnreachable(error)) return 'Redis cannot be reached';
  if (isRedisRefusing(error)) return 'Redis takes no writes';
  const isOfStorage = error instanceof AppError && [STORAGE_FULL, STORAGE_WRITE_FAILED].includes(error.code);
  return isOfStorage ? error.message : null;
}

function messageOf(refusal: Exclude<Refusal, { kind: 'no-route' }>): string {
  switch (refusal.kind) {
    case 'bad-request':
    case 'not-found':
    case 'too-soon':
    case 'inexpressible':
    case 'unavailable':
    case 'overloaded':
      return refusal.message;
    case 'unreadable-body':
      return `parsing ${refusal.name} body from "" failed, because ${refusal.reason}`;
    case 'unreadable-type':
      return `parsing Content-Type header from ${goQuote(refusal.header)} failed, because ${refusal.reason}`;
    case 'required':
      return `${refusal.where} is required`;
    case 'too-few':
      return `${refusal.where} should have at least ${refusal.least} items`;
    case 'wrong-format':
      return `${refusal.where} must be of type ${refusal.format}: ${goQuote(refusal.value)}`;
    case 'no-such-thing':
      return '404 page not found';
    case 'body-type':
      return `unsupported media type ${goQuote(refusal.met)}, only [application/json] are allowed`;
    case 'not-acceptable':
      return 'unsupported media type requested, only [application/json] are available';
    case 'body-too-large':
      return `request body is larger than ${refusal.limitBytes} bytes`;
    case 'failed':
      return 'internal error; the log says more';
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_HANDLER_TIMEOUT';
}

/** The path as it was asked for, without the query. */
export function pathOf(request: { url: string }): string {
  const query = request.url.indexOf('?');
  return query === -1 ? request.url : request.url.slice(0, query);
}

/** Whether the request is for something below the base whose errors are JSON. */
export function isBelow(request: { url: string }, style: Pick<ErrorStyle, 'routePrefix' | 'jsonBase'>): boolean {
  return style.jsonBase !== null && request.url.startsWith(`${style.routePrefix}${style.jsonBase}/`);
}

/** Compact, with the newline Go's encoder ends with. */
export function sendJson(reply: FastifyReply, value: unknown, status = 200): void {
  sendJsonText(reply, `${JSON.stringify(value)}\n`, status);
}

/** Plain text as Go's `http.Error` sends it. */
export function sendText(reply: FastifyReply, text: string, status: number): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  void reply.status(status).headers(headers).send(`${text}\n`);
}

/** go-openapi ends its own errors without a newline. */
function sendFramework(reply: FastifyReply, status: number, code: number, message: string): void {
  sendJsonText(reply, JSON.stringify({ code, message }), status);
}

/** As bytes, because Fastify adds a charset to the content type of texts. */
function sendJsonText(reply: FastifyReply, text: string, status: number): void {
  void reply.status(status).header('Content-Type', 'application/json').send(Buffer.from(text));
}
