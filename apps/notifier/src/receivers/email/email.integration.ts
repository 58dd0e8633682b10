import { hostname } from 'node:os';
import { type Secret } from '@tocsin/common/config/secret';
import { EgressRefused } from '@tocsin/common/http/egress-lookup.client';
import { redact } from '@tocsin/common/http/redact';
import { type TlsConnect, TlsOptions } from '@tocsin/common/http/tls-options.client';
import { type Clock } from '@tocsin/common/time/clock';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { cutOff } from '../cut-off';
import { settingOf } from '../secret-file.loader';
import { type Attempt, rejected, type Sender } from '../sender';
import { emailMessage, type Mail } from './email-message';
import { type EmailConfig } from './email.schema';
import { RefusedRecipients } from './refused-recipients';
import { type Credential, secretsOf, smtpReason, type SmtpCredentials } from './smtp-auth';
import { smtpServer } from './smtp-server';
import { SmtpFailure } from './smtp-session.client';
import { SmtpSessions } from './smtp-sessions.client';
import { type Reach } from './smtp-socket.client';

/** Sends mails by SMTP. */
export class EmailSender implements Sender<Attempt> {
  private readonly sessions: SmtpSessions;
  private readonly recipients = new RefusedRecipients();
  private tls: TlsOptions | null = null;

  constructor(
    private readonly config: EmailConfig,
    private readonly context: Reach & { readonly clock: Clock },
  ) {
    this.sessions = new SmtpSessions(smtpServer(config), context.clock, context);
  }

  async send(attempt: Attempt): Promise<DeliveryOutcome> {
    const { signal, facts } = attempt;
    const origin = { nowMs: this.context.clock.nowMs(), hostname: hostname() || 'localhost.localdomain' };
    const made = attempt.message((rendering) => emailMessage(this.config, rendering, origin));
    if (!made.ok) return rejected(made.error);
    const mail = made.message;
    if (!mail.ok) return rejected(mail.error);
    const credentials = await this.credentials();
    const tls = this.currentTls();
    if (!tls.ok) return { kind: 'retryable', reason: 'other', message: `parse TLS configuration: ${tls.error}` };
    const progress = { isHeard: false };
    try {
      const to = this.recipients.remaining(facts, mail.to, origin.nowMs);
      await this.deliver({ ...mail, to }, attempt, tls.options, credentials, () => (progress.isHeard = true));
      return { kind: 'delivered' };
    } catch (error) {
      if (signal.aborted) return cutOff(signal, progress.isHeard);
      if (error instanceof EgressRefused) return rejected(error.message);
      const failure = error instanceof SmtpFailure ? error : new SmtpFailure(String(error), 0);
      // An answer tells that the mail was not taken; silence tells nothing.
      const mayBeHeard = progress.isHeard && failure.replyCode === 0;
      const message = redact(failure.message, secretsOf(credentials));
      const reason = smtpReason(failure.replyCode);
      return { kind: 'retryable', reason, message, ...(mayBeHeard && { mayBeHeard }) };
    }
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  private async deliver(
    mail: Mail,
    { signal, facts }: Attempt,
    tls: TlsConnect,
    credentials: SmtpCredentials,
    sending: () => void,
  ): Promise<void> {
    const session = await this.sessions.take(tls, credentials, signal);
    try {
      const refused = await session.send(mail, mail.to, signal, sending);
      if (refused.failure === null) {
        this.recipients.forget(facts);
        return;
      }
      this.recipients.remember(facts, refused.addresses, this.context.clock.nowMs());
      throw refused.failure;
    } finally {
      this.sessions.giveBack(session);
    }
  }

  private async credentials(): Promise<SmtpCredentials> {
    const { authUsername: username, authIdentity: identity } = this.config;
    const { authPassword, authPasswordFile, authSecret, authSecretFile } = this.config;
    const [password, secret] = await Promise.all([
      credential(authPassword, authPasswordFile, 'auth_password_file', 'trim'),
      credential(authSecret, authSecretFile, 'auth_secret_file', 'as it is'),
    ]);
    return { username, identity, password, secret };
  }

  /** Read when a mail is sent: a file that is missing when the configuration is read keeps nobody from starting. */
  private currentTls(): { ok: true; options: TlsConnect } | { ok: false; error: string } {
    try {
      this.tls ??= new TlsOptions(this.config.tls);
      return { ok: true, options: this.tls.current() };
    } catch (error) {
      return { ok: false, error: (error as Error).message };
    }
  }
}

async function credential(value: Secret, file: string, name: string, trim: 'trim' | 'as it is'): Promise<Credential> {
  const setting = await settingOf(value, file, name, trim);
  if (setting.ok) return setting;
  return { ok: false, error: 'message' in setting.outcome ? setting.outcome.message : name };
}
