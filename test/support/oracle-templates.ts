/** Template texts for what Alertmanager 0.25 gives to templates; the data is that of `template-oracle.spec.ts`. */
export const ORACLE_TEXTS: readonly string[] = [
  // Data and its methods.
  '{{ .Receiver }}|{{ .Status }}|{{ .ExternalURL }}',
  '{{ len .Alerts }} {{ len .Alerts.Firing }} {{ len .Alerts.Resolved }} {{ .Alerts.Firing | len }}',
  '{{ range .Alerts }}{{ .Status }}:{{ .Fingerprint }}:{{ .GeneratorURL }};{{ end }}',
  '{{ range .Alerts.Resolved }}{{ .Labels.instance }}{{ end }}',
  '{{ range $n, $a := .Alerts }}{{ $n }}={{ $a.Labels.instance }},{{ end }}',
  '{{ .CommonLabels.Names }} {{ .CommonLabels.Values }}',
  '{{ range .CommonLabels.SortedPairs }}[{{ .Name }}|{{ .Value }}]{{ end }}',
  '{{ .CommonLabels.SortedPairs.Names }}{{ .CommonLabels.SortedPairs.Values | join ":" }}',
  '{{ (.CommonLabels.Remove .GroupLabels.Names).Values | join " " }}',
  '{{ (.CommonLabels.Remove (stringSlice "job" "none")).Names }}',
  '{{ .CommonLabels.alertname }}{{ .CommonLabels.none }}|{{ index .CommonLabels "job" }}|{{ index .CommonLabels "none" }}|',
  '{{ range $k, $v := .CommonAnnotations }}{{ $k }}: {{ $v }}\n{{ end }}',
  '{{ with .CommonAnnotations.none }}{{ . }}{{ else }}nothing{{ end }}',
  '{{ (index .Alerts 0).Labels.SortedPairs.Names }} {{ (index .Alerts 1).Annotations.summary }}',
  '{{ len .CommonLabels }} {{ len .CommonLabels.SortedPairs }} {{ len .CommonLabels.Names }} {{ len .Status }}',
  '{{ printf "%T %T %T %T" .Alerts .CommonLabels .CommonLabels.SortedPairs .Alerts.Firing }}',
  '{{ printf "%T %T" (index .Alerts 0) (index .Alerts 0).StartsAt }}',
  '{{ printf "%v %q" .GroupLabels.Names .CommonLabels.Values }}',
  // Times.
  '{{ range .Alerts }}{{ .StartsAt }} {{ .EndsAt }} {{ .EndsAt.IsZero }};{{ end }}',
  '{{ (index .Alerts 0).StartsAt.Format "Monday, 02-Jan-06 15:04:05 MST" }}',
  '{{ (index .Alerts 0).StartsAt.Format "2006-01-02T15:04:05.000000Z07:00 __2 002 Jan _2 3:4:5pm" }}',
  '{{ (index .Alerts 1).StartsAt.UTC.Format "Jan _2 15:04:05.999" }} {{ (index .Alerts 1).StartsAt.Format "-07 -0700 Z0700 MST" }}',
  '{{ (index .Alerts 1).EndsAt.Sub (index .Alerts 1).StartsAt }} {{ ((index .Alerts 1).EndsAt.Sub (index .Alerts 1).StartsAt).Seconds }}',
  '{{ (index .Alerts 0).StartsAt.Unix }} {{ (index .Alerts 0).StartsAt.UnixNano }} {{ (index .Alerts 0).StartsAt.UnixMilli }}',
  '{{ with (index .Alerts 0).StartsAt }}{{ .Year }} {{ .Month }} {{ .Day }} {{ .Weekday }} {{ .YearDay }} {{ .Hour }}:{{ .Minute }}:{{ .Second }}.{{ .Nanosecond }}{{ end }}',
  '{{ (index .Alerts 0).StartsAt.Before (index .Alerts 1).EndsAt }} {{ (index .Alerts 0).StartsAt.Equal (index .Alerts 0).StartsAt }}',
  '{{ (index .Alerts 1).StartsAt.String }} {{ printf "%s|%v" (index .Alerts 0).StartsAt.Month (index .Alerts 0).StartsAt.Weekday }}',
  '{{ printf "%d" (index .Alerts 0).StartsAt.Month }} {{ ((index .Alerts 1).EndsAt.Sub (index .Alerts 1).StartsAt).Round 60000000000 }}',
  '{{ ((index .Alerts 0).StartsAt.AddDate 0 1 -3).Format "2006-01-02" }} {{ ((index .Alerts 0).StartsAt.Truncate 3600000000000).Format "15:04:05" }}',
  // Functions of Alertmanager.
  '{{ toUpper "aß ÿ ǆ" }} {{ "ÀÉ İ" | toLower }} {{ title "hello wORLD, it\'s o\'neill-smith ǆ" }}',
  '{{ join ", " .CommonLabels.Values }} {{ stringSlice "a" "b" | join "-" }} {{ stringSlice }} {{ len (stringSlice "x") }}',
  '{{ match "^a.c$" "abc" }} {{ match "(?i)ABC" "xabcx" }} {{ match "^b" "abc" }} {{ match "" "" }} {{ match "\\\\d{3}" "a123" }}',
  '{{ reReplaceAll "a(x*)b" "${1}W" "-ab-axxb-" }} {{ reReplaceAll "a(x*)b" "$1W" "-ab-axxb-" }} {{ reReplaceAll "" "-" "abc" }}',
  '{{ reReplaceAll "(?P<first>[a-z]+)-(?P<second>[a-z]+)" "$second/$first$$" "one-two three-four" }}',
  '{{ reReplaceAll "\\\\s+" " " "a \\n\\t b" }} {{ "a.b.c" | reReplaceAll "\\\\." "_" }} {{ reReplaceAll "[äö]" "<$0>" "xäyözü" }}',
  '{{ safeHtml "<b>" }} {{ .CommonLabels.job | safeHtml }}',
  // Go's own functions.
  '{{ and 1 0 2 }} {{ and 1 2 }} {{ or 0 "" "x" }} {{ or 0 "" }} {{ not 0 }} {{ not "x" }} {{ and .Status .Receiver }}',
  '{{ eq 1 1 }} {{ eq 1 2 3 1 }} {{ ne "a" "b" }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt 2.5 1.5 }} {{ ge "b" "a" }} {{ eq .Status "firing" }}',
  '{{ index (stringSlice "a" "b") 1 }} {{ slice "abcdef" 2 }} {{ slice "abcdef" 1 3 }} {{ slice .CommonLabels.Names 1 }}',
  '{{ print 1 2 "a" 3 4 "b" true nil }} {{ print }} {{ println 1 "a" }}{{ print 1.0 1e20 1e21 1e-7 0.1 }}',
  '{{ html "<a href=\'x\'>&\\"" }} {{ js "it\'s <b> \\"x\\" \\n & = é \\u2028" }} {{ urlquery "a b&c=d/é?" }}',
  '{{ html 1 "<" 2 }} {{ urlquery 1 " " 2 }} {{ js 1 "\'" }}',
  '{{ printf "%d %5d|%-5d|%05d %+d %x %X %o %b %c %q %U" 42 42 42 42 42 255 255 8 5 65 65 128512 }}',
  '{{ printf "%s|%10s|%-10s|%.2s|%q|%x|% x|%#q" "héllo" "héllo" "héllo" "héllo" "h\\"é\\n" "hé" "hé" "a" }}',
  '{{ printf "%f %.2f %8.3f|%-8.1f|%e %E %g %G %+.1f" 3.14159 3.14159 3.14159 3.14159 31415.9 31415.9 1e21 1e-7 2.0 }}',
  '{{ printf "%t %v %v %v %T %T %T %T" true true nil 1.5 1 1.5 "a" true }}',
  '{{ printf "%[2]d %[1]d %d %*d" 1 2 6 7 }} {{ printf "%%" }} {{ printf "%d" "a" }} {{ printf "%s" 1 }} {{ printf "%d" }} {{ printf "x" 1 }} {{ printf "%!" }} {{ printf "%z" 1 }}',
  '{{ printf "%v %+v %#v" (stringSlice "a" "b") (stringSlice "a") (stringSlice "a" "b") }} {{ printf "%6.2f%%" 12.345 }}',
  '{{ printf "%5t|%-7v|%07.2f|%+q|%#x|%x" true "ab" -1.5 "é" "hi" -255 }} {{ printf "%3c|%-3c|" 65 66 }}',
  '{{ len "héllo" }} {{ len "" }} {{ len (slice "abc" 1) }}',
  // Literals.
  '{{ 1 }} {{ -1 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1.5 }} {{ 1e3 }} {{ .5 }} {{ 1. }}',
  "{{ 'a' }} {{ '\\n' }} {{ '\\u00e9' }} {{ '\\x41' }} {{ true }} {{ false }}",
  '{{ "a\\tb\\"c\\\\" }} {{ `raw "x" \\n` }} {{ "\\u00e9\\x41\\101" }} {{ "" }}|',
  '{{ 9223372036854775807 }} {{ -9223372036854775808 }} {{ 0.1 }} {{ 100000000.0 }} {{ 1e6 }} {{ 1e5 }} {{ 123456789.0 }} {{ 1e100 }}',
  // Control.
  '{{ if .Alerts.Firing }}a{{ else }}b{{ end }}{{ if not .Alerts.Resolved }}c{{ end }}{{ if eq 1 2 }}x{{ else if eq 1 1 }}y{{ else }}z{{ end }}',
  '{{ if "" }}1{{ else }}0{{ end }}{{ if 0 }}1{{ else }}0{{ end }}{{ if 0.0 }}1{{ else }}0{{ end }}{{ if .CommonLabels }}1{{ end }}{{ if stringSlice }}1{{ else }}0{{ end }}',
  '{{ range stringSlice }}x{{ else }}empty{{ end }} {{ range stringSlice "a" "b" }}{{ . }}{{ $.Status }}{{ end }}',
  '{{ range .Alerts }}{{ if eq .Status "resolved" }}{{ continue }}{{ end }}{{ .Labels.instance }}{{ break }}{{ end }}',
  '{{ range $i, $x := stringSlice "a" "b" "c" }}{{ if $i }}, {{ end }}{{ $i }}{{ $x }}{{ end }}',
  '{{ with $x := "a" }}{{ $x }}{{ . }}{{ end }}{{ with .Status }}{{ . }}{{ $.Receiver }}{{ end }}',
  '{{ with "" }}a{{ else }}b{{ end }}{{ with 0 }}a{{ else }}{{ .Status }}{{ end }}',
  '{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ $y }}{{ end }}{{ $x }}{{ $x := "n" }}{{ $x }}',
  '{{ $sum := "" }}{{ range .Alerts }}{{ $sum = print $sum .Labels.instance ";" }}{{ end }}{{ $sum }}',
  '{{ range $i, $_ := .Alerts }}{{ range $j, $__ := $.Alerts }}{{ $i }}{{ $j }} {{ end }}{{ end }}',
  '{{ define "T" }}<{{ . }}>{{ end }}{{ template "T" .Status }}{{ template "T" }}{{ template "T" 1.5 }}',
  '{{ block "B" .Receiver }}[{{ . }}]{{ end }}{{ template "B" "again" }}',
  '{{ define "R" }}{{ if . }}{{ len . }}{{ template "R" (slice . 1) }}{{ end }}{{ end }}{{ template "R" "abc" }}',
  // White space and comments.
  'a  {{- 1 -}}  b {{- /* c */ -}}  d {{/* e */}} f',
  '  {{- "x" }}\n\n{{ "y" -}}  \n z',
  'a\n{{- range stringSlice "1" "2" }}\n  {{ . -}}\n{{ end }}\nb',
  '{{ "{{" }} }} { {{ "}}" }} {{"a"}}{{"b"}}',
  '{{- "" -}}',
  // Pipelines.
  '{{ "a" | printf "%s-%s" "b" }} {{ 1 | printf "%d" | printf "%q" }} {{ .Status | len | printf "%03d" }}',
  '{{ ("x") }} {{ (len "abc") }} {{ (printf "%d" 1) | len }} {{ ((index .Alerts 0)).Status }} {{ (index .Alerts 0).Labels.job | toUpper }}',
  '{{ $x := index .Alerts 0 }}{{ $x.Labels.instance }} {{ $x.Status | toUpper }} {{ $.Status }} {{ with $x }}{{ .Labels.job }}{{ end }}',
  '{{ eq (len .Alerts) (len .Alerts.Firing) }} {{ gt (len .Alerts) 1 }} {{ and (eq .Status "firing") (not (eq .Receiver "x")) }}',
  '{{ template "own" .Status }}{{ template "own" (index .Alerts 0).Labels.job }}',
];

