import { type EmailConfig } from './email.schema';

/** A server that takes mails. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `host:port` as it is configured, for messages. */
  readonly address: string;
  readonly hello: string;
  /** TLS from the start. */
  readonly implicitTls: boolean;
  /** STARTTLS. */
  readonly requireTls: boolean;
}

/** Ports may have names. Source: IANA, service names. */
const PORTS: ReadonlyMap<string, number> = new Map([
  ['smtp', 25],
  ['smtps', 465],
  ['submission', 587],
  ['submissions', 465],
]);

/** Nothing listens there. */
const NO_PORT = -1;

/** The server of an entry. */
export function smtpServer(
  config: Pick<EmailConfig, 'smarthost' | 'hello' | 'requireTls' | 'forceImplicitTls'>,
): SmtpServer {
  const { smarthost, hello, requireTls, forceImplicitTls } = config;
  const colon = smarthost.lastIndexOf(':');
  const port = smarthost.slice(colon + 1);
  return {
    host: smarthost.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: /^\d+$/.test(port) ? Number(port) : (PORTS.get(port.toLowerCase()) ?? NO_PORT),
    address: smarthost,
    hello,
    implicitTls: forceImplicitTls ?? port === '465',
    requireTls,
  };
}
