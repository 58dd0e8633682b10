import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { nullLog } from '@tocsin/common/log/log';
import { startNotifier } from '@tocsin/notifier/main';
import { afterEach, expect, it } from 'vitest';
import { getAlerts, metric, postBody } from '../support/alertmanager-api';
import { anAlert } from '../support/alerts';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';
import { DEFAULT_OPTIONS } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

const started = new Started();
afterEach(() => started.stopAll());

const FULL = 'the disk is full: less than 64 MiB are free for --storage.path';

it('a full disk: what is posted takes effect and is answered 503, and all who ask are told', async () => {
  const sink = await started.add(WebhookSink.start());
  const folder = await started.add(new TempFolder());
  let freeBytes = 1e9;
  const store = await EmbeddedStore.open(folder.file('data'), nullLog, () => freeBytes);
  const clock = new MovableClock();
  folder.write(
    'alertmanager.yml',
    `route: { receiver: a, group_by: [alertname], group_wait: 0s }\nreceivers: [{ name: a, webhook_configs: [{ url: "${sink.url}" }] }]\n`,
  );
  const { url, stop } = await startNotifier({
    ...DEFAULT_OPTIONS,
    configFile: folder.file('alertmanager.yml'),
    instance: 'one',
    backend: { kind: 'embedded', clock, store, close: () => store.close() },
  });
  await started.add({ stop: () => stop().then(() => store.close()) });
  const post = (alertname: string) => postBody(url, JSON.stringify([anAlert({ alertname })]));
  const ready = async () => {
    const response = await fetch(`${url}/-/ready`);
    return `${response.status} ${await response.text()}`;
  };
  expect((await post('before')).status).toBe(200);
  expect(await ready()).toBe('200 OK');
  expect(await metric(url, 'tocsin_state_available')).toBe(1);

  freeBytes = 1e6;
  const refused = await post('meanwhile');
  expect([refused.status, await refused.json()]).toEqual([
    503,
    `${FULL}; what was sent takes effect, but is kept in memory only, send it again until it is accepted`,
  ]);
  expect((await getAlerts(url)).map(({ labels }) => labels['alertname']).sort()).toEqual(['before', 'meanwhile']);
  await waitFor('the page', () => sink.accepted.some((arrival) => gist(arrival).includes('meanwhile')));
  expect(await ready()).toBe(`200 OK: ${FULL}; this notifier works, but what it learns is kept in memory only`);
  expect(await metric(url, 'tocsin_state_available')).toBe(0);

  freeBytes = 1e9;
  await waitFor('room', async () => (await post('meanwhile')).ok);
  expect(await ready()).toBe('200 OK');
  expect(await metric(url, 'tocsin_state_available')).toBe(1);
});
