import { Controller, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendText } from './error.filter';

/** Reads the configuration again. */
export interface Reloader {
  reload(): Promise<{ ok: true } | { ok: false; error: string }>;
}

export const RELOADER = Symbol('Reloader');

/** `POST /-/reload`. */
@Controller('-')
export class ReloadController {
  constructor(@Inject(RELOADER) private readonly reloader: Reloader) {}

  @Post('reload')
  async reload(@Res() reply: FastifyReply): Promise<void> {
    const result = await this.reloader.reload();
    if (result.ok) void reply.status(200).send();
    else sendText(reply, `failed to reload config: ${result.error}`, 500);
  }
}
