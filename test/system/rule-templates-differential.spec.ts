import { afterAll, expect, it } from 'vitest';
import { Exporter } from '../support/exporter';
import { Prometheus } from '../support/prometheus';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { startEvaluator } from '../support/tocsin';
import { waitFor } from '../support/wait-for';

const started = new Started();
afterAll(() => started.stopAll());

/** Debian's Prometheus is 2.42: what came later (`now`, `toDuration`, `urlQueryEscape`, …) is in rule-template.spec.ts. */
const TEMPLATES: readonly string[] = [
  'plain text }}',
  '{{ $value }} {{ .Value }} {{ $value | printf "%.3f" }} {{ printf "%T" $value }}',
  '{{ $labels.host }} {{ .Labels.host }} {{ index $labels "host" }} {{ $labels.__name__ }} {{ $labels.job }}',
  '<{{ $labels.nope }}{{ index .Labels "nope" }}>',
  '{{ $labels }} {{ len $labels }}',
  '{{ . }}',
  '{{ $externalLabels }} {{ .ExternalLabels.cluster }} <{{ $externalLabels.nope }}>',
  '{{ $externalURL }} {{ .ExternalURL }} {{ externalURL }} {{ pathPrefix }}',
  '{{ humanize $value }}',
  '{{ $value | humanize1024 }}',
  '{{ $value | humanizeDuration }}',
  '{{ $value | humanizePercentage }}',
  '{{ $value | humanizeTimestamp }}',
  '{{ humanize "1234567" }} {{ humanize 12 }} {{ humanize1024 "0x400" }} {{ humanizeDuration "899.99" }}',
  '{{ humanize $labels.host }}',
  '{{ humanize $labels }}',
  '{{ humanize nil }}',
  '{{ ($value | toTime).Year }}',
  '{{ ($value | toTime).Format "2006-01-02T15:04:05.000Z07:00 Mon" }}',
  '{{ with $value | toTime }}{{ .Unix }} {{ .Weekday }} {{ .UTC }}{{ end }}',
  '{{ parseDuration "2h10m15s" }} {{ parseDuration "1d" | humanizeDuration }}',
  '{{ parseDuration "soon" }}',
  '{{ toUpper $labels.host }} {{ $labels.case | toUpper | toLower }}',
  '{{ title "aa bB CC x-y it is" }}',
  '{{ stripPort $labels.host }} {{ stripPort "[2001:0DB8::1]:12345" }} {{ stripPort "x" }}',
  '{{ stripDomain $labels.host }} {{ stripDomain "1.2.3.4:80" }} {{ stripDomain "a.b" }} {{ stripDomain "[::1]:80" }}',
  '{{ reReplaceAll "(.*):(.*)" "$2-${1}" $labels.host }} {{ reReplaceAll "(?P<n>[a-z]+)" "<${n}>" $labels.host }}',
  '{{ reReplaceAll "(" "" "x" }}',
  '{{ match "^db-[0-9]+" $labels.host }} {{ if match "9100$" $labels.host }}yes{{ else }}no{{ end }}',
  '{{ match "(" "x" }}',
  '{{ graphLink "sum(rate(x[5m])) by (a) > 1 && \\"ü\\"" }} {{ tableLink "up{job=~\'a|b\'}" }}',
  '{{ safeHtml "<b>&" }} {{ "<b>&\'" | html }} {{ "a b&c" | urlquery }} {{ "it\'s <x>" | js }}',
  '{{ args 1 "x" $value }} {{ (args 1 2).arg1 }} {{ (args 1).arg5 }}',
  '{{ range $k, $v := args "a" "b" }}{{ $k }}={{ $v }};{{ end }}',
  '{{ define "x" }}<{{ .arg0 }} {{ .arg1 }}>{{ end }}{{ template "x" (args $labels.case $value) }}',
  '{{ block "y" . }}{{ .Value }}{{ end }}',
  '{{ template "nope" }}',
  '{{ range query "probe" | sortByLabel "case" }}{{ .Labels.case }}={{ .Value }} {{ end }}',
  '{{ with query "probe{case=\'ratio\'}" }}{{ . | first | value }} {{ . | first | label "host" }}{{ end }}',
  '{{ query (printf "probe{case=%q}" $labels.case) | first | value | humanize }}',
  '{{ query "probe{case=\'nope\'}" | first }}',
  '{{ range query "probe{case=\'nope\'}" }}x{{ else }}none{{ end }}',
  '{{ query "scalar(probe{case=\'ratio\'})" | first | value }} {{ len (query "probe") }}',
  '{{ range query "probe{case=\'ratio\'}" }}{{ with query (printf "count(probe{host=%q})" .Labels.host) }}{{ . | first | value }}{{ end }}{{ end }}',
  "{{ query \"label_replace(vector(1), '__value__', 'text', '', '')\" | first | strvalue }}",
  '{{ (query "probe{case=\'ratio\'}" | first).Labels }}',
  '{{ query 5 }}',
  '{{ query "(" }}',
  '{{ query "probe[5m]" }}',
  '{{ query "\'text\'" }}',
  "{{ query \"label_replace(probe, 'host', 'x', 'host', '(')\" }}",
  '{{ first $labels }}',
  '{{ label "x" $labels.host }}',
  '{{ if gt $value 1.0 }}more{{ else if eq $value 0.0 }}zero{{ else }}less{{ end }}',
  '{{ if gt $value 1 }}more{{ end }}',
  '{{ and $value $labels.nope }} {{ or $labels.nope "else" }} {{ not $value }}',
  '{{ slice $labels.host 0 4 }} {{ len $labels.host }}',
  '{{ slice $labels.host 90 }}',
  '{{ printf "%5.1f|%-8s|%08.3f|%e|%g|%v|%q|%x" $value $labels.case $value $value $value $value $labels.host $labels.case }}',
  '{{ printf "%d %s %!" $value 5 }} {{ print 1 2 "a" "b" $value }} {{ println "x" }}',
  '{{ $x := $value }}{{ range $i, $c := args 1 2 }}{{ $x = $c }}{{ end }}{{ $x }}',
  'a {{- /* why */ -}} b {{- " " -}} c\n\n  {{- $labels.case }}',
  '{{ .Nope }}',
  '{{ $labels.host.deeper }}',
  'first line\n{{ $value.deeper }}',
  '{{ call $value }}',
  '{{ lt $value "x" }}',
  '{{ 0x10 }} {{ 1_000 }} {{ 1e3 }} {{ \'a\' }} {{ "\\u00fc\\n" }} {{ `raw\\n` }} {{ true }}',
];

