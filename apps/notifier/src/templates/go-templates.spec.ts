import { describe, expect, it } from 'vitest';
import { aNotification, anAlert } from '../receivers/integration.contract';
import { type Notification } from '../receivers/integration';
import { GoTemplates } from './go-templates';
import { NotificationFacts } from './notification-facts';
import { type Rendered } from './templates';

const START = Date.UTC(2026, 0, 1);
const NOW = START + 3_600_000;

function render(source: string, given: Partial<Notification> = {}, form: 'text' | 'html' = 'text'): Rendered {
  const facts = new NotificationFacts(aNotification(given), 'team.x', 'http://tocsin.test');
  return new GoTemplates(() => NOW).of(facts)[form](source);
}
const textOf = (...given: Parameters<typeof render>): string => {
  const rendered = render(...given);
  return rendered.ok ? rendered.text : `failed: ${rendered.error}`;
};

const fires = anAlert({ labels: { alertname: 'DiskFull', instance: 'a', team: 'x' } });
const isOver = anAlert({
  endsAtMs: START + 60_000,
  labels: { alertname: 'DiskFull', instance: 'b', team: 'x' },
  annotations: {},
});
const mixed = { alerts: [fires, isOver] };

describe('the data of templates', () => {
  it.each([
    [
      '{{ .Receiver }} {{ .Status }} {{ .NotificationReason }} {{ .ExternalURL }}',
      'team\\.x firing first notification http://tocsin.test',
    ],
    ['{{ len .Alerts }} {{ len .Alerts.Firing }} {{ len .Alerts.Resolved }}', '2 1 1'],
    ['{{ range .Alerts }}{{ .Status }} {{ .Labels.instance }};{{ end }}', 'firing a;resolved b;'],
    ['{{ .GroupLabels }} {{ .CommonLabels }}', 'alertname=DiskFull alertname=DiskFull, team=x'],
    ['{{ .CommonLabels.Names }} {{ .CommonLabels.Values.Join "-" }}', '[alertname team] DiskFull-x'],
    ['{{ range .CommonLabels.SortedPairs }}{{ .Name }}={{ .Value }};{{ end }}', 'alertname=DiskFull;team=x;'],
    ['{{ (.CommonLabels.Remove .GroupLabels.Names).Values }}', '[x]'],
    ['{{ .CommonLabels.Remove (stringSlice "team") }}', 'alertname=DiskFull'],
    [
      '{{ .CommonLabels.SortedPairs.Names }} {{ .CommonLabels.SortedPairs }}',
      '[alertname team] alertname=DiskFull, team=x',
    ],
    ['{{ .CommonAnnotations.summary }}|{{ .CommonLabels.none }}|', '||'],
    ['{{ index .CommonLabels "team" }}', 'x'],
    ['{{ (index .Alerts 0).StartsAt }}', '2026-01-01 00:00:00 +0000 UTC'],
    [
      '{{ (index .Alerts 0).EndsAt.IsZero }} {{ (index .Alerts 1).EndsAt.Sub (index .Alerts 1).StartsAt }}',
      'true 1m0s',
    ],
    ['{{ (index .Alerts 1).StartsAt.Format "Mon 02 Jan 15:04" }}', 'Thu 01 Jan 00:00'],
    ['{{ date "15:04 MST" (tz "Europe/Berlin" (index .Alerts 0).StartsAt) }}', '01:00 CET'],
    ['{{ humanizeDuration (since (index .Alerts 0).StartsAt).Seconds }}', '1h 0m 0s'],
    ['{{ routeLabels "team" }}{{ routeLabels "none" }}|{{ .RouteLabels.team }}', 'x|x'],
    [
      '{{ toJson (index .Alerts 1) }}',
      '{"status":"resolved","labels":{"alertname":"DiskFull","instance":"b","team":"x"},"annotations":{},' +
        '"startsAt":"2026-01-01T00:00:00Z","endsAt":"2026-01-01T00:01:00Z","generatorURL":"http://prometheus/graph",' +
        '"fingerprint":"5ae90ff6f82ebe6b"}',
    ],
    [
      '{{ printf "%T %T %T %T" . .Alerts .CommonLabels .CommonLabels.Names }}',
      '*template.Data template.Alerts template.KV template.Strings',
    ],
    ['{{ template "__subject" . }}', '[FIRING:1] DiskFull (x)'],
    ['{{ define "mine" }}<{{ .Status }}>{{ end }}{{ template "mine" . }}', '<firing>'],
  ])('%s', (source, text) => {
    expect(textOf(source, { ...mixed, routeLabels: { team: 'x' } })).toBe(text);
  });

  it('keeps the offset in which a time came', () => {
    const alerts = [anAlert({ startsAtOffsetMin: 120 })];
    expect(textOf('{{ (index .Alerts 0).StartsAt }}', { alerts })).toBe('2026-01-01 02:00:00 +0200 +0200');
  });

  it.each([
    [
      '{{ .Nonsense }}',
      'template: :1:3: executing "" at <.Nonsense>: can\'t evaluate field Nonsense in type *template.Data',
    ],
    ['{{ range .Alerts }}{{ .Severity }}{{ end }}', "can't evaluate field Severity in type template.Alert"],
    ['{{ template "none" . }}', 'template "none" not defined'],
    ['{{ nonsense }}', 'template: :1: function "nonsense" not defined'],
    ['{{ if }}', 'template: :1: missing value for if'],
    ['{{ tz "Nowhere" .Alerts.none }}', 'none'],
  ])('%s fails as in Go', (source, error) => expect(textOf(source, mixed)).toContain(error));

  it('escapes for HTML where it stands', () => {
    const alerts = [anAlert({ generatorURL: 'javascript:x', annotations: { summary: '<b>&"' } })];
    const source =
      '{{ range .Alerts }}<a href="{{ .GeneratorURL }}" title="{{ .Annotations.summary }}">{{ .Annotations.summary }}</a>{{ safeHtml "<i>" }}{{ end }}';
    expect(textOf(source, { alerts }, 'html')).toBe(
      '<a href="#ZgotmplZ" title="&lt;b&gt;&amp;&#34;">&lt;b&gt;&amp;&#34;</a><i>',
    );
  });
});