/** Alertmanager's templates of the version that amtool has. */
const NAMES = [
  ...['__subject', '__description', '__alertmanager', '__alertmanagerURL'],
  ...['title', 'fallback', 'text', 'username', 'titlelink', 'footer'].map((name) => `slack.default.${name}`),
  ...['callbackid', 'pretext', 'iconemoji', 'iconurl'].map((name) => `slack.default.${name}`),
  ...['description', 'client', 'clientURL'].map((name) => `pagerduty.default.${name}`),
  ...['message', 'description', 'source'].map((name) => `opsgenie.default.${name}`),
  ...['state_message', 'entity_display_name', 'monitoring_tool'].map((name) => `victorops.default.${name}`),
  ...['message', 'to_user', 'to_party', 'to_tag', 'agent_id'].map((name) => `wechat.default.${name}`),
  ...['title', 'message', 'url'].map((name) => `pushover.default.${name}`),
  ...['sns.default.subject', 'sns.default.message', 'telegram.default.message', 'webex.default.message'],
  ...['discord.default.title', 'discord.default.message', 'email.default.subject'],
];

/** A call of each. */
export const ORACLE_DEFAULTS: readonly string[] = [
  ...NAMES.map((name) => `{{ template "${name}" . }}`),
  '{{ template "__text_alert_list" .Alerts }}{{ template "pagerduty.default.instances" .Alerts.Firing }}',
];

