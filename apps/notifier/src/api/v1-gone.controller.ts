import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_PARTS, type ApiParts } from './v2/api-parts';

/** What is answered on every route of the former API. Source: Alertmanager `api/v1_deprecation_router.go`. */
const GONE = {
  status: 'deprecated',
  error:
    'The Alertmanager v1 API was deprecated in version 0.16.0 and is removed as of version 0.27.0' +
    ' - please use the equivalent route in the v2 API',
};

/** The routes of `/api/v1`, so that an old sender learns what to change. */
@Controller('api/v1')
export class V1GoneController {
  constructor(@Inject(API_PARTS) private readonly parts: Pick<ApiParts, 'log'>) {}

  @Get(['status', 'receivers', 'alerts', 'silences', 'silence/:sid'])
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.answer(request, reply);
  }

  @Post(['alerts', 'silences'])
  post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.answer(request, reply);
  }

  @Delete('silence/:sid')
  delete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.answer(request, reply);
  }

  private answer({ method, url }: FastifyRequest, reply: FastifyReply): void {
    this.parts.log.warn('Request to the removed v1 API', { method, path: url });
    sendJson(reply, GONE, 410);
  }
}
