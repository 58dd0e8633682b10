import { Controller, Get, Inject, Query as QueryOf, Res } from '@nestjs/common';
import { sendJsonPieces } from '@tocsin/common/http/json-slices.sender';
import type { FastifyReply } from 'fastify';
import { queryGroups } from '../alert-queries';
import { accepted, parseAlertFilter, type Query } from './alert-query.schema';
import { groupsJson } from './alert-view';
import { API_PARTS, type ApiParts, querySource } from './api-parts';

/** `GET /api/v2/alerts/groups`. */
@Controller('api/v2/alerts/groups')
export class AlertGroupsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@QueryOf() query: Query, @Res() reply: FastifyReply): void {
    const filter = accepted(parseAlertFilter(query, this.parts.matcherMode), this.parts.log);
    const nowMs = this.parts.clock.nowMs();
    sendJsonPieces(reply, groupsJson(queryGroups(querySource(this.parts, nowMs), filter, nowMs)));
  }
}