/** The same for html/template. */
export const ORACLE_HTML: readonly string[] = [
  '<b>{{ .CommonAnnotations.summary }}</b>',
  '<a href="{{ .ExternalURL }}?q={{ .CommonAnnotations.summary }}" title="{{ .CommonAnnotations.summary }}">x</a>',
  "<a href='{{ (index .Alerts 0).GeneratorURL }}' title={{ .CommonAnnotations.summary }}>x</a>",
  '<a href="{{ .CommonAnnotations.link }}">{{ .CommonAnnotations.link }}</a>',
  '<a href="/x/{{ .CommonAnnotations.summary }}">y</a><img src="{{ .CommonAnnotations.link }}">',
  '<p style="color: {{ .Status }}; width: {{ .CommonAnnotations.summary }}">x</p>',
  '<script>var a = {{ .CommonAnnotations.summary }}, b = {{ len .Alerts }}, c = "{{ .CommonAnnotations.summary }}";</script>',
  '<script>var a = {{ .GroupLabels.Names }}; f({{ .Alerts.Firing | len }}, {{ true }}, {{ 1.5 }})</script>',
  '<a onclick="f({{ .CommonAnnotations.summary }})">x</a>',
  '<textarea>{{ .CommonAnnotations.summary }}</textarea><title>{{ .CommonAnnotations.summary }}</title>',
  '{{ safeHtml "<i>" }}{{ "<i>" }}{{ .CommonAnnotations.summary | safeHtml }}',
  '<p title="{{ safeHtml .CommonAnnotations.summary }}" {{ "checked" }} data-x="{{ .CommonAnnotations.summary }}">',
  '{{ .CommonAnnotations.summary | html }} {{ .CommonAnnotations.summary | urlquery }} {{ html .CommonAnnotations.summary | len }}',
  '<!-- {{ .Status }} comment -->x<style>p { color: {{ .Status }} }</style>',
  '{{ range .CommonLabels.SortedPairs }}<li id="{{ .Name }}">{{ .Value }}</li>{{ end }}',
  '{{ if .Alerts.Firing }}<a href="{{ .ExternalURL }}">{{ else }}<a href="#">{{ end }}x</a>',
  '{{ define "cell" }}<td title="{{ . }}">{{ . }}</td>{{ end }}{{ template "cell" .CommonAnnotations.summary }}{{ template "own" "<x>" }}',
  '{{ printf "<%s>" .Status }} {{ print "a" "<" 1 }} {{ (index .Alerts 0).StartsAt }} {{ nil | printf "%v" }}',
  '<img srcset="{{ .ExternalURL }} 2x, {{ .CommonAnnotations.link }}"><form action="{{ .CommonAnnotations.link }}">',
  '<svg><text>{{ .CommonAnnotations.summary }}</text></svg> &amp; {{ "&amp;" }} \'{{ "\'" }}\'',
];

