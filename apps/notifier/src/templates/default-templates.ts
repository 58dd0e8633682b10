import { MAIL_TEMPLATES } from './default-mail';

/**
 * The templates that are there without any file, under the names that files and configurations know.
 *
 * Source: Alertmanager, its built-in templates: each gives the same text, white space included.
 */
export const DEFAULT_TEMPLATES: string = templateDefinitions({
  __alertmanager: 'Alertmanager',
  __alertmanagerURL: '{{ .ExternalURL }}/#/alerts?receiver={{ urlquery .Receiver }}',
  __subject: subject(),
  __description: '',
  __text_alert_list: textList(),
  __text_alert_list_markdown: markdownList(),

  'slack.default.title': same('__subject'),
  'slack.default.username': same('__alertmanager'),
  'slack.default.fallback': `${same('slack.default.title')} | ${same('slack.default.titlelink')}`,
  'slack.default.callbackid': '',
  'slack.default.pretext': '',
  'slack.default.titlelink': same('__alertmanagerURL'),
  'slack.default.iconemoji': '',
  'slack.default.iconurl': '',
  'slack.default.text': '',
  'slack.default.footer': '',
  'slack.default.color': dangerOrGood(),

  'pagerduty.default.description': same('__subject'),
  'pagerduty.default.client': same('__alertmanager'),
  'pagerduty.default.clientURL': same('__alertmanagerURL'),
  'pagerduty.default.instances': same('__text_alert_list'),

  'opsgenie.default.message': same('__subject'),
  'opsgenie.default.description': commonAnnotations() + denseLists(),
  'opsgenie.default.source': same('__alertmanagerURL'),

  'wechat.default.message':
    `${same('__subject')}\n${commonAnnotations()}${denseLists()}` + `\nAlertmanagerUrl:\n${same('__alertmanagerURL')}`,
  'wechat.default.to_user': '',
  'wechat.default.to_party': '',
  'wechat.default.to_tag': '',
  'wechat.default.agent_id': '',

  'victorops.default.state_message': commonAnnotations() + denseLists(),
  'victorops.default.entity_display_name': same('__subject'),
  'victorops.default.monitoring_tool': same('__alertmanager'),

  'pushover.default.title': same('__subject'),
  'pushover.default.message': commonAnnotations() + looseLists(),
  'pushover.default.url': same('__alertmanagerURL'),

  'sns.default.subject': same('__subject'),
  'sns.default.message': commonAnnotations() + looseLists(),

  'telegram.default.message': looseLists(),

  'discord.default.content': '',
  'discord.default.title': same('__subject'),
  'discord.default.message': looseLists(),

  'webex.default.message': commonAnnotations() + looseLists(),

  'msteams.default.summary': same('__subject'),
  'msteams.default.title': same('__subject'),
  'msteams.default.text': markdownLists(),
  'msteamsv2.default.title': same('__subject'),
  'msteamsv2.default.text': markdownLists(),

  'jira.default.summary': same('__subject'),
  'jira.default.description': markdownLists(),
  'jira.default.priority': jiraPriority(),

  'rocketchat.default.title': same('__subject'),
  'rocketchat.default.alias': same('__alertmanager'),
  'rocketchat.default.titlelink': same('__alertmanagerURL'),
  'rocketchat.default.emoji': '',
  'rocketchat.default.iconurl': '',
  'rocketchat.default.text': '',

  'mattermost.default.color': dangerOrGood(),
  'mattermost.default.username': same('__alertmanager'),
  'mattermost.default.title': same('__subject'),
  'mattermost.default.titlelink': same('__alertmanagerURL'),
  'mattermost.default.fallback': `${same('mattermost.default.title')} | ${same('mattermost.default.titlelink')}`,
  'mattermost.default.text': markdownLists(),

  'email.default.subject': same('__subject'),
  ...MAIL_TEMPLATES,
});

function templateDefinitions(templates: Readonly<Record<string, string>>): string {
  return Object.entries(templates)
    .map(([name, text]) => `{{ define "${name}" }}${text}{{ end }}`)
    .join('\n');
}

function same(name: string): string {
  return `{{ template "${name}" . }}`;
}

/** `[FIRING:2] values of the group (values that all alerts share besides)`. */
function subject(): string {
  const count = '{{ with .Alerts.Firing }}:{{ len . }}{{ end }}';
  const shared = '{{ join " " (.CommonLabels.Remove .GroupLabels.Names).Values }}';
  const besides = `{{ if lt (len .GroupLabels) (len .CommonLabels) }}(${shared}){{ end }}`;
  return `[{{ toUpper .Status }}${count}] {{ join " " .GroupLabels.Values }} ${besides}`;
}

function pairs(list: string, line: string): string {
  return `{{ range ${list}.SortedPairs }}${line}\n{{ end }}`;
}

function textList(): string {
  const line = ' - {{ .Name }} = {{ .Value }}';
  const alert = `Labels:\n${pairs('.Labels', line)}Annotations:\n${pairs('.Annotations', line)}Source: {{ .GeneratorURL }}\n`;
  return `{{ range . }}${alert}{{ end }}`;
}

function markdownList(): string {
  const line = '  - {{ .Name }} = {{ .Value }}';
  const labels = `\nLabels:\n${pairs('.Labels', line)}`;
  const annotations = `\nAnnotations:\n${pairs('.Annotations', line)}`;
  return `{{ range . }}${labels}${annotations}\nSource: {{ .GeneratorURL }}\n{{ end }}\n`;
}

function commonAnnotations(): string {
  return '{{ join " " .CommonAnnotations.Values }}';
}

/** Without empty lines around the lists. */
function denseLists(): string {
  const part = (heading: string, alerts: string): string =>
    `\n{{ if ${alerts} }}${heading}:\n{{ template "__text_alert_list" ${alerts} }}{{ end }}`;
  return part('Alerts Firing', '.Alerts.Firing') + part('Alerts Resolved', '.Alerts.Resolved');
}

/** With the empty lines that Alertmanager leaves. */
function looseLists(): string {
  return listsWith('__text_alert_list', '');
}

function markdownLists(): string {
  return listsWith('__text_alert_list_markdown', '# ');
}

function listsWith(list: string, mark: string): string {
  const part = (heading: string, alerts: string): string =>
    `\n{{ if ${alerts} }}\n${mark}${heading}:\n{{ template "${list}" ${alerts} }}\n{{ end }}`;
  return `${part('Alerts Firing', '.Alerts.Firing')}${part('Alerts Resolved', '.Alerts.Resolved')}\n`;
}

function dangerOrGood(): string {
  return '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}';
}

/** Of the gravest label `severity` among the alerts that fire; where that says nothing, among those that are over. */
function jiraPriority(): string {
  const gravest = (alerts: string): string =>
    `{{ range ${alerts} }}{{ $severity := .Labels.severity }}` +
    '{{ if eq $severity "critical" }}{{ $priority = "High" }}' +
    '{{ else if and (eq $severity "warning") (ne $priority "High") }}{{ $priority = "Medium" }}' +
    '{{ else if and (eq $severity "info") (not $priority) }}{{ $priority = "Low" }}{{ end }}{{ end }}';
  const ended = `{{ if not $priority }}${gravest('.Alerts.Resolved')}{{ end }}`;
  return `{{ $priority := "" }}${gravest('.Alerts.Firing')}${ended}{{ $priority }}`;
}
