import { Body, Controller, Get, Inject, Post, Query as QueryOf, Res } from '@nestjs/common';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import { sendJsonPieces } from '@tocsin/common/http/json-slices.sender';
import type { FastifyReply } from 'fastify';
import { queryAlerts } from '../alert-queries';
import { accepted, parseAlertFilter, type Query } from './alert-query.schema';
import { alertsJson } from './alert-view';
import { parsePostedAlerts } from './alerts.schema';
import { API_PARTS, type ApiParts, querySource } from './api-parts';

/** `GET` and `POST /api/v2/alerts`. */
@Controller('api/v2/alerts')
export class AlertsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@QueryOf() query: Query, @Res() reply: FastifyReply): void {
    const filter = accepted(parseAlertFilter(query, this.parts.matcherMode), this.parts.log);
    const nowMs = this.parts.clock.nowMs();
    sendJsonPieces(reply, alertsJson(queryAlerts(querySource(this.parts, nowMs), filter, nowMs)));
  }

  @Post()
  async post(@Body() body: JsonBody | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { clock, active, metrics, ingest, matcherMode } = this.parts;
    const nowMs = clock.nowMs();
    const parsed = parsePostedAlerts(body ?? undefined, {
      nowMs,
      resolveTimeoutMs: active.config.resolveTimeoutMs,
      labelNames: matcherMode === 'classic' ? 'classic' : 'utf8',
    });
    if (!parsed.ok) throw new ProblemError(parsed.problem);
    const { alerts, invalid, received } = parsed.posted;
    metrics.alertsReceived('v2', received);
    metrics.alertsInvalid('v2', invalid.length);
    await ingest.ingest(alerts, nowMs);
    if (invalid.length > 0) throw new ProblemError({ kind: 'bad-request', message: invalid.join('\n') });
    void reply.status(200).send();
  }
}
