import { type BuildInfo } from '@tocsin/common/metrics/build-info';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { nullLog, type Log } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { type EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { FakeDatasource } from '../datasource/fake-datasource';
import { EvaluateGroupService } from '../evaluation/evaluate-group.service';
import { EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { FakeAlertSender } from '../sending/fake-alert-sender';
import { EmbeddedRuleStateStore } from '../state/embedded-rule-state.store';
import { GroupStatesService } from '../state/group-states.service';
import { type RuleStateStore } from '../state/rule-state.store';
import { memoryStore } from './memory-store';

export const A_BUILD: BuildInfo = { ...NO_BUILD, version: '0.0.0', runtime: 'node' };

export interface EvaluatorParts {
  disk?: EmbeddedStore;
  store?: RuleStateStore;
  datasource?: FakeDatasource;
  sender?: FakeAlertSender;
  clock?: FakeClock;
  log?: Log;
  resendDelayMs?: number;
  forOutageToleranceMs?: number;
  externalLabels?: Record<string, string>;
}

/** What evaluates groups, over fakes. Two of them that share a disk are one program before and after a restart. */
export function anEvaluator(parts: EvaluatorParts = {}) {
  const { resendDelayMs = 60_000, forOutageToleranceMs = 3_600_000, externalLabels: labels = {} } = parts;
  const clock = parts.clock ?? new FakeClock(0);
  const disk = parts.disk ?? memoryStore();
  const datasource = parts.datasource ?? new FakeDatasource();
  const sender = parts.sender ?? new FakeAlertSender();
  const registry = new MetricsRegistry();
  const metrics = new EvaluatorMetrics(registry, A_BUILD);
  const states = new GroupStatesService(parts.store ?? new EmbeddedRuleStateStore(disk, clock));
  const service = new EvaluateGroupService(
    datasource,
    states,
    sender,
    () => ({ labels, url: 'http://evaluator:8880' }),
    { resendDelayMs, forOutageToleranceMs },
    metrics,
    clock,
    parts.log ?? nullLog,
  );
  return { clock, disk, datasource, sender, registry, metrics, states, service };
}
