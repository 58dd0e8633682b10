import { type DynamicModule, Module } from '@nestjs/common';
import { HttpBaseModule } from '@tocsin/common/http/http-base.module';
import { ApiModule } from './api/api.module';
import { TocsinApiModule, type TocsinServices } from './api/tocsin/tocsin-api.module';
import { type ApiParts } from './api/v2/api-parts';

/** What the notifier serves: the common endpoints, Alertmanager's API and our own. */
@Module({})
export class NotifierModule {
  static of(parts: {
    base: Parameters<typeof HttpBaseModule.of>[0];
    api: ApiParts;
    services: TocsinServices;
  }): DynamicModule {
    const { base, api, services } = parts;
    return {
      module: NotifierModule,
      imports: [HttpBaseModule.of(base), ApiModule.of(api), TocsinApiModule.of(api, services)],
    };
  }
}
