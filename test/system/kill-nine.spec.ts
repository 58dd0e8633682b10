import { afterAll, expect, it } from 'vitest';
import { webhookConfig } from '../support/configs';
import { crashRun } from '../support/crash-run';
import { FakeQueryApi } from '../support/fake-query-api';
import { expectForIsKept, expectResolvedIsTold, FOR_RULES } from '../support/for-across-crash';
import { seededRandom } from '../support/random';
import { Started } from '../support/started';
import { startStandalone } from '../support/tocsin';
import { WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const LONG = process.env['TOCSIN_LONG'] === '1';

it.concurrent(
  '3 standalone: kill -9 during flushes and deliveries loses nothing, repeats only what was in flight, keeps all timers',
  { timeout: LONG ? 600_000 : 180_000 },
  async () => {
    const timers = { groupWaitMs: 3_000, groupIntervalMs: 3_000, repeatIntervalMs: 4_000 };
    const sink = await started.add(WebhookSink.start());
    const tocsin = await started.add(startStandalone({ config: webhookConfig(sink.url, timers) }));
    const random = seededRandom('kill-nine standalone');
    const wrong = await crashRun({
      random,
      sink,
      timers,
      urls: [tocsin.url],
      victims: [tocsin],
      crashes: LONG ? 50 : 6,
    });
    expect(wrong.slice(0, 3), `${wrong.length} groups went wrong`).toEqual([]);
  },
);

it.concurrent(
  '3 standalone: kill -9 in the middle of `for` does not reset it, and an end seen just before is still told',
  async () => {
    const sink = await started.add(WebhookSink.start());
    const datasource = await started.add(FakeQueryApi.start());
    const config = webhookConfig(sink.url, { groupWaitMs: 100, groupIntervalMs: 1_000 });
    const tocsin = await started.add(startStandalone({ config, rules: FOR_RULES, datasourceUrl: datasource.url }));
    const random = seededRandom('kill-nine for');
    const crash = async () => {
      await tocsin.kill();
      await tocsin.restart();
    };
    await expectForIsKept({ sink, datasource, random, crash });
    await expectResolvedIsTold({ sink, datasource, random, crash });
  },
);
