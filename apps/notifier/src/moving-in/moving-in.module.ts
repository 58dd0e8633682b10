import { type ActiveConfig } from '../config/active-config';
import { type NotifierOptions } from '../notifier-options';
import { type NotifierStores } from '../state.module';
import { type Timeline } from '../timeline/timeline-event';
import { MovingInService } from './moving-in.service';

/** Takes over what an Alertmanager has left in the storage path, once. */
export async function moveIn(
  { storagePath, backend, log }: NotifierOptions,
  { book, silences, log: records, movedIn }: NotifierStores,
  { config, integrations }: ActiveConfig,
  timeline: Timeline,
): Promise<void> {
  if (storagePath === null) return;
  const service = new MovingInService({
    folder: storagePath,
    marker: movedIn,
    isUnused: () => book.alerts.size === 0 && silences.silences.size === 0,
    silences,
    records,
    routes: config.routes,
    isIntegration: (key) => integrations.byKey(key) !== undefined,
    clock: backend.clock,
    log,
    timeline,
  });
  await service.run();
}
