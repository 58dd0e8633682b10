import { createServer } from 'node:net';

/** A port of 127.0.0.1 that was free a moment ago. Prefer port 0 where the server tells what it got. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The port of a listening server's address. */
export function portOf(address: string | { port: number } | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}
