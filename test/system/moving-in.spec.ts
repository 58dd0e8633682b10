import { afterAll, expect, it } from 'vitest';
import { postAlerts } from '../support/alertmanager-api';
import { anAlert, ended } from '../support/alerts';
import { webhookConfig } from '../support/configs';
import { RunningProcess } from '../support/process';
import { Started } from '../support/started';
import { startNotifier } from '../support/tocsin';
import { sleep, waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const GROUP_INTERVAL_MS = 1_000;

it('a real Alertmanager is replaced: its silences hold, and what it told is not told again', async () => {
  const sink = await started.add(WebhookSink.start());
  const timers = { groupWaitMs: 100, groupIntervalMs: GROUP_INTERVAL_MS };
  // Debian's Alertmanager does not know it yet.
  const config = webhookConfig(sink.url, timers).replace(/ *timeout: .*\n/, '');
  const tocsin = await started.add(startNotifier({ config }));
  await tocsin.process.stop();

  const old = await started.add(
    RunningProcess.start({
      command: 'prometheus-alertmanager',
      args: [
        `--config.file=${tocsin.folder.file('alertmanager.yml')}`,
        `--storage.path=${tocsin.folder.file('data')}`,
        `--web.listen-address=${new URL(tocsin.url).host}`,
        '--cluster.listen-address=',
      ],
    }),
  );
  const silenceId = await silence(tocsin.url, 'alertname', 'muted');
  const group = 'Zürich "1"';
  const told = ['a', 'b'].map((alertname) => anAlert({ alertname, group }));
  const muted = anAlert({ alertname: 'muted', group });
  await postAlerts(tocsin.url, [...told, muted]);
  await waitFor('Alertmanager to notify', () => sink.ofGroup(group).length > 0);
  expect(sink.ofGroup(group).map((arrival) => gist(arrival))).toEqual(['firing a, b']);
  await sleep(200);
  await old.stop();

  await tocsin.restart();
  await postAlerts(tocsin.url, [...told, muted]);
  await sleep(3 * GROUP_INTERVAL_MS);
  expect(sink.ofGroup(group)).toHaveLength(1);
  expect(await silenceIds(tocsin.url)).toEqual([silenceId]);

  await postAlerts(tocsin.url, ended(told.slice(1)));
  await waitFor('the end to be told', () => sink.ofGroup(group).length > 1);
  expect(gist(sink.ofGroup(group)[1]!)).toBe('firing a; resolved b');
});

async function silence(url: string, name: string, value: string): Promise<string> {
  const body = {
    matchers: [{ name, value, isRegex: false, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 600_000).toISOString(),
    createdBy: 'ann',
    comment: 'planned work',
  };
  const response = await fetch(`${url}/api/v2/silences`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return ((await response.json()) as { silenceID: string }).silenceID;
}

async function silenceIds(url: string): Promise<string[]> {
  const silences = (await (await fetch(`${url}/api/v2/silences`)).json()) as { id: string }[];
  return silences.map(({ id }) => id);
}
