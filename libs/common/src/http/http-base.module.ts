import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { METRICS_REGISTRY, MetricsController } from '../metrics/metrics.controller';
import { HOME, HomeController } from './home.controller';
import { type Home } from './home-page';
import { HealthController, READINESS, type Readiness } from './health.controller';
import { RELOADER, ReloadController, type Reloader } from './reload.controller';

/** What every application serves beside its own API: `/`, `/-/healthy`, `/-/ready`, `/-/reload`, `/metrics`. */
@Module({})
export class HttpBaseModule {
  static of(parts: { home: Home; readiness: Readiness; reloader: Reloader; registry: Registry }): DynamicModule {
    return {
      module: HttpBaseModule,
      controllers: [HomeController, HealthController, ReloadController, MetricsController],
      providers: [
        { provide: HOME, useValue: parts.home },
        { provide: READINESS, useValue: parts.readiness },
        { provide: RELOADER, useValue: parts.reloader },
        { provide: METRICS_REGISTRY, useValue: parts.registry },
      ],
    };
  }
}
