import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { DEFAULT_EVALUATOR_CONFIG } from '../config/evaluator-config';
import { EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { A_BUILD } from '../testing/an-evaluator';
import { RuleReloadService } from './rule-reload.service';
import { type LoadedSource } from './rule-source.loader';

const good: LoadedSource = { ok: true, source: { config: DEFAULT_EVALUATOR_CONFIG, groups: [] } };

function aReload(load: () => Promise<LoadedSource>, prepare: () => void = () => {}) {
  const registry = new MetricsRegistry();
  let used = 0;
  const service = new RuleReloadService({
    load,
    prepare: () => {
      prepare();
      return async () => void used++;
    },
    metrics: new EvaluatorMetrics(registry, A_BUILD),
    clock: new FakeClock(5_000),
    log: nullLog,
  });
  const metric = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value;
  return { service, metric, used: () => used };
}

it('uses what it read', async () => {
  const { service, metric, used } = aReload(async () => good);
  expect(await service.reload()).toEqual({ ok: true });
  expect(used()).toBe(1);
  expect(await metric('prometheus_config_last_reload_successful')).toBe(1);
  expect(await metric('prometheus_config_last_reload_success_timestamp_seconds')).toBe(5);
});

it.each<[string, () => Promise<LoadedSource>, () => void, string]>([
  ['mistakes in files', async () => ({ ok: false, errors: ['one', 'two'] }), () => {}, 'one\ntwo'],
  ['files that cannot be read', () => Promise.reject(new Error('no disk')), () => {}, 'no disk'],
  [
    'what cannot be built from them',
    async () => good,
    () => {
      throw new Error('no such certificate');
    },
    'no such certificate',
  ],
])('keeps what runs in spite of %s', async (_, load, prepare, error) => {
  const { service, metric, used } = aReload(load, prepare);
  expect(await service.reload()).toEqual({ ok: false, error });
  expect(used()).toBe(0);
  expect(await metric('prometheus_config_last_reload_successful')).toBe(0);
});

it('reads the files once for requests that come together', async () => {
  let reads = 0;
  const { service, used } = aReload(async () => {
    reads++;
    return good;
  });
  await Promise.all([service.reload(), service.reload()]);
  await service.reload();
  expect([reads, used()]).toEqual([2, 2]);
});
