import { describe, expect, it } from 'vitest';
import { Failure } from '@tocsin/go-template/value';
import { type Answer, Expansion, NO_ANSWERS } from './expansion';
import { parseRuleTemplate } from './rule-template';

const labels = { __name__: 'up', instance: 'db-1.example.com:9100', job: 'node', empty: '', ['__proto__']: 'odd' };
const external = { labels: { cluster: 'eu' }, url: 'http://mon.example.com:9090/prom' };

function expansion(answers: Readonly<Record<string, Answer>> = {}): Expansion {
  const known = new Map(Object.entries(answers));
  return new Expansion({ alert: 'A', slotMs: 1_643_114_203_128, external, answers: known, sampleCount: 1 });
}

function expanded(text: string, value = 0.95, using = expansion()): string {
  const parsed = parseRuleTemplate('A', text);
  if (!parsed.ok) return `refused: ${parsed.error}`;
  return using.expandAll([['text', parsed.template]], { labels, value }).texts['text'] ?? '';
}

const failed = (reason: string) =>
  `<error expanding template: error executing template __alert_A: template: __alert_A:1:${reason}>`;

describe('a template', () => {
  it.each([
    ['is plain text', 'nothing to expand }}', 'nothing to expand }}'],
    ['has the labels of the result', '{{ $labels.instance }}', 'db-1.example.com:9100'],
    ['has them in dot form', '{{ .Labels.instance }}', 'db-1.example.com:9100'],
    ['has the metric name', '{{ $labels.__name__ }}', 'up'],
    ['has nothing for a label that is missing', '<{{ $labels.nope }}{{ $labels.empty }}>', '<>'],
    ['has nothing of what objects inherit', '<{{ $labels.constructor }}>', '<>'],
    ['has labels called as what objects inherit', '{{ $labels.__proto__ }}', 'odd'],
    ['prints all labels', '{{ $externalLabels }} {{ len $labels }}', 'map[cluster:eu] 5'],
    ['has an external label', '{{ $externalLabels.cluster }}{{ .ExternalLabels.cluster }}', 'eueu'],
    ['has the external URL', '{{ $externalURL }} {{ .ExternalURL }}', `${external.url} ${external.url}`],
    ['knows the external URL as functions', '{{ externalURL }} {{ pathPrefix }}', `${external.url} /prom`],
    ['has no value for a key of `args` that is missing', '{{ (args 1).arg9 }}', '<no value>'],
    [
      'knows the time of the slot',
      '{{ now }} {{ now | toTime }}',
      '1.643114203128e+09 2022-01-25 12:36:43.128 +0000 UTC',
    ],
    ['trims', 'a  {{- $labels.job -}}\n b', 'anodeb'],
    ['may define others', '{{ define "x" }}<{{ . }}>{{ end }}{{ template "x" $labels.job }}', '<node>'],
    ['keeps markup', '{{ "<b>&" | safeHtml }}', '<b>&'],
    ['names the types of its data', '{{ printf "%T %T" $value $labels }}', 'float64 map[string]string'],
  ])('%s', (_, text, result) => {
    expect(expanded(text)).toBe(result);
  });

  // Rows of Prometheus' documentation and tests.
  it.each<[string, number, string]>([
    ['{{ $value }}', 1_500_000, '1.5e+06'],
    ['{{ $value }}', 100_000, '100000'],
    ['{{ $value }}', 0.00001, '1e-05'],
    ['{{ $value }}', -0, '-0'],
    ['{{ $value }}', Number.NaN, 'NaN'],
    ['{{ $value }}', Infinity, '+Inf'],
    ['{{ humanize $value }}', 1_234_567, '1.235M'],
    ['{{ humanize $value }}', 0.12, '120m'],
    ['{{ humanize $value }}', 999.9999, '1000'],
    ['{{ humanize1024 $value }}', 1_048_576, '1Mi'],
    ['{{ humanizePercentage $value }}', 0.1234567, '12.35%'],
    ['{{ humanizePercentage $value }}', 1_234_567, '1.235e+08%'],
    ['{{ humanizeDuration $value }}', 899.99, '14m 59s'],
    ['{{ humanizeDuration $value }}', 86_400, '1d 0h 0m 0s'],
    ['{{ humanizeDuration $value }}', 1.2345, '1.234s'],
    ['{{ humanizeDuration $value }}', 0.0001, '100us'],
    ['{{ humanizeTimestamp $value }}', 1_643_114_203, '2022-01-25 12:36:43 +0000 UTC'],
    ['{{ ($value | toTime).Format "2006" }}', 1_643_114_203, '2022'],
    ['{{ toDuration $value }}', 90, '1m30s'],
    ['{{ parseDuration "2h10m15s" }}', 0, '7815'],
    ['{{ $labels.instance | stripPort | toUpper }}', 0, 'DB-1.EXAMPLE.COM'],
    ['{{ $labels.instance | stripDomain }}', 0, 'db-1:9100'],
    ['{{ "aa bB CC" | title }}', 0, 'Aa BB CC'],
    ['{{ graphLink "up == 0" }}', 0, '/graph?g0.expr=up+%3D%3D+0&g0.tab=0'],
    ['{{ tableLink "up" }}', 0, '/graph?g0.expr=up&g0.tab=1'],
    ['{{ urlQueryEscape "a b~c" }}', 0, 'a+b~c'],
    ['{{ reReplaceAll "(.*):.*" "${1}" $labels.instance }}', 0, 'db-1.example.com'],
    ['{{ if match "^db" $labels.instance }}yes{{ end }}', 0, 'yes'],
    ['{{ range $i, $x := args "a" "b" }}{{ $i }}={{ $x }};{{ end }}', 0, 'arg0=a;arg1=b;'],
    ['{{ printf "%.2f %q" $value $labels.job }}', 2, '2.00 "node"'],
  ])('expands %s of %d as Prometheus', (text, value, result) => {
    expect(expanded(text, value)).toBe(result);
  });

  it.each([
    [
      '{{ $labels.job | humanize }}',
      failed(
        '129: executing "__alert_A" at <humanize>: error calling humanize: strconv.ParseFloat: parsing "node": invalid syntax',
      ),
    ],
    [
      '{{ .Nope }}',
      failed(
        '115: executing "__alert_A" at <.Nope>: can\'t evaluate field Nope in type struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }',
      ),
    ],
    [
      'a {{ reReplaceAll "(" "" "x" }} b',
      failed(
        '117: executing "__alert_A" at <reReplaceAll "(" "" "x">: error calling reReplaceAll: regexp: Compile(`(`): error parsing regexp: missing closing ): `(`',
      ),
    ],
    [
      '{{ humanizeTimestamp 1e300 }}',
      failed(
        '115: executing "__alert_A" at <humanizeTimestamp 1e300>: error calling humanizeTimestamp: 1e+300 cannot be represented as a nanoseconds timestamp since it overflows int64',
      ),
    ],
    ['{{ range 1000000000 }}{{ end }}', failed('121: executing "__alert_A" at <1000000000>: exceeded 200000 steps')],
  ])('that fails at work is an error text as a whole: %s', (text, result) => {
    expect(expanded(text)).toBe(result);
  });

  it.each([
    ['{{ $value', 'template: __alert_A:1: unclosed action'],
    ['{{ humanise $value }}', 'template: __alert_A:1: function "humanise" not defined'],
    ['\n\n{{ $labls.x }}', 'template: __alert_A:3: undefined variable "$labls"'],
    ['{{ if $value }}x', 'template: __alert_A:1: unexpected EOF'],
    ['{{ tmpl "x" . }}', 'template: __alert_A:1: function "tmpl" not defined'],
  ])("is refused in Go's words: %s", (text, error) => {
    expect(expanded(text)).toBe(`refused: ${error}`);
  });
});

