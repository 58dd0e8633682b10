import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as a server got it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  /** How the sender called itself. */
  readonly hello: string;
  /** Over TLS. */
  readonly secure: boolean;
  readonly user: string;
}

/** An SMTP server on 127.0.0.1 that keeps what it was sent. */
export class SmtpPeer {
  readonly mails: ReceivedMail[] = [];
  /** Connections so far. */
  connections = 0;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      closeTimeout: 10,
      onConnect: (_, done) => {
        this.connections++;
        done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString(),
            hello: String(session.hostNameAppearsAs),
            secure: session.secure,
            user: String(session.user ?? ''),
          });
          done();
        });
      },
      ...options,
    });
    // What clients do to their connections is no failure of a test.
    this.server.on('error', () => {});
  }

  /** Without TLS unless it has a certificate. */
  static async start(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
    const hasTls = options.key !== undefined;
    const peer = new SmtpPeer({ ...(!hasTls && { disabledCommands: ['STARTTLS'] }), ...options });
    const listening = peer.server.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return peer;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** The only mail so far. */
  get only(): ReceivedMail {
    const [mail] = this.mails;
    if (mail === undefined || this.mails.length > 1) throw new Error(`${this.mails.length} mails`);
    return mail;
  }

  /** Connections that are open. */
  get open(): number {
    return this.server.connections.size;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}
