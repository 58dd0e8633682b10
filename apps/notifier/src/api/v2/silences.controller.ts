import { Body, Controller, Delete, Get, Inject, Param, Post, Query as QueryOf, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import { sendJsonPieces } from '@tocsin/common/http/json-slices.sender';
import type { FastifyReply } from 'fastify';
import { type Silence } from '../../silences/silence';
import { accepted, type Query } from './alert-query.schema';
import { API_PARTS, type ApiParts } from './api-parts';
import { silenceJson, silencesJson } from './silence-view';
import { parsePostedSilence, parseSilenceFilter } from './silences.schema';

/** `/api/v2/silences` and `/api/v2/silence/{id}`. */
@Controller('api/v2')
export class SilencesController {
  /** Silences that this API cannot show, told once each. */
  private readonly toldOf = new Set<string>();

  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get('silences')
  list(@QueryOf() query: Query, @Res() reply: FastifyReply): void {
    const { silences, clock, log, matcherMode } = this.parts;
    const filter = accepted(parseSilenceFilter(query, matcherMode), log);
    const found = silences.query(filter).filter((silence) => !hasSeveralSets(silence) || this.leaveOut(silence.id));
    sendJsonPieces(reply, silencesJson(found, clock.nowMs()));
  }

  @Post('silences')
  async create(@Body() body: JsonBody | undefined, @Res() reply: FastifyReply): Promise<void> {
    const parsed = parsePostedSilence(body ?? undefined, this.parts.clock.nowMs());
    if (!parsed.ok) throw new ProblemError(parsed.problem);
    const result = await this.parts.silences.set(parsed.draft);
    switch (result.kind) {
      case 'stored':
        return sendJson(reply, { silenceID: result.id });
      case 'not-found':
        throw new ProblemError({ kind: 'not-found', message: 'silence not found' });
      case 'refused':
        throw new ProblemError({ kind: 'bad-request', message: result.message });
    }
  }

  @Get('silence/:silenceID')
  get(@Param('silenceID') id: string, @Res() reply: FastifyReply): void {
    requireUuid(id);
    const silence = this.parts.silences.get(id);
    if (silence === null) throw new ProblemError({ kind: 'no-such-thing' });
    if (hasSeveralSets(silence)) throw new ProblemError({ kind: 'inexpressible', message: severalSets(id) });
    sendJsonPieces(reply, [silenceJson(silence, this.parts.clock.nowMs()), '\n']);
  }

  @Delete('silence/:silenceID')
  async expire(@Param('silenceID') id: string, @Res() reply: FastifyReply): Promise<void> {
    requireUuid(id);
    const result = await this.parts.silences.expire(id);
    if (result === 'not-found') throw new ProblemError({ kind: 'no-such-thing' });
    void reply.status(200).send();
  }

  /** Alertmanager answers 500 to the whole list; one silence should not hide the others. */
  private leaveOut(id: string): boolean {
    if (!this.toldOf.has(id)) this.parts.log.warn('A silence cannot be shown', { id, reason: severalSets(id) });
    this.toldOf.add(id);
    return false;
  }
}

function hasSeveralSets({ matcherSets }: Silence): boolean {
  return matcherSets.length > 1;
}

function severalSets(id: string): string {
  return `silence '${id}' has multiple matcher sets which is not supported by this API version`;
}

function requireUuid(value: string): void {
  if (/^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i.test(value)) return;
  throw new ProblemError({ kind: 'wrong-format', where: 'silenceID in path', format: 'uuid', value });
}