describe('a query in a template', () => {
  const up = [
    { labels: { __name__: 'up', instance: 'b' }, value: 1 },
    { labels: { __name__: 'up', instance: 'a' }, value: 0 },
  ];
  it('is asked for, and has its answer in the next round', () => {
    const text = '{{ range query "up" | sortByLabel "instance" }}{{ .Labels.instance }}={{ .Value }} {{ end }}';
    const first = expansion();
    expanded(text, 0, first);
    const second = expansion({ up });
    expect([[...first.asked], expanded(text, 0, second), [...second.asked]]).toEqual([['up'], 'a=0 b=1 ', []]);
  });

  it.each<[string, Answer, string]>([
    ['{{ with query "q" }}{{ . | first | value }}{{ else }}none{{ end }}', up, '1'],
    ['{{ with query "q" }}{{ . | first | value }}{{ else }}none{{ end }}', [], 'none'],
    ['{{ query "q" | first | label "instance" }}', up, 'b'],
    ['{{ query "q" | first | strvalue }}', [{ labels: { __value__: 'text' }, value: 1 }], 'text'],
    [
      '{{ query "q" | first }}',
      [],
      failed('127: executing "__alert_A" at <first>: error calling first: first() called on vector with no elements'),
    ],
    [
      '{{ query "q" }}',
      new Failure('datasource is away'),
      failed('115: executing "__alert_A" at <query "q">: error calling query: datasource is away'),
    ],
  ])('expands %s', (text, answer, result) => {
    expect(expanded(text, 0, expansion({ q: answer }))).toBe(result);
  });
});

