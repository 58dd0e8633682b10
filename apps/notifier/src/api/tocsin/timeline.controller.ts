import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import type { FastifyReply } from 'fastify';
import { TimelineQueriesService } from '../../timeline/timeline-queries.service';
import { parseTimelineQuery } from './timeline-query.schema';
import { timelineView } from './timeline-view';

/** `GET /api/tocsin/v1/timeline`: what happened, newest first. */
@Controller('api/tocsin/v1/timeline')
export class TimelineController {
  constructor(@Inject(TimelineQueriesService) private readonly queries: Pick<TimelineQueriesService, 'query'>) {}

  @Get()
  async get(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const parsed = parseTimelineQuery(query);
    if (!parsed.ok) throw new ProblemError({ kind: 'bad-request', message: parsed.error });
    sendJson(reply, timelineView(await this.queries.query(parsed.question)));
  }
}
