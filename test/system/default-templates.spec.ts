import { HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { type ReceivedMail, SmtpPeer } from '@tocsin/notifier/receivers/email/testing/smtp-peer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { postAlerts } from '../support/alertmanager-api';
import { type PostableAlert } from '../support/alerts';
import { readMail } from '../support/read-mail';
import { Started } from '../support/started';
import { TOLD_GROUPS, type ToldGroup } from '../support/told-groups';
import { startNotifier } from '../support/tocsin';
import { waitFor } from '../support/wait-for';
import { CUSTOM_TEMPLATES } from '../support/custom-templates';

/**
 * What Debian's Alertmanager (0.25) says by its default templates to every kind of receiver that it can be made to tell here,
 * and what we say of the same alerts.
 *
 * Not compared: what it does not have (msteams and later kinds, `notification_reason` and `routeLabels` of a webhook), Pushover
 * and SNS, which have the texts of Webex and no address of ours. What later versions do otherwise and we with them:
 * - `details` of PagerDuty that read as YAML are sent as what they are: here they are set, so that none does;
 * - texts for WeChat (2 048 bytes) and Discord (4 096 characters) end there: only their beginnings are compared.
 * And what we do otherwise: markup for Telegram that is longer than it takes becomes a plain message (`docs/differences.md`).
 */

const WAIT_MS = 2_000;
const INTERVAL_MS = 4_000;

/** Entries of a receiver by kind, all with their default templates, except `custom`. */
const entries = (address: string) => ({
  webhook: { url: `${address}/webhook` },
  slack: { api_url: `${address}/slack`, channel: '#ops', send_resolved: true },
  opsgenie: { api_url: `${address}/opsgenie`, api_key: 'k' },
  victorops: { api_url: `${address}/victorops`, api_key: 'k', routing_key: 'r' },
  pagerduty: {
    url: `${address}/pagerduty`,
    routing_key: 'k',
    details: {
      firing: '`{{ template "pagerduty.default.instances" .Alerts.Firing }}',
      resolved: '`{{ template "pagerduty.default.instances" .Alerts.Resolved }}',
      num_firing: '`{{ .Alerts.Firing | len }}',
      num_resolved: '`{{ .Alerts.Resolved | len }}',
    },
  },
  wechat: { api_url: `${address}/wechat`, api_secret: 's', corp_id: 'c', send_resolved: true },
  discord: { webhook_url: `${address}/discord` },
  webex: { api_url: `${address}/webex`, room_id: 'r', http_config: { authorization: { credentials: 'x' } } },
  telegram: { api_url: `${address}/telegram`, bot_token: 't', chat_id: 1 },
});

const kinds = [...Object.keys(entries('')), 'custom'];
const indexed = TOLD_GROUPS.map((group, index) => ({ ...group, index }));

function configOf({ sink, mail, caFile }: { sink: HttpPeer; mail: SmtpPeer; caFile: string }): string {
  const receivers = indexed.map(({ index }) => {
    const address = `${sink.origin()}/${index}`;
    const sections = Object.entries(entries(address)).map(([kind, entry]) => [`${kind}_configs`, [entry]] as const);
    const custom = {
      api_url: `${address}/custom`,
      channel: 'c',
      title: '{{ template "__subject" . }}',
      text: '{{ range .Alerts }}{{ .Annotations.summary }} on {{ .Labels.instance | toUpper }}\n{{ end }}',
      fields: CUSTOM_TEMPLATES.map((value, nth) => ({ title: `${nth}`, value })),
      send_resolved: true,
    };
    const all = Object.fromEntries(
      sections.map(([key, list]) => [key, key === 'slack_configs' ? [...list, custom] : list]),
    );
    return { name: `team.${index}`, ...all, email_configs: [{ to: `to-${index}@example.test`, send_resolved: true }] };
  });
  return JSON.stringify({
    global: {
      smtp_smarthost: `127.0.0.1:${mail.port}`,
      smtp_from: 'Alerts <alerts@example.test>',
      smtp_auth_username: 'me',
      smtp_auth_password: 'pass',
      smtp_require_tls: true,
    },
    route: {
      receiver: 'team.0',
      group_by: ['group'],
      group_wait: `${WAIT_MS}ms`,
      group_interval: `${INTERVAL_MS}ms`,
      routes: indexed.map(({ index }) => ({ receiver: `team.${index}`, matchers: [`case="${index}"`] })),
    },
    receivers: receivers.map((receiver) => ({
      ...receiver,
      email_configs: receiver.email_configs.map((entry) => ({ ...entry, tls_config: { ca_file: caFile } })),
    })),
  });
}

/** One notifier, and all that it tells. */
class Told {
  private constructor(
    readonly url: string,
    readonly sink: HttpPeer,
    readonly mail: SmtpPeer,
  ) {}

  static async start(
    start: (config: string) => Promise<{ url: string; stop(): Promise<unknown> }>,
    authority: TestAuthority,
  ): Promise<Told> {
    const { cert, key } = authority.issue('mail', 'IP:127.0.0.1');
    const sink = await started.add(HttpPeer.start(({ target }, response) => response.end(answerTo(target))));
    const mail = await started.add(
      SmtpPeer.start({
        cert,
        key,
        authOptional: false,
        allowInsecureAuth: false,
        authMethods: ['PLAIN'],
        onAuth: ({ username, password }, _, done) =>
          password === 'pass' ? done(null, { user: username }) : done(new Error('wrong password')),
      }),
    );
    const { url } = await started.add(start(configOf({ sink, mail, caFile: authority.caFile })));
    return new Told(url, sink, mail);
  }

  private sent(kind: string, index: number): readonly ReceivedRequest[] {
    const prefix = `/${index}/${kind}`;
    return this.sink.requests.filter(({ target }) => target.startsWith(prefix) && !target.includes('gettoken'));
  }

  /** What was sent by a kind about a group, in order. */
  requests(kind: string, index: number): { body: unknown }[] {
    return this.sent(kind, index).map(({ method, target, body }) => ({ method, target, body: comparable(kind, body) }));
  }

  private mailsTo(index: number): readonly ReceivedMail[] {
    return this.mail.mails.filter(({ to }) => to.includes(`to-${index}@example.test`));
  }

  mails(index: number): object[] {
    return this.mailsTo(index).map(({ text, secure, user }) => ({ ...readMail(text), secure, user }));
  }

  get counts(): number[][] {
    return indexed.map(({ index }) => [
      ...kinds.map((kind) => this.sent(kind, index).length),
      this.mailsTo(index).length,
    ]);
  }
}

function answerTo(target: string): string {
  if (target.includes('/wechat')) return '{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}';
  if (target.includes('/telegram')) return '{"ok":true,"result":{"message_id":1,"chat":{"id":1},"date":1}}';
  return 'ok';
}

/** Without what one version has and the other has not. */
function comparable(kind: string, body: string): unknown {
  return JSON.parse(body, (name, value: unknown) => {
    if (kind === 'webhook' && /^(?:notification_reason|routeLabels)$/.test(name)) return undefined;
    const isCut = (kind === 'wechat' && name === 'content') || (kind === 'discord' && name === 'description');
    return isCut && typeof value === 'string' ? value.slice(0, 1_900) : value;
  });
}

const started = new Started();
afterAll(() => started.stopAll());
let theirs: Told;
let ours: Told;

beforeAll(async () => {
  const authority = new TestAuthority();
  await started.add({ stop: async () => authority.remove() });
  const flags = ['--web.external-url=http://alerts.test/am/', '--web.route-prefix=/', '--log.level=debug'];
  [theirs, ours] = await Promise.all([
    Told.start((config) => Alertmanager.start(config, flags), authority),
    Told.start((config) => startNotifier({ config, flags }), authority),
  ]);
  const nowMs = Date.now();
  const alerts = indexed.flatMap((group, index) => alertsOf(group, index, nowMs));
  await Promise.all([theirs, ours].map(({ url }) => postAlerts(url, alerts)));
  await told(1);
  const ended = indexed.flatMap((group, index) => alertsOf(group, index, nowMs).slice(0, group.ending));
  const endsAt = new Date(Date.now() - 100).toISOString();
  await Promise.all(
    [theirs, ours].map(({ url }) =>
      postAlerts(
        url,
        ended.map((alert) => ({ ...alert, endsAt })),
      ),
    ),
  );
  await told(2);
}, 120_000);

/** Old alerts would be told at once; the offsets of their times are to be kept. */
function alertsOf({ name, alerts }: ToldGroup, index: number, nowMs: number): PostableAlert[] {
  return alerts.map((alert, nth) => ({
    ...alert,
    labels: { group: name, case: `${index}`, ...alert.labels },
    startsAt: nth % 2 === 0 ? new Date(nowMs).toISOString() : inBerlin(nowMs),
    endsAt: new Date(nowMs + 3_600_000).toISOString(),
  }));
}

function inBerlin(ms: number): string {
  return new Date(ms + 7_200_000).toISOString().replace('Z', '+02:00');
}

async function told(phase: 1 | 2): Promise<void> {
  const wanted = indexed.map(({ ending }) =>
    kinds.map(() => (phase === 2 && ending > 0 ? 2 : 1)).concat(phase === 2 && ending > 0 ? 2 : 1),
  );
  await waitFor(
    () => `both to tell all; they told ${JSON.stringify([theirs.counts, ours.counts])} of ${JSON.stringify(wanted)}`,
    () => [theirs, ours].every(({ counts }) => JSON.stringify(counts) === JSON.stringify(wanted)),
    { limitMs: 40_000, everyMs: 100 },
  );
}

describe.each(indexed)('of the group $name', ({ index, name }) => {
  it.each(kinds)('%s says the same', (kind) => {
    if (kind === 'telegram' && name === 'many') return isPlain(index);
    expect(ours.requests(kind, index)).toEqual(theirs.requests(kind, index));
  });

  it('the mail reads the same', () => {
    expect(ours.mails(index)).toEqual(theirs.mails(index));
    expect(ours.mails(index)[0]).toMatchObject({ secure: true, user: 'me' });
  });
});

/** A message that begins as theirs would if it had a subject. */
function isPlain(index: number): void {
  for (const { body } of ours.requests('telegram', index)) {
    expect(body).toMatchObject({
      text: expect.stringMatching(/^\[FIRING:\d+\] many\n\n(?:firing|resolved) \{alertname="DiskFull"/),
    });
    expect(body).not.toHaveProperty('parse_mode');
  }
}
