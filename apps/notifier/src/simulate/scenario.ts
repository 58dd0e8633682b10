import { type Alert } from '@tocsin/common/alert/alert';
import { type StoredSilence } from '../silences/silence';

/** What happens to a notifier that is only imagined. */
export interface Scenario {
  readonly startMs: number;
  readonly endMs: number;
  /** In the order in which they arrive. */
  readonly arrivals: readonly Arrival[];
  readonly silences: readonly StoredSilence[];
}

/** An alert as a sender describes it at one instant. */
export interface Arrival {
  readonly atMs: number;
  readonly alert: Alert;
}

/** How much a scenario may ask for. */
export interface ScenarioLimits {
  readonly maxAlerts: number;
  readonly maxSilences: number;
  readonly maxDurationMs: number;
  /** Alerts looked at by all flushes together; each flush and each notification count as ten more. */
  readonly maxWork: number;
}

export const DEFAULT_SCENARIO_LIMITS: ScenarioLimits = {
  maxAlerts: 1_000,
  maxSilences: 100,
  maxDurationMs: 31 * 24 * 3_600_000,
  maxWork: 250_000,
};

/** How long a scenario lasts unless it says so, ms. */
export const DEFAULT_DURATION_MS = 3_600_000;
