import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getAlerts, metric, postAlerts, postBody } from '../support/alertmanager-api';
import { anAlert, realisticAlert } from '../support/alerts';
import { webhookConfig } from '../support/configs';
import { Started } from '../support/started';
import { startStandalone, type Tocsin } from '../support/tocsin';
import { sleep, waitFor } from '../support/wait-for';
import { gist, WebhookSink } from '../support/webhook-sink';

const started = new Started();
afterAll(() => started.stopAll());

const TIMERS = { groupWaitMs: 300, groupIntervalMs: 1_000 };

let sink: WebhookSink;
let tocsin: Tocsin;
beforeAll(async () => {
  sink = await started.add(WebhookSink.start());
  tocsin = await started.add(startStandalone({ config: webhookConfig(sink.url, TIMERS) }));
});

/** The proof that everything else goes on: a new alert of a new group is told. */
async function expectStillWorking(server: Tocsin = tocsin, receiver: WebhookSink = sink): Promise<void> {
  const group = `still working ${receiver.groupNames.length}`;
  await postAlerts(server.url, [anAlert({ alertname: 'fine', group })]);
  await waitFor('another alert to be told', () => receiver.ofGroup(group).length === 1);
}

const times = `"startsAt":"${new Date().toISOString()}"`;

describe('7 bad requests get a clear error and change nothing else', () => {
  it.each([
    [
      'malformed JSON',
      '[{"labels":',
      400,
      { code: 400, message: expect.stringContaining('parsing alerts body from "" failed, because ') },
    ],
    [
      'an object instead of a list',
      '{"labels":{"a":"b"}}',
      400,
      { code: 400, message: expect.stringContaining('parsing alerts body') },
    ],
    [
      'a number as label value',
      '[{"labels":{"alertname":7}}]',
      400,
      { code: 400, message: expect.stringContaining('parsing alerts body') },
    ],
    [
      'no labels',
      '[{"annotations":{}}]',
      422,
      { code: 602, message: expect.stringContaining('0.labels in body is required') },
    ],
    [
      'a wrong time',
      '[{"labels":{"a":"b"},"startsAt":"yesterday"}]',
      400,
      { code: 400, message: expect.stringContaining('parsing alerts body') },
    ],
    ['an empty label name', `[{"labels":{"":"b"},${times}}]`, 400, 'invalid label set: invalid name ""'],
    ['only empty label values', `[{"labels":{"a":""},${times}}]`, 400, 'at least one label pair required'],
    [
      'an end before the start',
      '[{"labels":{"a":"b"},"startsAt":"2026-01-02T00:00:00Z","endsAt":"2026-01-01T00:00:00Z"}]',
      400,
      'start time must be before end time',
    ],
  ])('%s', async (_, body, status, answer) => {
    const before = (await getAlerts(tocsin.url)).length;
    const response = await postBody(tocsin.url, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(answer);
    expect(await getAlerts(tocsin.url)).toHaveLength(before);
    await expectStillWorking();
  });

  it('the valid alerts of a batch are kept although another is refused', async () => {
    const good = anAlert({ alertname: 'good', group: 'mixed batch' });
    const response = await postBody(tocsin.url, JSON.stringify([anAlert({ '': 'x' }), good]));
    expect(response.status).toBe(400);
    await waitFor('the valid one to be told', () => sink.ofGroup('mixed batch').length === 1);
  });

  it('a body that is not JSON by its content type', async () => {
    const response = await fetch(`${tocsin.url}/api/v2/alerts`, {
      method: 'POST',
      body: '[]',
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 415 });
  });
});

describe('7 a 50 MB body', () => {
  const BYTES = 50_000_000;

  /** A process that answers nobody for this long loses its leases. */
  const LEASE_MS = 4_000;

  it('of nonsense is refused without harm, and others are served meanwhile', async () => {
    const posting = postBody(tocsin.url, new Uint8Array(BYTES).fill('['.charCodeAt(0)));
    await sleep(300);
    const askedAtMs = Date.now();
    expect((await fetch(`${tocsin.url}/-/healthy`)).status).toBe(200);
    expect(Date.now() - askedAtMs, 'time until another request is answered').toBeLessThan(LEASE_MS);
    const response = await posting;
    expect([400, 413]).toContain(response.status);
    expect((await response.text()).length, 'length of the error').toBeLessThan(1_000);
    await expectStillWorking();
  });

  it('of alerts is taken whole or refused whole, and others are served meanwhile', async () => {
    const own = await started.add(WebhookSink.start());
    const server = await started.add(
      startStandalone({ config: withRoute(webhookConfig(own.url, TIMERS), 'nobody', 'job=kube-state-metrics') }),
    );
    const nowMs = Date.now();
    const alerts: string[] = [];
    for (let bytes = 0; bytes < BYTES; bytes += (alerts.at(-1) ?? '').length + 1) {
      alerts.push(JSON.stringify(realisticAlert(alerts.length, { startsAtMs: nowMs, endsAtMs: nowMs + 600_000 })));
    }
    const posting = postBody(server.url, `[${alerts.join(',')}]`);
    await expectStillWorking(server, own);
    const response = await posting;
    expect([200, 413]).toContain(response.status);
    const kept = await getAlerts(server.url, '?filter=job%3Dkube-state-metrics');
    expect(kept).toHaveLength(response.status === 200 ? alerts.length : 0);
    await expectStillWorking(server, own);
  });
});

describe('7 bad configuration and bad neighbours', () => {
  it('a bad configuration on reload is refused with its mistakes, and the old one goes on', async () => {
    tocsin.writeConfig(
      'route: { receiver: nobody }\nreceivers: [{ name: sink, webhook_configs: [{ url: 7, nonsense: 1 }] }]\n',
    );
    const response = await tocsin.reload();
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toContain('failed to reload config: ');
    expect(text).toContain('nonsense');
    expect(await metric(tocsin.url, 'alertmanager_config_last_reload_successful')).toBe(0);
    await expectStillWorking();

    tocsin.writeConfig(webhookConfig(sink.url, TIMERS));
    expect((await tocsin.reload()).status).toBe(200);
    expect(await metric(tocsin.url, 'alertmanager_config_last_reload_successful')).toBe(1);
    await expectStillWorking();
  });

  it('an unreachable datasource ends nothing, is shown at the rule, and the notifier goes on', async () => {
    const own = await started.add(WebhookSink.start());
    const rules = 'groups: [{ name: g, interval: 1s, rules: [{ alert: Never, expr: up == 0 }] }]\n';
    const server = await started.add(
      startStandalone({ config: webhookConfig(own.url, TIMERS), rules, datasourceUrl: 'http://127.0.0.1:9' }),
    );
    const series = 'prometheus_rule_evaluation_failures_total';
    await waitFor('the failed evaluation to be counted', async () => {
      const text = await (await fetch(`${server.evaluatorUrl}/metrics`)).text();
      return text.split('\n').some((line) => line.startsWith(series) && !line.endsWith(' 0'));
    });
    expect(server.process.output).toMatch(/ECONNREFUSED|refused/);
    await expectStillWorking(server, own);
  });

  it('a receiver that hangs delays no other receiver and no other request', async () => {
    const hanging = await started.add(WebhookSink.start());
    const healthy = await started.add(WebhookSink.start());
    await hanging.behave({ kind: 'hang' });
    const config = withRoute(
      webhookConfig(healthy.url, TIMERS),
      'hanging',
      'to=hanging',
      `{ url: "${hanging.url}", timeout: 3s }`,
    );
    const server = await started.add(startStandalone({ config }));
    const stuck = Array.from({ length: 200 }, (_, n) => anAlert({ alertname: 'stuck', to: 'hanging', group: `${n}` }));
    await postAlerts(server.url, stuck);
    await waitFor('the hanging receiver to hold requests', () => hanging.arrivals.length > 0);
    const postedAtMs = Date.now();
    await postAlerts(server.url, [anAlert({ alertname: 'urgent', group: 'urgent' })]);
    const told = await waitFor('the healthy receiver to be told', () => healthy.ofGroup('urgent')[0]);
    expect(told.atMs - postedAtMs).toBeLessThan(TIMERS.groupWaitMs + 1_500);
    expect(gist(told)).toBe('firing urgent');

    // When it answers again, nothing was lost.
    await hanging.behave({ kind: 'accept' });
    await waitFor(
      'everything held back to be told',
      () => stuck.every(({ labels }) => told200(hanging, labels['group'] ?? '')),
      {
        limitMs: 60_000,
      },
    );
  });
});

/** The configuration with another receiver for some alerts: of one webhook, or of nothing. */
function withRoute(config: string, receiver: string, matcher: string, webhook = ''): string {
  const routed = config.replace(
    'receivers:',
    `  routes: [{ receiver: ${receiver}, matchers: ['${matcher}'] }]\nreceivers:`,
  );
  return `${routed}  - name: ${receiver}\n    webhook_configs: [${webhook}]\n`;
}

function told200(sinkToAsk: WebhookSink, group: string): boolean {
  return sinkToAsk.ofGroup(group).some(({ status }) => status === 200);
}
