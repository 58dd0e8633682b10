import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { checkAddress, lookupWithin } from '@tocsin/common/http/egress-lookup.client';
import { type EgressPolicy } from '@tocsin/common/http/egress-policy';
import { type TlsConnect } from '@tocsin/common/http/tls-options.client';
import { type SmtpServer } from './smtp-server';

/** What servers are reached with. */
export interface Reach {
  /** Default: anything may be reached. */
  readonly egress?: EgressPolicy;
  /** Default: Node's. */
  readonly lookup?: LookupFunction;
}

/** How long an address may take to answer before the next one is tried, ms; the last one may take all the time there is. */
const NEXT_ADDRESS_MS = 1_000;

/** TLS options for a server: the certificate is that of the name, also where the name was looked up here. */
export function tlsFor({ host }: SmtpServer, tls: TlsConnect): TlsConnect {
  return isIP(host) === 0 ? { servername: host, ...tls } : tls;
}

/** A connection, encrypted if it is so from the start, to the first address of a server that answers. Rejects with
 *  `EgressRefused`, with why the connection failed, or when it is aborted. */
export async function smtpSocket(
  server: SmtpServer,
  tls: TlsConnect,
  { egress, lookup: plainLookup }: Reach,
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port, implicitTls } = server;
  signal.throwIfAborted();
  if (egress !== undefined) checkAddress(egress, host);
  const lookup = egress === undefined ? plainLookup : lookupWithin(egress, plainLookup);
  const options = {
    host,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    ...(lookup !== undefined && { lookup }),
  };
  const socket = implicitTls ? connectTls({ ...tlsFor(server, tls), ...options }) : connect(options);
  const abort = (): void => void socket.destroy(new Error('aborted'));
  signal.addEventListener('abort', abort);
  try {
    return await new Promise<Socket>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('connection closed')));
      socket.once(implicitTls ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
