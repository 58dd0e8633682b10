import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { pathOf, sendJson } from '@tocsin/common/http/error.filter';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_PARTS, type ApiParts } from './api-parts';
import { openApiDocument } from './openapi';

/** `GET /api/v2/openapi.json`. Alertmanager has such a document, but does not serve it. */
@Controller('api/v2/openapi.json')
export class OpenApiController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const serverUrl = pathOf(request).replace(/\/openapi\.json\/?$/, '');
    sendJson(reply, openApiDocument(serverUrl, this.parts.build.version));
  }
}
