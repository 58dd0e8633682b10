import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { acceptsGzip } from '../http/negotiation';

const compress = promisify(gzip);

export const METRICS_REGISTRY = Symbol('MetricsRegistry');

/** `GET /metrics`, the text exposition. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS_REGISTRY) private readonly registry: Registry) {}

  @Get()
  async metrics(@Headers('accept-encoding') encodings: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const text = await this.registry.metrics();
    void reply.header('Content-Type', this.registry.contentType);
    if (acceptsGzip(encodings)) void reply.header('Content-Encoding', 'gzip').send(await compress(text));
    else void reply.send(text);
  }
}
