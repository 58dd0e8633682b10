import { createServer, type Server } from 'node:http';
import { portOf } from './free-port';

/** A scrape target whose metrics the test sets: `exporter.set('temperature{room="1"}', 30)`. */
export class Exporter {
  private readonly series = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Exporter> {
    const server = createServer();
    const exporter = new Exporter(server);
    server.on('request', (_request, response) => {
      const lines = [...exporter.series].map(([series, value]) => `${series} ${value}\n`);
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(lines.join(''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return exporter;
  }

  /** Host:port, as in a Prometheus scrape configuration. */
  get address(): string {
    return `127.0.0.1:${portOf(this.server.address())}`;
  }

  set(series: string, value: number): void {
    this.series.set(series, value);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
