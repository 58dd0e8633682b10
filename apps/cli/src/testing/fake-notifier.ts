import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runTocsin } from '../run';

/** A notifier's API that answers as a test says, and notes what it was asked. */
export class FakeNotifier {
  readonly requests: { readonly asked: string; readonly body: string }[] = [];
  /** By method and path, to be sent as JSON (`''`: an empty answer); everything else is 404. */
  answers: Record<string, unknown> = {};

  private constructor(
    readonly url: string,
    readonly stop: () => void,
  ) {}

  /** `notFound`: what a 404 says. */
  static async start(notFound: string): Promise<FakeNotifier> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const asked = `${request.method} ${request.url}`;
        notifier.requests.push({ asked, body });
        const answer = notifier.answers[asked];
        if (asked in notifier.answers) response.end(answer === '' ? '' : JSON.stringify(answer));
        else response.writeHead(404).end(`${notFound}\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const notifier = new FakeNotifier(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.closeAllConnections();
      server.close();
    });
    return notifier;
  }

  /** Runs a command against it. */
  async tocsin(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const console = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
    const code = await runTocsin([...argv, `--notifier.url=${this.url}`], {}, console);
    return { code, out, err };
  }
}
