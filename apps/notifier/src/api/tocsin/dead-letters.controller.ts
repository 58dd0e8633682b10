import { Controller, Delete, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { goQuote } from '@tocsin/common/labels/go-quote';
import type { FastifyReply } from 'fastify';
import { DeadLettersService } from '../../delivery/dead-letters.service';
import { deadLettersView } from './dead-letter-view';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** `/api/tocsin/v1/dead-letters`: notifications that were given up, the last one of each group and integration. */
@Controller('api/tocsin/v1/dead-letters')
export class DeadLettersController {
  constructor(
    @Inject(DeadLettersService)
    private readonly deadLetters: Pick<DeadLettersService, 'list' | 'replay' | 'replayReceiver' | 'drop'>,
  ) {}

  @Get()
  async list(@Query() query: Readonly<Record<string, unknown>>, @Res() reply: FastifyReply): Promise<void> {
    const { limit = String(DEFAULT_LIMIT), cursor = '', ...others } = query;
    refuseOthers(others, 'limit, cursor');
    const count = typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
    if (count < 1 || count > MAX_LIMIT) {
      throw badRequest(`parameter limit: expected a number from 1 to ${MAX_LIMIT}, got ${shown(limit)}`);
    }
    if (typeof cursor !== 'string') throw badRequest('parameter cursor: expected it once');
    sendJson(reply, deadLettersView(await this.deadLetters.list(count, cursor)));
  }

  @Post('replay')
  async replayReceiver(@Query() query: Readonly<Record<string, unknown>>, @Res() reply: FastifyReply): Promise<void> {
    const { receiver, ...others } = query;
    refuseOthers(others, 'receiver');
    if (typeof receiver !== 'string' || receiver === '') {
      throw badRequest('parameter receiver: expected the name of a receiver, once');
    }
    sendJson(reply, await this.deadLetters.replayReceiver(receiver));
  }

  @Post(':id/replay')
  async replay(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const result = await this.deadLetters.replay(id);
    if (result === null) throw noSuch(id);
    if (result.ended > 0) {
      throw badRequest('the group of this dead letter has ended: nothing is left to tell, drop it instead');
    }
    sendJson(reply, result);
  }

  @Delete(':id')
  async drop(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    if (!(await this.deadLetters.drop(id))) throw noSuch(id);
    sendJson(reply, { dropped: 1 });
  }
}

function refuseOthers(others: Readonly<Record<string, unknown>>, known: string): void {
  const names = Object.keys(others);
  if (names.length > 0) throw badRequest(`unknown parameter ${names.join(', ')}; there are ${known}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : 'several';
}

function badRequest(message: string): ProblemError {
  return new ProblemError({ kind: 'bad-request', message });
}

function noSuch(id: string): ProblemError {
  return new ProblemError({ kind: 'not-found', message: `there is no dead letter ${goQuote(id)}` });
}
