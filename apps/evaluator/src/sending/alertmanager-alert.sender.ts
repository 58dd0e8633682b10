import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { HttpClient, type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { type Log } from '@tocsin/common/log/log';
import { type AlertmanagerConfig } from '../config/evaluator-config';
import { type EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { type AlertSender } from './alert-sender';
import { AlertmanagerEndpoint, type EndpointTarget, QUEUE_CAPACITY } from './alertmanager-endpoint.client';

/**
 * To every configured Alertmanager by its API v2. Each has its own queue, so that a dead one holds up no other.
 *
 * The queues are in memory: what a crash loses of them is sent again by the resend rule.
 */
export class AlertmanagerAlertSender implements AlertSender {
  private endpoints: ReadonlyMap<string, AlertmanagerEndpoint> = new Map();
  private clients: readonly HttpClient[] = [];

  constructor(
    private readonly http: HttpClientOptions,
    private readonly metrics: EvaluatorMetrics,
    private readonly log: Log,
  ) {}

  get hasReceivers(): boolean {
    return this.endpoints.size > 0;
  }

  /** Makes clients for the receivers; throws when one cannot be, and nothing has changed then. `use` takes them. */
  prepare(configs: readonly AlertmanagerConfig[]): { use(): void } {
    const clients: HttpClient[] = [];
    const targets = new Map<string, EndpointTarget>();
    for (const { urls, timeoutMs, http } of configs) {
      const client = new HttpClient(http, this.http);
      clients.push(client);
      for (const url of urls) targets.set(url, { http: client, timeoutMs });
    }
    return { use: () => this.replace(clients, targets) };
  }

  async send({ alerts, slotMs }: AlertsMessage): Promise<void> {
    for (const endpoint of this.endpoints.values()) endpoint.add(alerts, slotMs);
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.endpoints.values(), (endpoint) => endpoint.close()));
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private replace(clients: readonly HttpClient[], targets: ReadonlyMap<string, EndpointTarget>): void {
    const before = this.endpoints;
    const after = new Map<string, AlertmanagerEndpoint>();
    for (const [url, target] of targets) {
      const known = before.get(url);
      known?.retarget(target);
      after.set(url, known ?? new AlertmanagerEndpoint(url, target, this.metrics, this.http.clock, this.log));
    }
    for (const [url, endpoint] of before) {
      if (after.has(url)) continue;
      endpoint.drop();
      this.metrics.receiverGone(endpoint.name);
    }
    for (const client of this.clients) void client.close();
    this.endpoints = after;
    this.clients = clients;
    this.metrics.receiversKnown(
      Array.from(after.values(), ({ name }) => name),
      QUEUE_CAPACITY,
    );
  }
}