it('tells what lasts from what changes with time', () => {
  const lasts = (text: string): boolean => {
    const parsed = parseRuleTemplate('A', text);
    return parsed.ok && expansion({ q: [] }).expandAll([['x', parsed.template]], { labels, value: 1 }).isLasting;
  };
  expect(['{{ $value }}', '{{ if false }}{{ now }}{{ end }}', '{{ now }}', '{{ query "q" }}'].map(lasts)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

describe('a hostile template', () => {
  const context = { alert: 'A', slotMs: 0, external, answers: NO_ANSWERS, sampleCount: 10_000 };
  it.each([
    ['loops', '{{ range 1000000000 }}{{ end }}', 'exceeded 200000 steps'],
    [
      'calls itself',
      '{{ define "x" }}{{ template "x" }}{{ template "x" }}{{ end }}{{ template "x" }}',
      'exceeded maximum template depth (200)',
    ],
    ['prints without end', '{{ range 100000 }}{{ printf "%90000d" 1 }}{{ end }}', 'exceeded 1000000 characters'],
  ])('that %s is not run for every sample', (_, text, reason) => {
    const using = new Expansion(context);
    const parsed = parseRuleTemplate('A', text);
    const templates = [['x', parsed.ok ? parsed.template : '']] as const;
    const startedAt = performance.now();
    for (let sample = 0; sample < 10_000; sample++) {
      expect(using.expandAll(templates, { labels, value: sample }).texts['x']?.endsWith(`${reason}>`)).toBe(true);
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('that fails for one sample does not fail for others', () => {
    const using = new Expansion(context);
    const parsed = parseRuleTemplate('A', '{{ if eq $value 7.0 }}{{ range 1000000000 }}{{ end }}{{ end }}fine');
    const templates = [['x', parsed.ok ? parsed.template : '']] as const;
    const texts = Array.from({ length: 9 }, (_, value) => using.expandAll(templates, { labels, value }).texts['x']);
    expect(texts.map((text) => text === 'fine')).toEqual([true, true, true, true, true, true, true, false, true]);
  });

  it('that stays below the limit of one has an end for all samples', () => {
    const using = new Expansion(context);
    const parsed = parseRuleTemplate('A', '{{ range 150000 }}{{ end }}');
    const templates = [['x', parsed.ok ? parsed.template : '']] as const;
    const texts = Array.from({ length: 10_000 }, () => using.expandAll(templates, { labels, value: 1 }).texts['x']);
    expect([texts[0], texts.at(-1)]).toEqual([
      '',
      '<error expanding template: error executing template __alert_A: exceeded 5000000 steps for all samples>',
    ]);
  });
});
