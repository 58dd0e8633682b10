import { Readable } from 'node:stream';
import { EgressRefused } from '@tocsin/common/http/egress-lookup.client';
import { type TlsConnect } from '@tocsin/common/http/tls-options.client';
import { goQuote } from '@tocsin/common/labels/go-quote';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Mail } from './email-message';
import { type SmtpServer } from './smtp-server';
import { chooseLogin, isThisMachine, offeredMechanisms, plainResponse, type SmtpCredentials } from './smtp-auth';
import { type Reach, smtpSocket, tlsFor } from './smtp-socket.client';

/** A step of a dialogue failed. */
export class SmtpFailure extends Error {
  constructor(
    message: string,
    /** 0 where the server has said nothing. */
    readonly replyCode: number,
  ) {
    super(message);
  }
}

/** Those who will not get a mail that others get, and why. */
export interface Refused {
  readonly addresses: readonly string[];
  readonly failure: SmtpFailure | null;
}

/** How long the server may take to end a connection that we end, ms. */
const CLOSE_TIMEOUT_MS = 1_000;

/** A connection to a server, logged in. */
export class SmtpSession {
  mails = 0;
  private reject: ((error: Error) => void) | null = null;
  private ended = false;

  private constructor(
    private readonly connection: SMTPConnection,
    private readonly server: SmtpServer,
  ) {
    const fail = (error: Error): void => {
      this.ended = true;
      this.reject?.(error);
    };
    connection.on('error', fail);
    connection.on('end', () => fail(new Error('connection closed')));
  }

  /** Rejects with an `SmtpFailure`, with `EgressRefused`, or with anything when it is aborted. */
  static async open(
    server: SmtpServer,
    tls: TlsConnect,
    credentials: SmtpCredentials,
    signal: AbortSignal,
    reach: Reach = {},
  ): Promise<SmtpSession> {
    // Loaded when the first mail is sent.
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const socket = await smtpSocket(server, tls, reach, signal).catch((error: unknown) => {
      throw error instanceof EgressRefused ? error : failureOf(connectStep(server), error);
    });
    const connection = new Connection({
      connection: socket,
      host: server.host,
      port: server.port,
      name: server.hello || 'localhost',
      secure: server.implicitTls,
      secured: server.implicitTls,
      ignoreTLS: !server.requireTls,
      socketCloseTimeout: CLOSE_TIMEOUT_MS,
      tls: tlsFor(server, tls),
      customAuth: {
        // The one that is built in knows no identity.
        PLAIN: async ({ sendCommand, auth }) => {
          const { status, response } = await sendCommand(`AUTH PLAIN ${plainResponse(credentials, auth.pass ?? '')}`);
          if (status !== 235) throw new SmtpFailure(response, status);
        },
      },
    });
    const session = new SmtpSession(connection, server);
    try {
      await session.guard(signal, async () => {
        await session.step(connectStep(server), (done) => connection.connect(done));
        session.checkTls();
        await session.login(credentials);
      });
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  /** Whether the server still listens to what is said here. */
  async isAlive(signal: AbortSignal): Promise<boolean> {
    try {
      await this.guard(signal, () => this.step('send RSET command', (done) => this.connection.reset(done)));
      return true;
    } catch {
      this.close();
      return false;
    }
  }

  /** Sends a mail; `sending` is called when the server begins to get its text. */
  async send(mail: Mail, to: readonly string[], signal: AbortSignal, sending: () => void): Promise<Refused> {
    this.mails++;
    // Read when the server has taken all addresses.
    const text = Readable.from(
      (function* () {
        sending();
        yield Buffer.from(mail.text);
      })(),
    );
    const envelope = { from: mail.from, to: [...to], size: Buffer.byteLength(mail.text) };
    const { rejected, rejectedErrors } = await this.guard(signal, () =>
      this.step<{ rejected: string[]; rejectedErrors?: Error[] | undefined }>('deliver', (done) =>
        this.connection.send(envelope, text, done),
      ),
    );
    const [error] = rejectedErrors ?? [];
    return { addresses: rejected, failure: error === undefined ? null : failureOf('deliver', error) };
  }

  /** Says good-bye first. */
  close(): void {
    if (!this.ended) this.connection.quit();
    this.connection.close();
  }

  private checkTls(): void {
    const { requireTls, implicitTls, address } = this.server;
    if (!requireTls || implicitTls || this.connection.secure) return;
    const problem = `'require_tls' is true (default) but ${goQuote(address)} does not advertise the STARTTLS extension`;
    throw new SmtpFailure(problem, 0);
  }

  private async login(credentials: SmtpCredentials): Promise<void> {
    const offered = offeredMechanisms(this.connection.lastServerResponse || '');
    if (offered === null || credentials.username === '') return;
    const login = chooseLogin(offered, credentials);
    if (!login.ok) throw new SmtpFailure(`find auth mechanism: ${login.error}`, 0);
    const { mechanism, secret } = login;
    const isSafe = this.connection.secure || isThisMachine(this.server.host);
    if (mechanism === 'PLAIN' && !isSafe) throw new SmtpFailure('PLAIN auth: unencrypted connection', 0);
    const auth = { method: mechanism, user: credentials.username, pass: secret };
    await this.step(`${mechanism} auth`, (done) => this.connection.login(auth, done));
  }

  /** Ends the connection when the signal aborts during the work. */
  private async guard<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const abort = (): void => this.connection.close();
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private async step<T>(what: string, run: (done: Done<T>) => void): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        this.reject = reject;
        run((error, result) => {
          if (error) reject(error);
          else resolve(result as T);
        });
      });
    } catch (error) {
      throw failureOf(what, error);
    } finally {
      this.reject = null;
    }
  }
}

type Done<T> = (error?: Error | null, result?: T) => void;

function connectStep({ implicitTls }: SmtpServer): string {
  return implicitTls ? 'establish TLS connection to server' : 'establish connection to server';
}

/** What each command does. */
const commands: Readonly<Record<string, string>> = {
  STARTTLS: 'send STARTTLS command',
  EHLO: 'send EHLO command',
  HELO: 'send HELO command',
  'MAIL FROM': 'send MAIL command',
  'RCPT TO': 'send RCPT command',
  DATA: 'delivery failure',
};

function failureOf(what: string, error: unknown): SmtpFailure {
  // Each address of a host has its own.
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(what, error.errors[0]);
  if (!(error instanceof Error)) return new SmtpFailure(`${what}: ${String(error)}`, 0);
  const { response, responseCode, command } = error as Error & SmtpDetails;
  const replyCode = responseCode ?? (error instanceof SmtpFailure ? error.replyCode : 0);
  return new SmtpFailure(`${commands[command ?? ''] ?? what}: ${response || error.message}`, replyCode);
}

interface SmtpDetails {
  readonly response?: string;
  readonly responseCode?: number;
  readonly command?: string;
}
