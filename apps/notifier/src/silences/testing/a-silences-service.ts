import { randomUUID } from 'node:crypto';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { type Clock } from '@tocsin/common/time/clock';
import { NO_TIMELINE } from '../../timeline/timeline-event';
import { EmbeddedSilenceStore } from '../embedded-silence.store';
import { SilencesMetrics } from '../silences.metrics';
import { type SilencesOptions, type SilencesParts, SilencesService } from '../silences.service';

/** Silences in memory, with Alertmanager's defaults. */
export function aSilencesService(
  clock: Clock,
  parts: Partial<SilencesParts> = {},
  options: Partial<SilencesOptions> = {},
): SilencesService {
  return new SilencesService(
    {
      store: new EmbeddedSilenceStore(new MemoryStore()),
      clock,
      log: nullLog,
      timeline: NO_TIMELINE,
      metrics: new SilencesMetrics(new MetricsRegistry(false)),
      randomUUID,
      ...parts,
    },
    {
      retentionMs: 432_000_000,
      maintenanceIntervalMs: 900_000,
      maxSilences: null,
      maxSilenceBytes: null,
      logSilences: false,
      labelNames: 'utf8',
      ...options,
    },
  );
}
