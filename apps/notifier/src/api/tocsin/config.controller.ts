import { Body, Controller, Get, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type PushResult } from '../../config/pushed-config.service';
import { API_PARTS, type ApiParts } from '../v2/api-parts';
import { valueOf } from './request-body';

/** Gives all instances another configuration; null: each has its own file. */
export type PushConfig = ((text: string) => Promise<PushResult>) | null;

export const PUSH_CONFIG = Symbol('PushConfig');

const request = z.strictObject({ config: z.string() });

/** `/api/tocsin/v1/config`: the running configuration, and how to give all instances another one. */
@Controller('api/tocsin/v1/config')
export class ConfigController {
  constructor(
    @Inject(API_PARTS) private readonly parts: Pick<ApiParts, 'active'>,
    @Inject(PUSH_CONFIG) private readonly pushConfig: { readonly push: PushConfig },
  ) {}

  @Get()
  get(@Res() reply: FastifyReply): void {
    const { original, hash } = this.parts.active.config;
    sendJson(reply, { config: original, hash: String(hash) });
  }

  @Post()
  @HttpCode(200)
  async post(@Body() body: JsonBody | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { push } = this.pushConfig;
    if (push === null) {
      throw badRequest('this notifier reads its own file: start it with --cluster.config-from-redis to push one');
    }
    const read = valueOf(body ?? undefined);
    if (!read.ok) throw badRequest(read.error);
    const parsed = request.safeParse(read.value);
    if (!parsed.success) throw badRequest('expected {"config": "<text of alertmanager.yml>"}');
    const pushed = await push(parsed.data.config);
    if (!pushed.ok) throw badRequest(pushed.error);
    sendJson(reply, { hash: String(this.parts.active.config.hash) });
  }
}

function badRequest(message: string): ProblemError {
  return new ProblemError({ kind: 'bad-request', message });
}
