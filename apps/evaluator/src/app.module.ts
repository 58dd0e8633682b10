import { type DynamicModule, Module } from '@nestjs/common';
import { HttpBaseModule } from '@tocsin/common/http/http-base.module';
import { AlertsController } from './api/alerts.controller';
import { API_PARTS, type ApiParts } from './api/api-parts';
import { BuildInfoController } from './api/build-info.controller';
import { RulesController } from './api/rules.controller';

/** What the evaluator serves: the common endpoints and Prometheus' rules API. */
@Module({})
export class EvaluatorModule {
  static of(parts: { base: Parameters<typeof HttpBaseModule.of>[0]; api: ApiParts }): DynamicModule {
    return {
      module: EvaluatorModule,
      imports: [HttpBaseModule.of(parts.base)],
      controllers: [RulesController, AlertsController, BuildInfoController],
      providers: [{ provide: API_PARTS, useValue: parts.api }],
    };
  }
}
