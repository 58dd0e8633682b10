import { afterAll, expect, it } from 'vitest';
import { webhookConfig } from '../support/configs';
import { Exporter } from '../support/exporter';
import { Prometheus } from '../support/prometheus';
import { Started } from '../support/started';
import { startStandalone } from '../support/tocsin';
import { waitFor } from '../support/wait-for';
import { WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const RULES = `
groups:
  - name: climate
    interval: 1s
    rules:
      - alert: TooHot
        expr: room_temperature_celsius > 30
        for: 2s
        labels: { group: climate }
        annotations: { summary: 'room {{ $labels.room }} has {{ $value }} degrees' }
`;

const TIMERS = { groupWaitMs: 500, groupIntervalMs: 1_000 };

/** One room gets too hot and cools down again: the webhook hears of both, in this order and of no other room. */
async function heatAndCool(exporter: Exporter, sink: WebhookSink): Promise<void> {
  const first = await waitFor('"firing" to be told', () => sink.accepted[0], { limitMs: 30_000 });
  expect(first.body).toMatchObject({
    status: 'firing',
    groupLabels: { group: 'climate' },
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'TooHot', room: 'attic', group: 'climate', job: 'test' },
        annotations: { summary: 'room attic has 35 degrees' },
        endsAt: '0001-01-01T00:00:00Z',
      },
    ],
  });

  exporter.set('room_temperature_celsius{room="attic"}', 20);
  const last = await waitFor('"resolved" to be told', () => sink.accepted[1], { limitMs: 30_000 });
  expect(last.body).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved', labels: { room: 'attic' } }] });
  const [fired, resolved] = [first.body.alerts[0], last.body.alerts[0]];
  expect(resolved?.fingerprint).toBe(fired?.fingerprint);
  expect(Date.parse(resolved?.endsAt ?? '')).toBeGreaterThan(Date.parse(fired?.startsAt ?? ''));
}

async function startExporter(): Promise<Exporter> {
  const exporter = await started.add(Exporter.start());
  exporter.set('room_temperature_celsius{room="attic"}', 35);
  exporter.set('room_temperature_celsius{room="cellar"}', 12);
  return exporter;
}

it.concurrent("1 our evaluator's rules on a real Prometheus end in a webhook: firing, then resolved", async () => {
  const sink = await started.add(WebhookSink.start());
  const exporter = await startExporter();
  const prometheus = await started.add(Prometheus.start({ scrape: exporter.address }));
  await started.add(
    startStandalone({ config: webhookConfig(sink.url, TIMERS), rules: RULES, datasourceUrl: prometheus.url }),
  );
  await heatAndCool(exporter, sink);
});

it.concurrent(
  '1 a real Prometheus forwards its own alerts to /api/v2/alerts and they end in a webhook: firing, then resolved',
  async () => {
    const sink = await started.add(WebhookSink.start());
    const exporter = await startExporter();
    const tocsin = await started.add(startStandalone({ config: webhookConfig(sink.url, TIMERS) }));
    const alertmanagers = [new URL(tocsin.url).host];
    await started.add(Prometheus.start({ scrape: exporter.address, rules: RULES, alertmanagers }));
    await heatAndCool(exporter, sink);
  },
);
