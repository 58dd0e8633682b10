import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';

export const METRICS_REGISTRY = Symbol('MetricsRegistry');

/** `GET /metrics`, the text exposition. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS_REGISTRY) private readonly registry: Registry) {}

  @Get()
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.registry.metrics();
    void reply.header('Content-Type', this.registry.contentType).send(text);
  }
}
