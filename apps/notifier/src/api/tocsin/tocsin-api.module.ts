import { type DynamicModule, Module } from '@nestjs/common';
import { DeadLettersService } from '../../delivery/dead-letters.service';
import { DrillService } from '../../drill/drill.service';
import { ExplainService } from '../../explain/explain.service';
import { SimulateService } from '../../simulate/simulate.service';
import { TryTemplateService } from '../../templates/try-template.service';
import { TimelineQueriesService } from '../../timeline/timeline-queries.service';
import { API_PARTS, type ApiParts } from '../v2/api-parts';
import { CLUSTER_PARTS, ClusterController, type ClusterParts } from './cluster.controller';
import { ConfigController, PUSH_CONFIG, type PushConfig } from './config.controller';
import { ConfigLintController } from './config-lint.controller';
import { DeadLettersController } from './dead-letters.controller';
import { ExplainController } from './explain.controller';
import { ReceiverTestController } from './receiver-test.controller';
import { RenderTemplateController } from './render-template.controller';
import { SIMULATE_PARTS, SimulateController, type SimulateParts } from './simulate.controller';
import { TimelineController } from './timeline.controller';

/** What our own API is made of, besides the parts it shares with Alertmanager's. */
export interface TocsinServices {
  readonly simulate: SimulateService;
  readonly explain: ExplainService;
  readonly deadLetters: DeadLettersService;
  readonly timeline: TimelineQueriesService;
  readonly drills: DrillService;
  readonly templates: TryTemplateService;
  readonly config: { readonly push: PushConfig };
}

/** `/api/tocsin/v1`: what Alertmanager has no endpoint for. */
@Module({})
export class TocsinApiModule {
  static of(parts: ApiParts, services: TocsinServices): DynamicModule {
    return {
      module: TocsinApiModule,
      controllers: [
        ClusterController,
        ConfigController,
        ConfigLintController,
        DeadLettersController,
        ExplainController,
        ReceiverTestController,
        RenderTemplateController,
        SimulateController,
        TimelineController,
      ],
      providers: [
        { provide: API_PARTS, useValue: parts },
        { provide: CLUSTER_PARTS, useValue: parts satisfies ClusterParts },
        { provide: SIMULATE_PARTS, useValue: parts satisfies SimulateParts },
        { provide: SimulateService, useValue: services.simulate },
        { provide: ExplainService, useValue: services.explain },
        { provide: DeadLettersService, useValue: services.deadLetters },
        { provide: TimelineQueriesService, useValue: services.timeline },
        { provide: DrillService, useValue: services.drills },
        { provide: TryTemplateService, useValue: services.templates },
        { provide: PUSH_CONFIG, useValue: services.config },
      ],
    };
  }
}
