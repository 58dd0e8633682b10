import { Controller, Get, Inject, Query as QueryOf, Res } from '@nestjs/common';
import { sendJsonPieces } from '@tocsin/common/http/json-slices.sender';
import type { FastifyReply } from 'fastify';
import { queryReceivers } from '../alert-queries';
import { accepted, parseReceiverMatchers, type Query } from './alert-query.schema';
import { receiversJson } from './alert-view';
import { API_PARTS, type ApiParts } from './api-parts';

/** `GET /api/v2/receivers`: all of the file, also those no route uses. */
@Controller('api/v2/receivers')
export class ReceiversController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@QueryOf() query: Query, @Res() reply: FastifyReply): void {
    const { active, log, matcherMode } = this.parts;
    const matchers = accepted(parseReceiverMatchers(query, matcherMode), log);
    sendJsonPieces(reply, receiversJson(queryReceivers(active.config.receivers, matchers)));
  }
}
