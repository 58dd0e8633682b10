import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostPort, parseListenAddress, type TcpAddress } from '@tocsin/common/http/listen-address';
import { UsageError } from './command';
import { webhookBody, webhookText } from './webhook-text';

/** A notification is a few hundred KiB at most; more than this is not one. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

export interface WebhookServer {
  /** host:port it got. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Serves a webhook receiver that prints what it is told. */
export async function startWebhookServer(address: string, print: (text: string) => void): Promise<WebhookServer> {
  const parsed = parseListenAddress(address);
  if (!parsed.ok) throw new UsageError(parsed.error);
  const server = createServer((request, response) => void answer(request, response, print));
  await listen(server, parsed.address, address);
  const bound = server.address() as AddressInfo;
  return {
    address: hostPort(bound.address, bound.port),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: TcpAddress, text: string) {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UsageError(`cannot listen on ${text} for webhooks: ${error.message}`)));
    server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, print: (text: string) => void) {
  if (request.method === 'GET') return end(response, 200, 'OK\n');
  const text = await readBody(request);
  if (text === null) return end(response, 413, 'too large\n');
  const body = webhookBody.safeParse(parseJson(text));
  if (!body.success) return end(response, 400, 'expected the JSON body of an Alertmanager webhook\n');
  print(webhookText(body.data, new Date().toLocaleTimeString('en-GB')));
  end(response, 200, '');
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(text);
}
