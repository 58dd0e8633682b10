import { type DynamicModule, Module } from '@nestjs/common';
import { V1GoneController } from './v1-gone.controller';
import { AlertGroupsController } from './v2/alert-groups.controller';
import { AlertsController } from './v2/alerts.controller';
import { API_PARTS, type ApiParts } from './v2/api-parts';
import { OpenApiController } from './v2/openapi.controller';
import { ReceiversController } from './v2/receivers.controller';
import { SilencesController } from './v2/silences.controller';
import { StatusController } from './v2/status.controller';

/** Errors below it are JSON as Alertmanager's framework makes them. */
export const API_BASE = '/api/v2';

/** Alertmanager's API. */
@Module({})
export class ApiModule {
  static of(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        AlertsController,
        AlertGroupsController,
        ReceiversController,
        StatusController,
        OpenApiController,
        SilencesController,
        V1GoneController,
      ],
      providers: [{ provide: API_PARTS, useValue: parts }],
    };
  }
}
