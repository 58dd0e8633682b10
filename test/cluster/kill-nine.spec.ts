import { afterAll, expect, it } from 'vitest';
import { webhookConfig } from '../support/configs';
import { crashRun } from '../support/crash-run';
import { FakeQueryApi } from '../support/fake-query-api';
import { expectForIsKept, expectResolvedIsTold, FOR_RULES } from '../support/for-across-crash';
import { seededRandom } from '../support/random';
import { startRedis } from '../support/redis';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { startEvaluator, startNotifier } from '../support/tocsin';
import { WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const LONG = process.env['TOCSIN_LONG'] === '1';

it.concurrent(
  '3 distributed: kill -9 of a notifier during flushes and deliveries loses nothing, repeats only what was in flight, keeps all timers',
  { timeout: LONG ? 600_000 : 180_000 },
  async () => {
    const timers = { groupWaitMs: 3_000, groupIntervalMs: 3_000, repeatIntervalMs: 4_000 };
    const redis = await started.add(startRedis());
    const sink = await started.add(WebhookSink.start());
    const config = webhookConfig(sink.url, timers);
    const victims = [
      await started.add(startNotifier({ config, redis })),
      await started.add(startNotifier({ config, redis })),
    ];
    const random = seededRandom('kill-nine distributed');
    const urls = victims.map(({ url }) => url);
    const wrong = await crashRun({ random, sink, timers, urls, victims, crashes: LONG ? 50 : 6 });
    expect(wrong.slice(0, 3), `${wrong.length} groups went wrong`).toEqual([]);
  },
);

it.concurrent(
  '3 distributed: kill -9 of one evaluator, then of both, in the middle of `for` does not reset it, and an end seen just before is still told',
  async () => {
    const redis = await started.add(startRedis());
    const sink = await started.add(WebhookSink.start());
    const datasource = await started.add(FakeQueryApi.start());
    const config = webhookConfig(sink.url, { groupWaitMs: 100, groupIntervalMs: 1_000 });
    await started.add(startNotifier({ config, redis }));
    const ruleFile = (await started.add(new TempFolder())).write('rules.yml', FOR_RULES);
    const evaluator = { ruleFile, datasourceUrl: datasource.url, redis };
    const evaluators = [await started.add(startEvaluator(evaluator)), await started.add(startEvaluator(evaluator))];
    const random = seededRandom('kill-nine for, distributed');
    let crashes = 0;
    const crash = async () => {
      const victims = crashes++ === 0 ? [random.pick(evaluators)] : evaluators;
      await Promise.all(victims.map((victim) => victim.kill()));
      await Promise.all(victims.map((victim) => victim.restart()));
    };
    await expectForIsKept({ sink, datasource, random, crash });
    await expectResolvedIsTold({ sink, datasource, random, crash });
  },
);
