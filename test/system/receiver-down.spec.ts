import { afterAll, expect, it } from 'vitest';
import { postAlerts } from '../support/alertmanager-api';
import { anAlert, ended } from '../support/alerts';
import { webhookConfig } from '../support/configs';
import { Started } from '../support/started';
import { startStandalone } from '../support/tocsin';
import { sleep, waitFor } from '../support/wait-for';
import { gist, type SinkBehaviour, WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const GROUP_INTERVAL_MS = 2_000;
const TIMERS = { groupWaitMs: 500, groupIntervalMs: GROUP_INTERVAL_MS };

const OUTAGES: readonly [name: string, outage: SinkBehaviour][] = [
  ['refuses connections', { kind: 'refuse' }],
  ['answers 503', { kind: 'status', status: 503 }],
  ['hangs', { kind: 'hang' }],
];

it.concurrent.each(OUTAGES)(
  '5 a receiver that %s while alerts fire and resolve is told nothing false when it returns, and what it knew as firing is closed',
  async (_, outage) => {
    const sink = await started.add(WebhookSink.start());
    const tocsin = await started.add(startStandalone({ config: webhookConfig(sink.url, TIMERS) }));
    const known = anAlert({ alertname: 'known', group: 'told before the outage' });
    const missed = anAlert({ alertname: 'missed', group: 'fires and resolves during the outage' });
    const lasting = anAlert({ alertname: 'lasting', group: 'fires during the outage and after' });

    await postAlerts(tocsin.url, [known]);
    await waitFor('the first alert to be told', () => sink.accepted.length === 1);
    await sink.behave(outage);
    await postAlerts(tocsin.url, [missed, lasting]);
    // Long enough for attempts at "firing" to be under way when the ends come.
    await sleep(GROUP_INTERVAL_MS);
    await postAlerts(tocsin.url, ended([known, missed]));
    // Past the time in which a notification is retried (10 s at least): it is given up and decided anew.
    await sleep(11_000);
    await sink.behave({ kind: 'accept' });

    await waitFor(
      'the known alert to be closed',
      () => sink.accepted.some((arrival) => gist(arrival) === 'resolved known'),
      {
        limitMs: 30_000,
      },
    );
    await waitFor(
      'the lasting alert to be told',
      () => sink.accepted.some((arrival) => gist(arrival) === 'firing lasting'),
      {
        limitMs: 30_000,
      },
    );
    await sleep(2 * GROUP_INTERVAL_MS);
    expect(sink.accepted.map((arrival) => gist(arrival)).sort()).toEqual([
      'firing known',
      'firing lasting',
      'resolved known',
    ]);
  },
);
