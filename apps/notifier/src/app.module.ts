import { type DynamicModule, Module } from '@nestjs/common';
import { HttpBaseModule } from '@tocsin/common/http/http-base.module';
import { ApiModule } from './api/api.module';
import { type ApiParts } from './api/v2/api-parts';

/** What the notifier serves: the common endpoints and Alertmanager's API. */
@Module({})
export class NotifierModule {
  static of(parts: { base: Parameters<typeof HttpBaseModule.of>[0]; api: ApiParts }): DynamicModule {
    return { module: NotifierModule, imports: [HttpBaseModule.of(parts.base), ApiModule.of(parts.api)] };
  }
}
