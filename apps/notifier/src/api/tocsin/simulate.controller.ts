import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { sendJson } from '@tocsin/common/http/error.filter';
import { ProblemError } from '@tocsin/common/http/http.errors';
import { type JsonBody } from '@tocsin/common/http/json-body';
import { type Clock } from '@tocsin/common/time/clock';
import type { FastifyReply } from 'fastify';
import { type ActiveConfig } from '../../config/active-config';
import { type NotifierConfig } from '../../config/notifier-config';
import { SimulateService } from '../../simulate/simulate.service';
import { parseSimulate } from './simulate.schema';
import { simulationView } from './simulation-view';

/** What simulations start from; `active` is replaced in place by a reload. */
export interface SimulateParts {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly active: Pick<ActiveConfig, 'config'>;
}

export const SIMULATE_PARTS = Symbol('SimulateParts');

/** `POST /api/tocsin/v1/simulate`: what would be told of some alerts. */
@Controller('api/tocsin/v1/simulate')
export class SimulateController {
  constructor(
    @Inject(SimulateService) private readonly simulator: SimulateService,
    @Inject(SIMULATE_PARTS) private readonly parts: SimulateParts,
  ) {}

  @Post()
  @HttpCode(200)
  async post(@Body() body: JsonBody | undefined, @Res() reply: FastifyReply): Promise<void> {
    const parsed = parseSimulate(body ?? undefined, this.parts.clock.nowMs());
    if (!parsed.ok) throw new ProblemError({ kind: 'bad-request', message: parsed.error });
    const result = await this.simulator.simulate(this.configOf(parsed.config), parsed.scenario);
    switch (result.kind) {
      case 'busy':
        throw new ProblemError({ kind: 'unavailable', message: 'another simulation is under way' });
      case 'too much work':
        throw new ProblemError({
          kind: 'bad-request',
          message: 'the scenario needs too many flushes: make it shorter or smaller',
        });
      case 'done':
        sendJson(reply, simulationView(result.simulation));
    }
  }

  private configOf(text: string | null): NotifierConfig {
    if (text === null) return this.parts.active.config;
    const read = this.simulator.readConfig(text);
    if (!read.ok) throw new ProblemError({ kind: 'bad-request', message: read.error });
    return read.config;
  }
}