describe('files of templates', () => {
  it('may redefine what is built in, for both engines', () => {
    const templates = new GoTemplates(() => NOW);
    expect(templates.add('own.tmpl', '{{ define "__subject" }}mine & {{ .Status }}{{ end }}')).toBeNull();
    const run = templates.of(new NotificationFacts(aNotification(), 'team', ''));
    expect(run.text('{{ template "slack.default.title" . }}')).toEqual({ ok: true, text: 'mine & firing' });
    expect(run.html('{{ template "email.default.subject" . }}')).toEqual({ ok: true, text: 'mine & firing' });
  });

  it('say what is wrong with them', () => {
    expect(new GoTemplates(() => NOW).add('own.tmpl', '{{ define "x" }}\n{{ end')).toBe(
      'template: own.tmpl:2: unclosed action',
    );
  });
});

describe('the built-in templates', () => {
  const all = { alerts: [fires, isOver] };
  it.each([
    ['slack.default.fallback', '[FIRING:1] DiskFull (x) | http://tocsin.test/#/alerts?receiver=team%5C.x'],
    ['__text_alert_list', 'failed: template: default.tmpl:'],
    [
      'opsgenie.default.description',
      '\nAlerts Firing:\nLabels:\n - alertname = DiskFull\n - instance = a\n - team = x\nAnnotations:\n - summary = Disk is full\n' +
        'Source: http://prometheus/graph\n\nAlerts Resolved:\nLabels:\n - alertname = DiskFull\n - instance = b\n - team = x\nAnnotations:\n' +
        'Source: http://prometheus/graph\n',
    ],
    ['jira.default.priority', ''],
  ])('%s', (name, text) => {
    expect(textOf(`{{ template "${name}" . }}`, all)).toContain(text);
  });

  it.each([
    ['critical', 'info', 'High'],
    ['info', 'warning', 'Medium'],
    ['info', 'other', 'Low'],
  ])('know the priority of %s and %s', (a, b, priority) => {
    const alerts = [a, b].map((severity) => anAlert({ labels: { severity } }));
    expect(textOf('{{ template "jira.default.priority" . }}', { alerts })).toBe(priority);
    const over = alerts.map((alert) => ({ ...alert, endsAtMs: 1 }));
    expect(textOf('{{ template "jira.default.priority" . }}', { alerts: over })).toBe(priority);
  });

  it('have a mail for every group', () => {
    const mail = textOf('{{ template "email.default.html" . }}', all, 'html');
    expect(mail).toContain('2 alerts for alertname=DiskFull');
    expect(mail).toContain('href="http://tocsin.test/#/alerts?receiver=team%5C.x"');
    expect(mail).toContain('[1] Firing');
    expect(mail).toContain('[1] Resolved');
  });

  it('have one for 1 000 alerts', () => {
    const alerts = Array.from({ length: 1_000 }, (_, n) => anAlert({ labels: { alertname: 'a', instance: `${n}` } }));
    expect(textOf('{{ template "email.default.html" . }}', { alerts }, 'html')).toContain('instance = 999<br>');
  });
});
