import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import { goQuote } from '@tocsin/common/labels/go-quote';
import type { FastifyReply } from 'fastify';
import { DrillService } from '../../drill/drill.service';
import { parseReceiverTest } from './receiver-test.schema';
import { receiverTestView } from './receiver-test-view';

/** `POST /api/tocsin/v1/receivers/{name}/test`: tells a receiver of a drill and says what became of it. */
@Controller('api/tocsin/v1/receivers')
export class ReceiverTestController {
  constructor(@Inject(DrillService) private readonly drills: Pick<DrillService, 'run'>) {}

  @Post(':name/test')
  @HttpCode(200)
  async post(
    @Param('name') name: string,
    @Body() body: JsonBody | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const parsed = parseReceiverTest(body ?? undefined);
    if (!parsed.ok) throw new ProblemError({ kind: 'bad-request', message: parsed.error });
    const result = await this.drills.run(name, parsed.drill);
    switch (result.kind) {
      case 'no such receiver':
        throw new ProblemError({ kind: 'not-found', message: `there is no receiver ${goQuote(name)}` });
      case 'no such integration':
        throw new ProblemError({
          kind: 'bad-request',
          message: missingText(name, parsed.drill.integration, result.has),
        });
      case 'too soon':
        throw new ProblemError({
          kind: 'too-soon',
          message: `the receiver ${goQuote(name)} was tested several times just now`,
          againMs: result.againMs,
        });
      case 'done':
        sendJson(reply, receiverTestView(name, result.outcomes));
    }
  }
}

function missingText(receiver: string, asked: string | null, has: readonly string[]): string {
  if (has.length === 0) return `the receiver ${goQuote(receiver)} has no integrations: there is nobody to tell`;
  return `the receiver ${goQuote(receiver)} has no integration ${goQuote(asked ?? '')}; it has ${has.join(', ')}`;
}
