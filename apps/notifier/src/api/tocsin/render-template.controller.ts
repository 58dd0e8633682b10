import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import { goQuote } from '@tocsin/common/labels/go-quote';
import type { FastifyReply } from 'fastify';
import { TryTemplateService } from '../../templates/try-template.service';
import { MAX_BODY_BYTES, parseRenderTemplate } from './render-template.schema';

/** `POST /api/tocsin/v1/templates/render`: what a template makes of some alerts. */
@Controller('api/tocsin/v1/templates/render')
export class RenderTemplateController {
  constructor(@Inject(TryTemplateService) private readonly templates: Pick<TryTemplateService, 'render'>) {}

  @Post()
  @HttpCode(200)
  async post(@Body() body: JsonBody | undefined, @Res() reply: FastifyReply): Promise<void> {
    const parsed = parseRenderTemplate(body ?? undefined);
    if (!parsed.ok) {
      throw new ProblemError(
        parsed.error === null
          ? { kind: 'body-too-large', limitBytes: MAX_BODY_BYTES }
          : { kind: 'bad-request', message: parsed.error },
      );
    }
    const rendered = await this.templates.render(parsed.tried);
    if (rendered === 'no such receiver') {
      const message = `receiver: there is no receiver ${goQuote(parsed.tried.receiver ?? '')}`;
      throw new ProblemError({ kind: 'bad-request', message });
    }
    if (rendered.ok) sendJson(reply, { text: rendered.text });
    else sendJson(reply, { error: rendered.error }, 400);
  }
}