/** What fails, in Go's words. */
export const ORACLE_ERRORS: readonly string[] = [
  '{{ .Nonsense }}',
  'a\n  {{ .Status.Nonsense }}',
  '{{ range .Alerts }}{{ .Severity }}{{ end }}',
  '{{ (index .Alerts 0).Labels.SortedPairs.Nonsense }}',
  '{{ template "none" . }}',
  '{{ nonsense }}',
  '{{ if }}x{{ end }}',
  '{{ if true }}',
  '{{ end }}',
  '{{ else }}',
  '{{ range .Alerts }}{{ else }}{{ else }}{{ end }}',
  '{{ "unclosed }}',
  '{{ .Status',
  '{{ 1 2 }}',
  '{{ $x }}',
  '{{ $x = 1 }}',
  '{{ break }}',
  '{{ index .Alerts 7 }}',
  '{{ index .Alerts "a" }}',
  '{{ index .Status 100 }}',
  '{{ slice .Status 3 1 }}',
  '{{ slice .Status 0 100 }}',
  '{{ len 1 }}',
  '{{ len nil }}',
  '{{ eq (stringSlice "a") (stringSlice "a") }}',
  '{{ toUpper 1 }}',
  '{{ toUpper }}',
  '{{ toUpper "a" "b" }}',
  '{{ match "(" "a" }}',
  '{{ range 1.5 }}{{ end }}',
  '{{ .Alerts.Firing 1 }}',
  '{{ .CommonLabels.Remove "x" }}',
  '{{ (index .Alerts 0).StartsAt.Format }}',
  '{{ (index .Alerts 0).StartsAt.Format 1 }}',
  '{{ nil }}',
  '{{ call nil }}',
  '{{ define "x" }}{{ .Foo }}{{ end }}\n{{ template "x" . }}',
  '{{ printf }}',
  '{{ 1 | 2 }}',
  '{{ "a" | "b" }}',
  '{{ .Status | .Receiver }}',
  '{{ 99999999999999999999 }}',
  "{{ 'ab' }}",
  '{{ "\\q" }}',
  '{{ /* x }}',
  '{{ a.b }}',
  '{{ .a. }}',
  '{{ ( }}',
  '{{ (1 }}',
  '{{ @ }}',
  '{{ define x }}{{ end }}',
  '{{ template x }}',
  '{{ .Status := 1 }}',
  '{{ with $x, $y := 1 }}{{ end }}',
  '{{ range $a, $b, $c := .Alerts }}{{ end }}',
  '{{ not }}',
  '{{ and }}',
  '{{ index }}',
];

