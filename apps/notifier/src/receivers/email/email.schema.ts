import { NO_TLS_CONFIG } from '@tocsin/common/http/http-config';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { file, flag, flagOrUnset, hostPort, secretText, subsection, text, textMap, tls } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, or, type Rules } from '../rules';

/** Source: Alertmanager configuration, `email_config`. */
export const email = integrationKind({
  name: 'email',
  goType: 'config.EmailConfig',
  sendResolved: false,
  fields: {
    to: text('to'),
    from: text('from'),
    hello: text('hello'),
    smarthost: hostPort('smarthost'),
    authUsername: text('auth_username'),
    authPassword: secretText('auth_password'),
    authPasswordFile: file('auth_password_file'),
    authSecret: secretText('auth_secret'),
    authSecretFile: file('auth_secret_file'),
    authIdentity: text('auth_identity'),
    headers: textMap('headers'),
    html: text('html', '{{ template "email.default.html" . }}'),
    text: text('text'),
    requireTls: flagOrUnset('require_tls'),
    tls: tls('tls_config'),
    /** Null: by the port. */
    forceImplicitTls: flagOrUnset('force_implicit_tls'),
    threading: subsection('threading', 'config.ThreadingConfig', {
      enabled: flag('enabled'),
      threadByDate: text('thread_by_date'),
    }),
  },
  rules: ({ to, headers, threading }) => [
    [!isSet(to), 'missing to address in email config'],
    ...repeatedHeaders(headers),
    ...(threading?.enabled ? threadingRules(Object.keys(headers).map(canonicalName), threading.threadByDate) : []),
  ],
  inherit: (own, global) => ({
    ...(isSet(own.authPassword) || isSet(own.authPasswordFile)
      ? { authPassword: own.authPassword, authPasswordFile: own.authPasswordFile }
      : { authPassword: global.smtp_auth_password, authPasswordFile: global.smtp_auth_password_file }),
    ...(isSet(own.authSecret) || isSet(own.authSecretFile)
      ? { authSecret: own.authSecret, authSecretFile: own.authSecretFile }
      : { authSecret: global.smtp_auth_secret, authSecretFile: global.smtp_auth_secret_file }),
    // Our own mails have a part in plain text, too.
    text: own.text === '' && global.template_language === 'handlebars' ? '{{> email.default.text}}' : own.text,
    from: or(own.from, global.smtp_from),
    hello: or(own.hello, global.smtp_hello),
    smarthost: or(own.smarthost, global.smtp_smarthost),
    authUsername: or(own.authUsername, global.smtp_auth_username),
    authIdentity: or(own.authIdentity, global.smtp_auth_identity),
    headers: Object.fromEntries(Object.entries(own.headers).map(([name, value]) => [canonicalName(name), value])),
    requireTls: own.requireTls ?? global.smtp_require_tls,
    tls: own.tls ?? global.smtp_tls_config ?? NO_TLS_CONFIG,
    forceImplicitTls: own.forceImplicitTls ?? global.smtp_force_implicit_tls ?? null,
  }),
  required: ({ smarthost, from }) => [
    [!isSet(smarthost), 'no global SMTP smarthost set'],
    [!isSet(from), 'no global SMTP from set'],
  ],
});

/** An entry of `email_configs` in effect. */
export type EmailConfig = ConfigOf<typeof email>;

function repeatedHeaders(headers: Readonly<Record<string, string>>): Rules {
  const names = Object.keys(headers).map(canonicalName);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => [true, `duplicate header ${goQuote(name)} in email config`]);
}

function threadingRules(names: readonly string[], threadByDate: string): Rules {
  const conflict = 'conflicting configuration: threading.enabled conflicts with custom';
  return [
    [names.includes('References'), `${conflict} References header`],
    [names.includes('In-Reply-To'), `${conflict} In-Reply-To header`],
    [!['none', 'daily'].includes(threadByDate), "threading.thread_by_date must be either 'none' or 'daily'"],
  ];
}

/** `subject` as `Subject`; what is no header name stays as it is. Source: Go `textproto.CanonicalMIMEHeaderKey`. */
function canonicalName(name: string): string {
  if (!/^[\w!#$%&'*+\-.^`|~]+$/.test(name)) return name;
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
