import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { DEFAULT_HTTP_CONFIG } from '@tocsin/common/http/http-config';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { A_BUILD } from '../testing/an-evaluator';
import { message } from './alert-sender.contract';
import { AlertmanagerAlertSender } from './alertmanager-alert.sender';
import { ChosenAlertSender } from './chosen-alert.sender';
import { QueueAlertSender } from './queue-alert.sender';

function set() {
  const metrics = new EvaluatorMetrics(new MetricsRegistry(), A_BUILD);
  const clock = new FakeClock();
  const http = { userAgent: 'Tocsin/0', clock, environment: {} };
  const alertmanagers = new AlertmanagerAlertSender(http, metrics, nullLog);
  const queued: number[] = [];
  const producer = { add: async ({ slotMs }: AlertsMessage) => void queued.push(slotMs), close: async () => {} };
  const queue = new QueueAlertSender(producer, metrics, clock);
  return { alertmanagers, queue, queued };
}

it('takes the notifier of the installation while no Alertmanager is configured', async () => {
  const { alertmanagers, queue, queued } = set();
  const sender = new ChosenAlertSender(alertmanagers, queue);
  await sender.send(message(1, 'A'));
  expect(queued).toEqual([1]);

  const peer = await HttpPeer.start();
  alertmanagers.prepare([{ urls: [`${peer.origin()}/x`], timeoutMs: 1_000, http: DEFAULT_HTTP_CONFIG }]).use();
  await sender.send(message(2, 'A'));
  await sender.close();
  expect(queued).toEqual([1]);
  expect(peer.requests).toHaveLength(1);
  await peer.stop();
});

it('sends nothing where there is nobody to send to', async () => {
  const sender = new ChosenAlertSender(set().alertmanagers, null);
  await expect(sender.send(message(1, 'A'))).resolves.toBeUndefined();
  await sender.close();
});
