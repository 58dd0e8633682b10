import { Controller, Delete, Get, Inject, Param, Post, Query as QueryOf, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import type { FastifyReply } from 'fastify';
import { accepted, parseMatcherList, type Query } from './alert-query.schema';
import { API_PARTS, type ApiParts } from './api-parts';

/** The routes of silences, which come with a later version: there are none, and none can be made. The answers are of the
 *  kinds clients of the API know, so that `amtool` shows the reason. */
@Controller('api/v2')
export class SilencesController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get('silences')
  list(@QueryOf() query: Query, @Res() reply: FastifyReply): void {
    accepted(parseMatcherList(query['filter'], this.parts.matcherMode), this.parts.log);
    sendJson(reply, []);
  }

  @Post('silences')
  create(): never {
    throw new ProblemError({ kind: 'bad-request', message: 'silences come with a later version' });
  }

  @Get('silence/:silenceID')
  get(@Param('silenceID') id: string): never {
    requireUuid(id);
    throw new ProblemError({ kind: 'no-such-thing' });
  }

  @Delete('silence/:silenceID')
  expire(@Param('silenceID') id: string): never {
    requireUuid(id);
    throw new ProblemError({ kind: 'no-such-thing' });
  }
}

function requireUuid(value: string): void {
  if (/^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i.test(value)) return;
  throw new ProblemError({ kind: 'wrong-format', where: 'silenceID in path', format: 'uuid', value });
}
