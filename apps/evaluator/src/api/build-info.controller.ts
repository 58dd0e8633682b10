import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { API_PARTS, type ApiParts } from './api-parts';
import { success } from './envelope';
import { sendEnvelope } from './send-envelope.sender';

/** `GET /api/v1/status/buildinfo`; Grafana asks it what it is talking to. */
@Controller('api/v1/status/buildinfo')
export class BuildInfoController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@Res() reply: FastifyReply): void {
    const { version, revision, branch, buildUser, buildDate, runtime } = this.parts.build;
    sendEnvelope(reply, success({ version, revision, branch, buildUser, buildDate, goVersion: runtime }));
  }
}
