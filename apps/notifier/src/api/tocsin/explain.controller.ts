import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import type { FastifyReply } from 'fastify';
import { ExplainService } from '../../explain/explain.service';
import { parseExplain } from './explain.schema';
import { explanationView } from './explain-view';

/** `POST /api/tocsin/v1/explain`: what becomes of an alert, and why. */
@Controller('api/tocsin/v1/explain')
export class ExplainController {
  constructor(@Inject(ExplainService) private readonly explainer: Pick<ExplainService, 'explain'>) {}

  @Post()
  @HttpCode(200)
  async post(@Body() body: JsonBody | undefined, @Res() reply: FastifyReply): Promise<void> {
    const parsed = parseExplain(body ?? undefined);
    if (!parsed.ok) throw new ProblemError({ kind: 'bad-request', message: parsed.error });
    sendJson(reply, explanationView(await this.explainer.explain(parsed.labels, parsed.atMs)));
  }
}
