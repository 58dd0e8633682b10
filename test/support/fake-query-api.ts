import { createServer, type IncomingMessage, type Server } from 'node:http';
import { portOf } from './free-port';

export interface SeenQuery {
  expr: string;
  /** The `time` parameter: the evaluation's slot, epoch ms. */
  slotMs: number;
  /** When it came. */
  atMs: number;
}

/** One series of an answer: its labels and value. */
export interface FakeSeries {
  labels: Record<string, string>;
  value: number;
}

/** A Prometheus query API that answers what the test says and remembers who asked what for which time. */
export class FakeQueryApi {
  readonly seen: SeenQuery[] = [];
  private answer: (expr: string) => readonly FakeSeries[] = () => [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeQueryApi> {
    const server = createServer();
    const api = new FakeQueryApi(server);
    server.on('request', (request, response) => {
      void parameters(request).then((asked) => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(api.reply(asked)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server.address())}`;
  }

  answers(answer: (expr: string) => readonly FakeSeries[]): void {
    this.answer = answer;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private reply(asked: URLSearchParams): unknown {
    const expr = asked.get('query') ?? '';
    const slotMs = instant(asked.get('time'));
    this.seen.push({ expr, slotMs, atMs: Date.now() });
    const result = this.answer(expr).map(({ labels, value }) => ({
      metric: labels,
      value: [slotMs / 1000, `${value}`],
    }));
    return { status: 'success', data: { resultType: 'vector', result } };
  }
}

async function parameters(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = Buffer.concat(chunks).toString();
  const inUrl = new URL(request.url ?? '/', 'http://localhost').searchParams;
  return new URLSearchParams([...inUrl, ...new URLSearchParams(form)]);
}

/** Prometheus takes unix seconds or RFC 3339. */
function instant(time: string | null): number {
  if (time === null) return Date.now();
  const seconds = Number(time);
  return Number.isNaN(seconds) ? Date.parse(time) : Math.round(seconds * 1000);
}
