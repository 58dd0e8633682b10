import { createHash } from 'node:crypto';
import { type NotificationFacts } from '../../templates/notification-facts';
import { type Rendering } from '../../templates/rendering';
import { type MailAddresses, parseAddresses } from './email-addresses';
import { type EmailConfig } from './email.schema';
import { encodeHeader, encodePhrase, isPlain, quotedPrintable } from './mime-encoding';

/** A mail as it is handed to a server. */
export interface Mail {
  readonly ok: true;
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body. */
  readonly text: string;
}

/** Where and when a mail is made. */
export interface MailOrigin {
  readonly nowMs: number;
  /** Of this machine. */
  readonly hostname: string;
}

/** Headers that hold addresses. */
const ADDRESS_HEADERS: ReadonlySet<string> = new Set(['From', 'To', 'Cc', 'Reply-To', 'Sender']);

const DEFAULT_SUBJECT = '{{ template "email.default.subject" . }}';

/** The mail of an entry, or what is wrong with its addresses. Source: Alertmanager, `email`. */
export function emailMessage(
  config: EmailConfig,
  rendering: Rendering,
  origin: MailOrigin,
): Mail | { readonly ok: false; readonly error: string } {
  const { facts, plain } = rendering;
  const sender = rendering.required(config.from, "'from'");
  const recipients = rendering.required(config.to, "'to'");
  const from = parseAddresses(sender);
  if (!from.ok) return { ok: false, error: `parse 'from' addresses: ${from.error}` };
  const [only, ...others] = addressesOf(from);
  if (only === undefined || others.length > 0) {
    return { ok: false, error: `must be exactly one 'from' address (got: ${others.length + 1})` };
  }
  const to = parseAddresses(recipients);
  if (!to.ok) return { ok: false, error: `parse 'to' addresses: ${to.error}` };

  const configured = { From: config.from, To: config.to, Subject: DEFAULT_SUBJECT, ...config.headers };
  const headers = Object.entries(configured).flatMap(([name, template]) => {
    const value = rendering.text(template, name === 'Subject' ? 'subject' : undefined);
    const instead = name === 'From' ? sender : name === 'To' ? recipients : '';
    if (plain !== null && value === '' && instead === '') return [];
    return [headerLine(name, (plain !== null && value === '' ? instead : value).trim())];
  });
  const id = messageId(config, facts, origin.hostname);
  // No part can hold this: quoted-printable has a digit after each `=`.
  const boundary = `=_${sha256([id, origin.nowMs])}`;
  const text = [
    ...headers,
    ...('Message-Id' in configured ? [] : [`Message-Id: ${id}`]),
    ...threading(config, facts, origin.nowMs),
    ...('Date' in configured ? [] : [`Date: ${dateHeader(origin.nowMs)}`]),
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    'MIME-Version: 1.0',
    '',
    ...partsOf(config, rendering).flatMap(([type, body]) => [
      `--${boundary}`,
      'Content-Transfer-Encoding: quoted-printable',
      `Content-Type: ${type}; charset=UTF-8`,
      '',
      quotedPrintable(body),
    ]),
    `--${boundary}--`,
    '',
  ];
  return { ok: true, from: only, to: addressesOf(to), text: text.join('\r\n') };
}

/** The best one comes last. A plain message is text only: nobody has written HTML for it. */
function partsOf(config: EmailConfig, rendering: Rendering): (readonly [type: string, body: string])[] {
  if (rendering.plain !== null) return [['text/plain', rendering.plain.body]];
  return [
    ...(config.text === '' ? [] : [['text/plain', rendering.text(config.text)] as const]),
    ...(config.html === '' ? [] : [['text/html', rendering.html(config.html)] as const]),
  ];
}

/** The same for each attempt to send one notification, so that a mailbox knows a repeated mail. */
function messageId(config: EmailConfig, facts: NotificationFacts, hostname: string): string {
  const { receiver, alerts, notification } = facts;
  const { groupKey, sequence, reason } = notification;
  const { from, to, headers, html, text } = config;
  const told = alerts.map(({ fingerprint, startsAtMs, endsAtMs }) => [fingerprint, startsAtMs, endsAtMs]);
  const id = sha256([receiver, from, to, headers, html, text, groupKey, sequence, reason, told]);
  return `<${id.slice(0, 32)}.${sequence}@${hostname}>`;
}

/** All mails of a group answer one that does not exist; mail programs show them together. */
function threading({ threading }: EmailConfig, { keyHash }: NotificationFacts, nowMs: number): string[] {
  if (!threading?.enabled) return [];
  const day = threading.threadByDate === 'none' ? '' : new Date(nowMs).toISOString().slice(0, 10);
  const root = `<alert-${keyHash.slice(0, 16)}-${day}@alertmanager>`;
  return [`References: ${root}`, `In-Reply-To: ${root}`];
}

function headerLine(name: string, value: string): string {
  const addresses = ADDRESS_HEADERS.has(name) && !isPlain(value) ? parseAddresses(value) : null;
  if (!addresses?.ok) return `${name}: ${encodeHeader(value)}`;
  // Encoded as a whole nobody would find the addresses in it.
  const mailboxes = addresses.addresses.map((mailbox) =>
    mailbox.name === '' ? mailbox.address : `${encodePhrase(mailbox.name)} <${mailbox.address}>`,
  );
  return `${name}: ${mailboxes.join(',\r\n ')}`;
}

function addressesOf(parsed: MailAddresses): string[] {
  return parsed.ok ? parsed.addresses.map(({ address }) => address) : [];
}

/** Source: Go `time.RFC1123Z`. */
function dateHeader(nowMs: number): string {
  return new Date(nowMs).toUTCString().replace('GMT', '+0000');
}

function sha256(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
