import { type ActiveConfig } from '../../config/active-config';
import { DeadLettersService } from '../../delivery/dead-letters.service';
import { DrillService } from '../../drill/drill.service';
import { ExplainService } from '../../explain/explain.service';
import { type NotifierOptions } from '../../notifier-options';
import { type Pipeline } from '../../pipeline.module';
import { SimulateService } from '../../simulate/simulate.service';
import { type NotifierStores } from '../../state.module';
import { TryTemplateService } from '../../templates/try-template.service';
import { type TimelineQueriesService } from '../../timeline/timeline-queries.service';
import { type Timeline } from '../../timeline/timeline-event';
import { type TocsinServices } from './tocsin-api.module';

/** What our own endpoints call. */
export function servicesOf(
  { matcherMode, build, backend: { clock }, log: journal }: NotifierOptions,
  stores: NotifierStores,
  active: ActiveConfig,
  { muting }: Pipeline,
  timeline: Timeline,
  queries: TimelineQueriesService,
  externalUrl: () => string,
): Omit<TocsinServices, 'config'> {
  const { book, log, groups, silences } = stores;
  return {
    simulate: new SimulateService(matcherMode, build),
    explain: new ExplainService(clock, active, book, log, groups, muting, silences.silences),
    deadLetters: new DeadLettersService(active, log, log, groups, clock, timeline),
    timeline: queries,
    drills: new DrillService(active, clock, timeline, journal),
    templates: new TryTemplateService(active, clock, externalUrl),
  };
}
