import { type FailureReason } from '../../delivery/delivery-outcome';

/** A password or secret, or why there is none. */
export type Credential = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

/** What a server is told who we are with. */
export interface SmtpCredentials {
  readonly username: string;
  readonly identity: string;
  readonly password: Credential;
  /** For CRAM-MD5. */
  readonly secret: Credential;
}

/** A mechanism with what it needs, or why none can be used. */
export type SmtpLogin =
  | { readonly ok: true; readonly mechanism: 'CRAM-MD5' | 'PLAIN' | 'LOGIN'; readonly secret: string }
  | { readonly ok: false; readonly error: string };

/** The mechanisms that an answer to EHLO offers, in its order; null: none are offered. */
export function offeredMechanisms(ehlo: string): readonly string[] | null {
  const line = /^250[ -]AUTH(?:[ =]|$)(.*)$/im.exec(ehlo);
  return line === null ? null : (line[1]?.trim().split(/\s+/) ?? []);
}

/** How to log in: by the first mechanism offered that there is a secret for. Source: Alertmanager, `Email.auth`. */
export function chooseLogin(offered: readonly string[], credentials: SmtpCredentials): SmtpLogin {
  const problems: string[] = [];
  for (const mechanism of offered) {
    if (mechanism !== 'CRAM-MD5' && mechanism !== 'PLAIN' && mechanism !== 'LOGIN') {
      problems.push(`unknown auth mechanism: ${mechanism}`);
      continue;
    }
    const what = mechanism === 'CRAM-MD5' ? 'secret' : 'password';
    const credential = credentials[what];
    if (credential.ok && credential.text !== '') return { ok: true, mechanism, secret: credential.text };
    problems.push(credential.ok ? `missing ${what} for ${mechanism} auth mechanism` : credential.error);
  }
  return { ok: false, error: problems.join('; ') };
}

/** The initial response of PLAIN. Source: RFC 4616. */
export function plainResponse({ identity, username }: SmtpCredentials, password: string): string {
  return Buffer.from(`${identity}\0${username}\0${password}`).toString('base64');
}

/** Whether a password may be sent unencrypted to this host. Source: Go `smtp.PlainAuth`. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1';
}

/** All that an answer must not show: the secrets, and what is sent of them. */
export function secretsOf(credentials: SmtpCredentials): string[] {
  const texts = [credentials.password, credentials.secret].flatMap((credential) =>
    credential.ok && credential.text !== '' ? [credential.text] : [],
  );
  return texts.flatMap((text) => [text, Buffer.from(text).toString('base64'), plainResponse(credentials, text)]);
}

/** Codes of replies about who one is. Source: RFC 4954. */
const AUTH_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/** What a failure counts as; `replyCode` is 0 where the server has said nothing. */
export function smtpReason(replyCode: number): FailureReason {
  if (AUTH_CODES.has(replyCode)) return 'authError';
  if (replyCode >= 500) return 'clientError';
  return replyCode >= 400 ? 'serverError' : 'other';
}
