import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { API_PARTS, type ApiParts, viewedGroups } from './api-parts';
import { success } from './envelope';
import { alertViews, inApiOrder } from './rule-view';
import { sendEnvelope } from './send-envelope.sender';

/** `GET /api/v1/alerts`. */
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  async list(@Res() reply: FastifyReply): Promise<void> {
    sendEnvelope(reply, success({ alerts: alertViews(inApiOrder(await viewedGroups(this.parts))) }));
  }
}
