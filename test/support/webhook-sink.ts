import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portOf } from './free-port';
import { sleep } from './wait-for';

/** What the sink does with the next requests. */
export type SinkBehaviour =
  /** Answers 200, after a while or once something has happened if told so. */
  | { kind: 'accept'; delayMs?: number; after?: Promise<void> }
  | { kind: 'status'; status: number }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Nobody listens. */
  | { kind: 'refuse' };

/** Alertmanager's webhook body, as far as tests look at it. */
export interface WebhookBody {
  receiver: string;
  status: 'firing' | 'resolved';
  alerts: { status: string; labels: Record<string, string>; startsAt: string; endsAt: string; fingerprint: string }[];
  groupLabels: Record<string, string>;
  groupKey: string;
}

/** One request that reached the sink whole. */
export interface Arrival {
  atMs: number;
  /** Of the URL, with its query. */
  path: string;
  body: WebhookBody;
  /** The status answered; null while unanswered. */
  status: number | null;
  /** When the answer was handed to the network; null while unanswered. */
  answeredAtMs: number | null;
}

/** A webhook receiver that records what it is told and misbehaves on demand. */
export class WebhookSink {
  readonly arrivals: Arrival[] = [];
  private readonly groups = new Map<string, Arrival[]>();
  private behaviour: SinkBehaviour = { kind: 'accept' };
  private server: Server | null = null;
  private port = 0;
  private listener: (arrival: Arrival) => void = () => {};

  static async start(): Promise<WebhookSink> {
    const sink = new WebhookSink();
    await sink.listen();
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** What was answered 2xx, in the order it came. */
  get accepted(): Arrival[] {
    return this.arrivals.filter(({ status }) => status === 200);
  }

  /** Values of the group label `group` seen so far. */
  get groupNames(): string[] {
    return [...this.groups.keys()];
  }

  /** What was told about the group with this value of the label `group`. */
  ofGroup(name: string): readonly Arrival[] {
    return this.groups.get(name) ?? [];
  }

  async behave(behaviour: SinkBehaviour): Promise<void> {
    this.behaviour = behaviour;
    if (behaviour.kind === 'refuse') await this.close();
    else if (this.server === null) await this.listen();
  }

  /** Calls back when a request is there and not yet answered. */
  onArrival(listener: (arrival: Arrival) => void): void {
    this.listener = listener;
  }

  async stop(): Promise<void> {
    await this.close();
  }

  private async listen(): Promise<void> {
    const server = createServer((request, response) => void this.take(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.server = server;
    this.port = portOf(server.address());
  }

  private async close(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    this.server = null;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The sender broke off (it was killed): this request never was whole.
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as WebhookBody;
    const arrival: Arrival = { atMs: Date.now(), path: request.url ?? '', body, status: null, answeredAtMs: null };
    this.remember(arrival);
    const { behaviour } = this;
    this.listener(arrival);
    if (behaviour.kind === 'accept' && behaviour.delayMs) await sleep(behaviour.delayMs);
    if (behaviour.kind === 'accept') await behaviour.after;
    if (behaviour.kind === 'hang' || behaviour.kind === 'refuse') return;
    arrival.status = behaviour.kind === 'status' ? behaviour.status : 200;
    response.writeHead(arrival.status).end();
    arrival.answeredAtMs = Date.now();
  }
  private remember(arrival: Arrival): void {
    this.arrivals.push(arrival);
    const name = arrival.body.groupLabels['group'] ?? '';
    const group = this.groups.get(name);
    if (group) group.push(arrival);
    else this.groups.set(name, [arrival]);
  }
}

/** What a notification says in short: `firing a, b; resolved c`, by the label `alertname` unless told another. */
export function gist({ body }: Arrival, label = 'alertname'): string {
  const named = (status: string) =>
    body.alerts
      .filter((alert) => alert.status === status)
      .map((alert) => alert.labels[label] ?? '?')
      .sort()
      .join(', ');
  return (['firing', 'resolved'] as const)
    .filter((status) => named(status) !== '')
    .map((status) => `${status} ${named(status)}`)
    .join('; ');
}
