import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_PARTS, type ApiParts, viewedGroups } from './api-parts';
import { badData, type Envelope, success } from './envelope';
import { sendEnvelope } from './send-envelope.sender';
import { inApiOrder, ruleGroupViews } from './rule-view';
import { pageOf, parseRulesQuery } from './rules-query.schema';

/** `GET /api/v1/rules`. */
@Controller('api/v1/rules')
export class RulesController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    sendEnvelope(reply, await this.answer(new URL(request.url, 'http://localhost').searchParams));
  }

  private async answer(parameters: URLSearchParams): Promise<Envelope> {
    const parsed = parseRulesQuery(parameters);
    if (!parsed.ok) return badData(parsed.error);
    const groups = ruleGroupViews(inApiOrder(await viewedGroups(this.parts)), parsed.query.filter);
    const page = pageOf(groups, parsed.query);
    if (!page.ok) return badData(page.error);
    const { ok: _, ...data } = page;
    return success(data);
  }
}
