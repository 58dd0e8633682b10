import { afterEach, expect, it } from 'vitest';
import { postAlerts } from '../support/alertmanager-api';
import { anAlert, ended } from '../support/alerts';
import { Started } from '../support/started';
import { sleep, waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';
import { InProcessNotifier } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string, routes = '') => `
route:
  receiver: team
  group_by: [alertname]
  group_wait: 3s
  group_interval: 3s
  repeat_interval: 24h
  routes: [${routes}]
receivers:
  - name: team
    webhook_configs: [{ url: "${url}" }]
  - name: other
    webhook_configs: [{ url: "${url}other" }]
`;

it('keeps the timers of groups whose route is unchanged, also when another route is new', async () => {
  const sink = await started.add(WebhookSink.start());
  const clock = new MovableClock();
  const notifier = await started.add(InProcessNotifier.start(config(sink.url), clock));
  const postedMs = Date.now();
  await postAlerts(notifier.url, [anAlert({ alertname: 'a' })]);
  for (let turn = 0; turn < 5; turn++) {
    await sleep(500);
    notifier.writeConfig(config(sink.url, turn % 2 === 0 ? '{ matchers: ["team=x"], receiver: other }' : ''));
    await notifier.reload();
  }
  const first = await waitFor('the first notification', () => sink.accepted[0]);
  expect(gist(first)).toBe('firing a');
  expect(first.atMs - postedMs).toBeGreaterThan(2_900);
  expect(first.atMs - postedMs).toBeLessThan(5_000);
});

it('tells alerts that a new route takes over to their new receiver, and closes them with the old one', async () => {
  const sink = await started.add(WebhookSink.start());
  const notifier = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock()));
  await postAlerts(notifier.url, [anAlert({ alertname: 'a', team: 'x' })]);
  await waitFor('the first notification', () => sink.accepted.length === 1);
  notifier.writeConfig(config(sink.url, '{ matchers: ["team=x"], receiver: other }'));
  await notifier.reload();
  await waitFor('both receivers', () => sink.accepted.length === 3);
  const heard = sink.accepted.map((notification) => `${notification.body.receiver}: ${gist(notification)}`);
  expect(heard[0]).toBe('team: firing a');
  expect(heard.slice(1).sort()).toEqual(['other: firing a', 'team: resolved a']);
});

it('closes alerts with a receiver that no route uses any more', async () => {
  const sink = await started.add(WebhookSink.start());
  const route = '{ matchers: ["team=x"], receiver: other, group_wait: 0s }';
  const notifier = await started.add(InProcessNotifier.start(config(sink.url, route), new MovableClock()));
  await postAlerts(notifier.url, [anAlert({ alertname: 'a', team: 'x' })]);
  await waitFor('the first notification', () => sink.accepted.length === 1);
  notifier.writeConfig(config(sink.url));
  await notifier.reload();
  const heard = () => sink.accepted.map((notification) => `${notification.body.receiver}: ${gist(notification)}`);
  await waitFor('both receivers', () => heard().length === 3);
  expect(heard().sort()).toEqual(['other: firing a', 'other: resolved a', 'team: firing a']);
});

it('keeps the last good configuration when the new one has mistakes', async () => {
  const sink = await started.add(WebhookSink.start());
  const notifier = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock()));
  notifier.writeConfig('route: { receiver: nobody }\nfoo: 1\n');
  expect(await notifier.reload()).toMatchObject({ ok: false });
  const alert = anAlert({ alertname: 'a' });
  await postAlerts(notifier.url, [alert]);
  await waitFor('the notification', () => sink.accepted.length === 1);
  await postAlerts(notifier.url, ended([alert]));
  await waitFor('its end', () => sink.accepted.length === 2, { limitMs: 10_000 });
});