/** What comes out otherwise here. */
export interface Difference {
  readonly text: string;
  readonly ours: string;
  readonly why: string;
}

const laterStrings = 'later versions have a type of their own for lists of texts, with Join';
const laterGo = 'later versions of Go say more';

export const ORACLE_DIFFERENCES: readonly Difference[] = [
  { text: '{{ .GroupLabels.Names.Join "+" }}', ours: 'alertname', why: laterStrings },
  { text: '{{ .CommonLabels.SortedPairs.Values.Join ":" }}', ours: 'DiskFull:node', why: laterStrings },
  { text: '{{ printf "%T" .CommonLabels.Names }}', ours: 'template.Strings', why: laterStrings },
  {
    text: '{{ .CommonLabels }}',
    ours: 'alertname=DiskFull, job=node',
    why: 'later versions print labels so, earlier ones as a map',
  },
  { text: '{{ .GroupLabels.SortedPairs }}', ours: 'alertname=DiskFull', why: 'the same of pairs' },
  {
    text: '{{ join "," 1 }}',
    ours: failure('3', 'join "," 1', 'error calling join: join expects a slice or array, got int'),
    why: 'later versions join any list',
  },
  {
    text: '{{ 1i }}',
    ours: 'template: :1: complex numbers are not supported: "1i"',
    why: 'nobody counts alerts in complex numbers',
  },
  {
    text: '{{ lt 1 "a" }}',
    ours: failure('3', 'lt 1 "a"', 'error calling lt: incompatible types for comparison: int and string'),
    why: laterGo,
  },
  {
    text: '{{ eq 1 "a" }}',
    ours: failure('3', 'eq 1 "a"', 'error calling eq: incompatible types for comparison: int and string'),
    why: laterGo,
  },
  {
    text: '{{ call 1 }}',
    ours: failure('3', 'call 1', 'error calling call: non-function 1 of type int'),
    why: laterGo,
  },
  { text: '{{ 1 ) }}', ours: 'template: :1: unexpected right paren', why: laterGo },
  { text: '{{ toJson 1 }}', ours: '1', why: 'a function of later versions, as are all that 0.25 does not know' },
];

function failure(column: string, place: string, reason: string): string {
  return `template: :1:${column}: executing "" at <${place}>: ${reason}`;
}
