import { Controller, Get, Inject, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import type { FastifyReply } from 'fastify';
import { API_PARTS, type ApiParts } from '../v2/api-parts';

/** `GET /api/tocsin/v1/config/lint`: what is valid in the running configuration and yet hardly meant. */
@Controller('api/tocsin/v1/config/lint')
export class ConfigLintController {
  constructor(@Inject(API_PARTS) private readonly parts: Pick<ApiParts, 'active'>) {}

  @Get()
  get(@Res() reply: FastifyReply): void {
    const findings = this.parts.active.config.lint.map(({ code, line, column, message }) => ({
      code,
      line,
      column,
      message,
    }));
    sendJson(reply, { findings });
  }
}
