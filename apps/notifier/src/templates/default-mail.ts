const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const LINK = 'color:#1a6fb5';
const CELL = `${FONT};font-size:14px;line-height:1.6`;

/** Mail programs know few style sheets: what matters stands in the elements, the rest makes it pleasant. */
const STYLE = [
  ':root{color-scheme:light dark}',
  '@media (max-width:640px){.sheet{width:100%!important;border-radius:0!important}.pad{padding:16px!important}}',
  '@media (prefers-color-scheme:dark){',
  'body,.page{background:#16181b!important}',
  '.sheet{background:#202327!important;border-color:#3a3f45!important}',
  '.text{color:#e4e6e8!important}.text a{color:#7cb8ea!important}',
  '.foot a{color:#8d949c!important}',
  '}',
].join('');

function banner(color: string): string {
  const count = '{{ len .Alerts }} alert{{ if gt (len .Alerts) 1 }}s{{ end }}';
  const group = '{{ range .GroupLabels.SortedPairs }} {{ .Name }}={{ .Value }}{{ end }}';
  return (
    `<td bgcolor="${color}" align="center" style="${FONT};background:${color};color:#ffffff;padding:20px;font-size:16px">` +
    `${count} for${group}</td>`
  );
}

function row(content: string): string {
  return `<tr><td class="text" style="${CELL};color:#24282c;padding:0 0 20px">${content}</td></tr>\n`;
}

function pairs(list: string): string {
  return `{{ range ${list}.SortedPairs }}{{ .Name }} = {{ .Value }}<br>\n{{ end }}`;
}

function section(name: string, list: string): string {
  const alerts = `{{ range ${list} }}{{ template "__email_alert" . }}{{ end }}`;
  return `{{ if ${list} }}${row(`<strong>[{{ len ${list} }}] ${name}</strong>`)}${alerts}{{ end }}`;
}

const ALERT = row(
  `<strong>Labels</strong><br>\n${pairs('.Labels')}` +
    `{{ if .Annotations }}<strong>Annotations</strong><br>\n${pairs('.Annotations')}{{ end }}` +
    `<a href="{{ .GeneratorURL }}" style="${LINK}">Source</a>`,
);

const BUTTON =
  `<a href="{{ template "__alertmanagerURL" . }}" style="${FONT};display:inline-block;background:#1a6fb5;` +
  'color:#ffffff;text-decoration:none;font-size:14px;font-weight:bold;padding:12px 20px;border-radius:5px">' +
  'View in {{ template "__alertmanager" . }}</a>';

const BOTH = '{{ if and .Alerts.Firing .Alerts.Resolved }}<tr><td style="padding:0 0 20px"><hr></td></tr>{{ end }}';

const PAGE = `
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ template "__subject" . }}</title>
<style>${STYLE}</style>
</head>
<body style="margin:0;background:#f3f4f6">
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center">
<table class="sheet" role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:600px;max-width:100%;margin:20px 0;background:#ffffff;border:1px solid #dfe2e6;border-radius:4px">
<tr>{{ if .Alerts.Firing }}${banner('#c8401f')}{{ else }}${banner('#3f7d20')}{{ end }}</tr>
<tr><td class="pad" style="padding:30px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
${row(BUTTON)}${section('Firing', '.Alerts.Firing')}${BOTH}${section('Resolved', '.Alerts.Resolved')}</table>
</td></tr>
</table>
<p class="foot" style="${FONT};font-size:12px;padding:0 0 20px"><a href="{{ .ExternalURL }}" style="color:#6b7280">Sent by {{ template "__alertmanager" . }}</a></p>
</td></tr></table>
</body>
</html>
`;

/** The mail in HTML: it says what Alertmanager's does, laid out for phones and for dark screens, too. */
export const MAIL_TEMPLATES: Readonly<Record<string, string>> = {
  __email_alert: ALERT,
  'email.default.html': PAGE,
};