const SERIES: readonly (readonly [string, string, number])[] = [
  ['ratio', 'db-1.example.com:9100', 0.959],
  ['million', 'db-2.example.com:9100', 1_234_567],
  ['time', '10.0.0.7:80', 1_643_114_203.128],
  ['tiny', 'ü.example.com', 0.000012345],
  ['minutes', 'db-1', -899.99],
  ['zero', 'a.b.c:1', 0],
  ['nan', '[::1]:80', NaN],
  ['inf', 'x:y:z', Infinity],
  ['huge', '', 1.5e300],
];

const names = TEMPLATES.map((_, at) => `t${String(at).padStart(2, '0')}`);
const annotations = Object.fromEntries(TEMPLATES.map((text, at) => [names[at], text]));
const labels = {
  size: '{{ if gt $value 1.0 }}big{{ else }}small{{ end }}',
  said: 'is {{ $value | humanize }}',
  bad: '{{ .No }}',
};
const RULES = JSON.stringify({
  groups: [
    {
      name: 'templates',
      interval: '1s',
      rules: [
        { alert: 'Templates', expr: 'probe', labels, annotations },
        {
          alert: 'Other "name"',
          expr: 'probe{case="zero"} == 0',
          annotations: { text: '{{ .Labels.case }} {{ .No }}' },
        },
      ],
    },
  ],
});

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Go says more in newer releases, and the value may be a histogram. */
function asIn242(text: string): string {
  return text
    .replaceAll('Value interface {} }', 'Value float64 }')
    .replaceAll('non-function $value of type', 'non-function of type')
    .replaceAll(/(incompatible types for comparison): \w+ and \w+/g, '$1');
}

/** By labels. */
async function alertsOf(url: string): Promise<ReadonlyMap<string, Alert['annotations']> | null> {
  const response = await fetch(`${url}/api/v1/alerts`);
  const { data } = JSON.parse(asIn242(await response.text())) as { data: { alerts: Alert[] } };
  if (data.alerts.length <= SERIES.length) return null;
  const texts = data.alerts.map((alert): [string, Alert['annotations']] => [
    JSON.stringify(Object.entries(alert.labels).sort()),
    alert.annotations,
  ]);
  return new Map(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function startBoth(rules: string) {
  const exporter = await started.add(Exporter.start());
  for (const [name, host, value] of SERIES) exporter.set(`probe{case="${name}",host="${host}"}`, value);
  const externalLabels = { cluster: 'eu', replica: 'a b' };
  const externalUrl = '--web.external-url=http://mon.example.com:9090/prom/';
  const folder = await started.add(new TempFolder());
  const config = folder.write('prometheus.yml', JSON.stringify({ global: { external_labels: externalLabels } }));
  const flags = [externalUrl, '--web.route-prefix=/'];
  const theirs = await started.add(Prometheus.start({ scrape: exporter.address, rules, externalLabels, flags }));
  const ours = await started.add(
    startEvaluator({ rules, datasourceUrl: theirs.url, flags: [`--config.file=${config}`, externalUrl] }),
  );
  return { theirs, ours };
}

it('expands the templates of a rule file as a real Prometheus does', async () => {
  const { theirs, ours } = await startBoth(RULES);
  const limits = { limitMs: 60_000, everyMs: 500 };
  const wanted = await waitFor('alerts of Prometheus', () => alertsOf(theirs.url), limits);
  const got = await waitFor('alerts of ours', () => alertsOf(ours.evaluatorUrl), limits);
  expect([...got.keys()]).toEqual([...wanted.keys()]);
  const differences: unknown[] = [];
  for (const [key, texts] of wanted) {
    for (const name of Object.keys(texts)) {
      const mine = got.get(key)?.[name];
      if (mine !== texts[name]) differences.push([annotations[name], { theirs: texts[name], ours: mine }]);
    }
  }
  expect(differences).toEqual([]);
  expect(wanted.size * TEMPLATES.length).toBeGreaterThan(500);
});
