import { type TlsConnect } from '@tocsin/common/http/tls-options.client';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type SmtpCredentials } from './smtp-auth';
import { type SmtpServer } from './smtp-server';
import { SmtpSession } from './smtp-session.client';
import { type Reach } from './smtp-socket.client';

/** How long a connection may be kept without a mail, ms; servers end idle ones after a few minutes. */
const IDLE_MS = 30_000;
/** Most connections kept without a mail. */
const MOST_IDLE = 4;
/** Servers often limit the mails of one connection. */
const MOST_MAILS = 100;

/** What connections are made with; with anything else they are not used again. */
interface Means {
  readonly tls: TlsConnect;
  readonly credentials: string;
}

interface Idle {
  readonly session: SmtpSession;
  readonly timer: Timer;
}

/** Connections to one server, used again while they are warm. */
export class SmtpSessions {
  private readonly idle: Idle[] = [];
  private readonly openedWith = new WeakMap<SmtpSession, Means>();
  private means: Means | null = null;
  private closed = false;

  constructor(
    private readonly server: SmtpServer,
    private readonly clock: Clock,
    private readonly reach: Reach = {},
  ) {}

  /** One that works. Rejects with an `SmtpFailure`, or with anything when it is aborted. */
  async take(tls: TlsConnect, credentials: SmtpCredentials, signal: AbortSignal): Promise<SmtpSession> {
    const means = this.use(tls, JSON.stringify(credentials));
    for (let kept = this.idle.pop(); kept !== undefined; kept = this.idle.pop()) {
      kept.timer.cancel();
      if (kept.session.isOpen && (await kept.session.isAlive(signal))) return kept.session;
    }
    const session = await SmtpSession.open(this.server, tls, credentials, signal, this.reach);
    this.openedWith.set(session, means);
    return session;
  }

  /** Keeps it for the next mail, if it can have one. */
  giveBack(session: SmtpSession): void {
    if (!session.isOpen) return;
    const isWanted = !this.closed && this.openedWith.get(session) === this.means && this.idle.length < MOST_IDLE;
    if (!isWanted || session.mails >= MOST_MAILS) {
      session.close();
      return;
    }
    const timer = this.clock.setTimer(IDLE_MS, () => {
      this.idle.splice(
        this.idle.findIndex((kept) => kept.session === session),
        1,
      );
      session.close();
    });
    this.idle.push({ session, timer });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.endIdle();
  }

  private use(tls: TlsConnect, credentials: string): Means {
    if (this.means?.tls === tls && this.means.credentials === credentials) return this.means;
    this.endIdle();
    return (this.means = { tls, credentials });
  }

  private endIdle(): void {
    for (const { session, timer } of this.idle.splice(0)) {
      timer.cancel();
      session.close();
    }
  }
}
