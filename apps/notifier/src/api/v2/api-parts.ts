import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type Log } from '@tocsin/common/log/log';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertView } from '../../alerts/alert-book';
import { type IngestAlertsService } from '../../alerts/ingest-alerts.service';
import { type ActiveConfig } from '../../config/active-config';
import { type RouteLabelsOf } from '../../grouping/route-labels';
import { type AlertQuerySource } from '../alert-queries';
import { type CurrentMuting } from '../../pipeline/current-muting';
import { type StateView } from '../../outage/state-phase';
import { type SilencesService } from '../../silences/silences.service';
import { type NotifierMetrics } from '../../metrics/notifier.metrics';

/** What the API is made of; its controllers take what they need. */
export interface ApiParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly alerts: AlertView;
  readonly ingest: Pick<IngestAlertsService, 'ingest'>;
  /** Replaced in place by a reload: read on each request. */
  readonly active: Pick<ActiveConfig, 'config' | 'groups'>;
  readonly muting: Pick<CurrentMuting, 'at'>;
  readonly silences: Pick<SilencesService, 'get' | 'query' | 'set' | 'expire'>;
  readonly metrics: Pick<NotifierMetrics, 'alertsReceived' | 'alertsInvalid'>;
  readonly matcherMode: MatcherMode;
  readonly build: BuildInfo;
  /** When the process started, epoch ms. */
  readonly startedAtMs: number;
  /** Null when this notifier runs alone on its own state. */
  readonly instances: () => InstanceRegistry | null;
  /** How it stands to the state it shares; null: it shares it with nobody. */
  readonly state: () => StateView | null;
  readonly routeLabelsOf: RouteLabelsOf;
}

export const API_PARTS = Symbol('ApiParts');

/** What queries look at, as of one instant. */
export function querySource({ alerts, active, muting }: ApiParts, nowMs: number): AlertQuerySource {
  return { alerts, groups: active.groups, receivers: active.config.receivers, muting: muting.at(nowMs) };
}
