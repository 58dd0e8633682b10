import { Controller, Get, Inject, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import type { FastifyReply } from 'fastify';
import { API_PARTS, type ApiParts } from './api-parts';
import { statusView } from './status-view';

/** `GET /api/v2/status`. */
@Controller('api/v2/status')
export class StatusController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@Res() reply: FastifyReply): void {
    const { active, build, startedAtMs, instances } = this.parts;
    sendJson(reply, statusView({ original: active.config.original, build, startedAtMs, instances: instances() }));
  }
}
