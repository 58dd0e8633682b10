import { type HbsFile } from './hbs-file';
import { HBS_MAIL } from './hbs-mail';

const subject = '[{{upper status}}{{#if firing}}:{{count firing}}{{/if}}] {{> group-name}}';

/** One alert as a line of plain text. */
const alertLine =
  '{{#if annotations.summary}}{{annotations.summary}}{{else}}{{name}}{{/if}}' +
  '{{#if (eq status "firing")}} (for {{duration duration}}){{else}} (lasted {{duration duration}}){{/if}}';

const section = (title: string, list: string, mark: string, line: string): string =>
  `{{#if ${list}}}${mark}${title}${mark} ({{count ${list}}})\n{{#each (take ${list} 20)}}${line}\n{{/each}}` +
  `{{#if (gt (count ${list}) 20)}}and {{minus (count ${list}) 20}} more\n{{/if}}\n\n{{/if}}`;

const sections = (mark: string, line: string): string =>
  section('New', 'new', mark, line) +
  section('Firing again', 'unmuted', mark, line) +
  section('Still firing', 'stillFiring', mark, line) +
  section('Resolved', 'resolved', mark, line);

/** Labels that tell the alert from others of its group. */
const labelText = '{{#each (pairs labels)}}{{#unless @first}}, {{/unless}}{{name}}={{value}}{{/each}}';

const plainBody = sections('', `- ${alertLine}\n  ${labelText}`) + '{{links.alerts}}\n';

const forSlack = (text: string): string => `{{#slackText}}${text}{{/slackText}}`;

const slackBody = sections(
  '*',
  `• ${forSlack(alertLine)}  {{#if links.source}}<{{slackText (httpUrl links.source)}}|source> {{/if}}<{{links.silence}}|silence> <{{links.explain}}|why?>`,
);

const teamsText = sections(
  '**',
  `- ${alertLine}{{#if links.source}} [source]({{httpUrl links.source}}){{/if}} [silence]({{links.silence}}) [why?]({{links.explain}})\n`,
);

const color = '{{#if firing}}danger{{else}}good{{/if}}';
const sameSubject = '{{> subject}}';
const sameUrl = '{{links.alerts}}';

const webhookPayload =
  '{"status":{{json status}},"reason":{{json reason}},"receiver":{{json receiver}},' +
  '"groupLabels":{{json groupLabels}},"commonLabels":{{json commonLabels}},' +
  '"new":{{json new}},"unmuted":{{json unmuted}},"stillFiring":{{json stillFiring}},"resolved":{{json resolved}},' +
  '"links":{{json links}} }';

const texts: Readonly<Record<string, string>> = {
  subject,
  'group-name':
    '{{#if (pairs groupLabels)}}{{#each (pairs groupLabels)}}{{#unless @first}} {{/unless}}{{value}}{{/each}}' +
    '{{else}}alerts{{/if}}',
  'alert-line': alertLine,
  body: plainBody,

  // For `payload`: without one a webhook gets the message of version 4, in any language.
  'webhook.default.payload': webhookPayload,

  'slack.default.title': forSlack(sameSubject),
  'slack.default.titlelink': sameUrl,
  'slack.default.username': 'Tocsin',
  'slack.default.fallback': `${forSlack(sameSubject)} | ${sameUrl}`,
  'slack.default.color': color,
  'slack.default.text': slackBody,
  'slack.default.pretext': '',
  'slack.default.callbackid': '',
  'slack.default.iconemoji': '',
  'slack.default.iconurl': '',
  'slack.default.footer': '',

  'msteams.default.title': sameSubject,
  'msteams.default.summary': sameSubject,
  'msteams.default.text': teamsText,
  'msteamsv2.default.title': sameSubject,
  'msteamsv2.default.text': teamsText,

  'email.default.subject': sameSubject,
  'email.default.html': HBS_MAIL,
  'email.default.text': plainBody,

  'discord.default.title': sameSubject,
  'discord.default.message': teamsText,
  'discord.default.content': '',
  'mattermost.default.title': sameSubject,
  'mattermost.default.text': teamsText,
  'mattermost.default.titlelink': sameUrl,
  'mattermost.default.fallback': `${sameSubject} | ${sameUrl}`,
  'mattermost.default.color': color,
  'mattermost.default.username': 'Tocsin',
  'rocketchat.default.title': sameSubject,
  'rocketchat.default.titlelink': sameUrl,
  'rocketchat.default.text': teamsText,
  'rocketchat.default.alias': 'Tocsin',
  'rocketchat.default.emoji': '',
  'rocketchat.default.iconurl': '',
  'webex.default.message': teamsText,
  'telegram.default.message': plainBody,
  'pagerduty.default.description': sameSubject,
  'pagerduty.default.client': 'Tocsin',
  'pagerduty.default.clientURL': sameUrl,
  'pagerduty.default.instances': plainBody,
  'opsgenie.default.message': sameSubject,
  'opsgenie.default.description': plainBody,
  'opsgenie.default.source': sameUrl,
  'victorops.default.state_message': plainBody,
  'victorops.default.entity_display_name': sameSubject,
  'victorops.default.monitoring_tool': 'Tocsin',
  'pushover.default.title': sameSubject,
  'pushover.default.message': plainBody,
  'pushover.default.url': sameUrl,
  'sns.default.subject': sameSubject,
  'sns.default.message': plainBody,
  'jira.default.summary': sameSubject,
  'jira.default.description': plainBody,
  'jira.default.priority':
    '{{#if (eq commonLabels.severity "critical")}}High{{else}}{{#if (eq commonLabels.severity "warning")}}Medium{{else}}' +
    '{{#if (eq commonLabels.severity "info")}}Low{{/if}}{{/if}}{{/if}}',
  'wechat.default.message': `${sameSubject}\n${plainBody}`,
  'wechat.default.to_user': '',
  'wechat.default.to_party': '',
  'wechat.default.to_tag': '',
  'wechat.default.agent_id': '',
};

/** Templates that are there without any file, under the names that fields have as their default. */
export const HBS_DEFAULTS: readonly HbsFile[] = Object.entries(texts).map(([name, text]) => ({ name, text }));

/** Defaults of fields that are templates themselves, by what they are in Go. */
export const HBS_OF_GO: ReadonlyMap<string, string> = new Map([
  ['{{ .Alerts.Firing | toJson }}', '{{json firing}}'],
  ['{{ .Alerts.Resolved | toJson }}', '{{json resolved}}'],
  ['{{ .Alerts.Firing | len }}', '{{count firing}}'],
  ['{{ .Alerts.Resolved | len }}', '{{count resolved}}'],
  ['{{ if eq .Status "firing" }}red{{ else }}green{{ end }}', '{{#if firing}}red{{else}}green{{/if}}'],
  ['{{ if eq .Status "firing" }}2{{ else }}0{{ end }}', '{{#if firing}}2{{else}}0{{/if}}'],
]);
