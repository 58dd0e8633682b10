import { describe, expect, it } from 'vitest';
import { Failure } from '../value';
import { prometheusFunctions, type Sample } from './prometheus-functions';
import { render } from './testing/function-cases';

const samples: readonly Sample[] = [
  { labels: { __name__: 'up', instance: 'b', job: 'x', __value__: 'text' }, value: 1 },
  { labels: { __name__: 'up', instance: 'a', job: 'x' }, value: 0 },
  { labels: { __name__: 'up', instance: 'a', job: 'w' }, value: 2.5 },
];

const functions = prometheusFunctions({
  query: (expression) => {
    if (expression === 'fail') return new Failure('query failed');
    return expression === 'none' ? [] : samples;
  },
  nowSeconds: 1_353_755_652,
  externalUrl: 'https://prom.example.com:9090/path/prometheus',
  pathPrefix: '/path/prometheus',
});

// Printed by Prometheus' package template, release 3.16.
describe('prometheusFunctions', () => {
  it.each([
    ['{{ range query "up" }}{{ .Labels.instance }}={{ .Value }} {{ end }}', 'b=1 a=0 a=2.5 '],
    [
      '{{ with query "up" }}{{ . | first | value }} {{ . | first | label "job" }} {{ . | first | strvalue }}{{ end }}',
      '1 x text',
    ],
    ['{{ query "up" | first | label "nope" }}|', '|'],
    [
      '{{ query "none" | first }}',
      'error: template: t:1:18: executing "t" at <first>: error calling first: first() called on vector with no elements',
    ],
    [
      '{{ query "fail" }}',
      'error: template: t:1:3: executing "t" at <query "fail">: error calling query: query failed',
    ],
    ['{{ range query "none" }}x{{ else }}none{{ end }}', 'none'],
    ['{{ len (query "up") }}', '3'],
    ['{{ query 5 }}', 'error: template: t:1:9: executing "t" at <5>: expected string; found 5'],
    ['{{ range query "up" | sortByLabel "instance" }}{{ .Labels.instance }}{{ .Labels.job }} {{ end }}', 'ax aw bx '],
    ['{{ range query "up" | sortByLabel "job" }}{{ .Labels.instance }}{{ .Labels.job }} {{ end }}', 'aw bx ax '],
    ['{{ (index (query "up") 2).Value }}', '2.5'],
    ['{{ (query "up" | first).Labels.__name__ }}', 'up'],
    ['{{ (query "up" | first).Labels }}', 'map[__name__:up __value__:text instance:b job:x]'],
    [
      '{{ (query "up" | first).Nope }}',
      'error: template: t:1:17: executing "t" at <first>: can\'t evaluate field Nope in type *template.sample',
    ],
    [
      '{{ first .L }}',
      'error: template: t:1:9: executing "t" at <.L>: wrong type for value; expected template.queryResult; got []string',
    ],
    [
      '{{ first .N }}',
      'error: template: t:1:9: executing "t" at <.N>: wrong type for value; expected template.queryResult; got interface {}',
    ],
    [
      '{{ label "x" nil }}',
      'error: template: t:1:3: executing "t" at <label "x" nil>: error calling label: runtime error: invalid memory address or nil pointer dereference',
    ],
    [
      '{{ value nil }}',
      'error: template: t:1:3: executing "t" at <value nil>: error calling value: runtime error: invalid memory address or nil pointer dereference',
    ],
    [
      '{{ label "x" .S }}',
      'error: template: t:1:13: executing "t" at <.S>: wrong type for value; expected *template.sample; got string',
    ],
    ['{{ printf "%T %T" (query "up") (query "up" | first) }}', 'template.queryResult *template.sample'],
    [
      '{{ query "up" | value }}',
      'error: template: t:1:16: executing "t" at <value>: wrong type for value; expected *template.sample; got template.queryResult',
    ],
    ['{{ query "up" | first | value | humanize }}', '1'],
    ['{{ args 1 "x" .D }}', 'map[arg0:1 arg1:x arg2:1m30s]'],
    ['{{ (args 1 2).arg1 }}|{{ (args 1).arg5 }}', '2|<no value>'],
    ['{{ range $k, $v := args "a" "b" }}{{ $k }}={{ $v }} {{ end }}', 'arg0=a arg1=b '],
    ['{{ args }}', 'map[]'],
    ['{{ title "aa bB CC don\'t" }}', "Aa BB CC Don't"],
    ['{{ toUpper "aé" }}{{ toLower "AÉ" }}', 'AÉaé'],
    ['{{ match "a+" "aa" }}', 'true'],
    [
      '{{ match "a(" "aa" }}',
      'error: template: t:1:3: executing "t" at <match "a(" "aa">: error calling match: error parsing regexp: missing closing ): `a(`',
    ],
    ['{{ reReplaceAll "a(.)" "<$1>" "abac" }}', '<b><c>'],
    [
      '{{ reReplaceAll "a(" "" "x" }}',
      'error: template: t:1:3: executing "t" at <reReplaceAll "a(" "" "x">: error calling reReplaceAll: regexp: Compile(`a(`): error parsing regexp: missing closing ): `a(`',
    ],
    ['{{ safeHtml "<b>" }}', '<b>'],
    ['{{ stripPort "host.example.com:80" }} {{ stripPort "[::1]:80" }} {{ stripPort "x" }}', 'host.example.com ::1 x'],
    [
      '{{ stripDomain "host.example.com:80" }} {{ stripDomain "10.0.0.1:80" }} {{ stripDomain "host.example.com" }}',
      'host:80 10.0.0.1:80 host',
    ],
    ['{{ stripPort 5 }}', 'error: template: t:1:13: executing "t" at <5>: expected string; found 5'],
    ['{{ graphLink "up{job=\\"a\\"} > 1" }}', '/graph?g0.expr=up%7Bjob%3D%22a%22%7D+%3E+1&g0.tab=0'],
    ['{{ tableLink "rate(x[5m])" }}', '/graph?g0.expr=rate%28x%5B5m%5D%29&g0.tab=1'],
    ['{{ urlQueryEscape "a b&c=é" }}', 'a+b%26c%3D%C3%A9'],
    [
      '{{ humanize 1234567 }} {{ humanize "0.12" }} {{ humanize .D }} {{ humanize .I64 }} {{ humanize 0 }}',
      '1.235M 120m 90 7 0',
    ],
    [
      '{{ humanize "x" }}',
      'error: template: t:1:3: executing "t" at <humanize "x">: error calling humanize: strconv.ParseFloat: parsing "x": invalid syntax',
    ],
    [
      '{{ humanize .S }}',
      'error: template: t:1:3: executing "t" at <humanize .S>: error calling humanize: strconv.ParseFloat: parsing "it\'s <b>É</b> & co": invalid syntax',
    ],
    [
      '{{ humanize .L }}',
      'error: template: t:1:3: executing "t" at <humanize .L>: error calling humanize: can\'t convert []string to float',
    ],
    [
      '{{ humanize true }}',
      'error: template: t:1:3: executing "t" at <humanize true>: error calling humanize: can\'t convert bool to float',
    ],
    [
      '{{ humanize .N }}',
      'error: template: t:1:3: executing "t" at <humanize .N>: error calling humanize: can\'t convert <nil> to float',
    ],
    [
      '{{ humanize .F32 }}',
      'error: template: t:1:3: executing "t" at <humanize .F32>: error calling humanize: can\'t convert float32 to float',
    ],
    ['{{ humanize1024 1048576 }} {{ humanize1024 "1000" }} {{ humanize1024 0.5 }}', '1Mi 1000 0.5'],
    [
      '{{ humanizePercentage 0.959 }} {{ humanizePercentage "0.1234567" }} {{ humanizePercentage 1234567 }}',
      '95.9% 12.35% 1.235e+08%',
    ],
    [
      '{{ humanizePercentage "a" }}',
      'error: template: t:1:3: executing "t" at <humanizePercentage "a">: error calling humanizePercentage: strconv.ParseFloat: parsing "a": invalid syntax',
    ],
    [
      '{{ humanizeDuration 86400 }} {{ humanizeDuration "0.1" }} {{ humanizeDuration -183845.0 }}',
      '1d 0h 0m 0s 100ms -2d 3h 4m 5s',
    ],
    [
      '{{ humanizeTimestamp 1435065584.128 }} {{ humanizeTimestamp "1643114203" }} {{ humanizeTimestamp .D }}',
      '2015-06-23 13:19:44.128 +0000 UTC 2022-01-25 12:36:43 +0000 UTC 1970-01-01 00:01:30 +0000 UTC',
    ],
    [
      '{{ humanizeTimestamp 1e11 }}',
      'error: template: t:1:3: executing "t" at <humanizeTimestamp 1e11>: error calling humanizeTimestamp: 1e+11 cannot be represented as a nanoseconds timestamp since it overflows int64',
    ],
    ['{{ humanizeTimestamp "+Inf" }}', '+Inf'],
    ['{{ toTime 1435065584.128 }}', '2015-06-23 13:19:44.128 +0000 UTC'],
    [
      '{{ (toTime "1435065584").Year }} {{ (toTime 0).Format "2006-01-02" }} {{ (toTime 5).UnixMilli }}',
      '2015 1970-01-01 5000',
    ],
    [
      '{{ toTime "NaN" }}',
      'error: template: t:1:3: executing "t" at <toTime "NaN">: error calling toTime: value is NaN or Inf',
    ],
    [
      '{{ toTime "x" }}',
      'error: template: t:1:3: executing "t" at <toTime "x">: error calling toTime: strconv.ParseFloat: parsing "x": invalid syntax',
    ],
    [
      '{{ toTime 1e11 }}',
      'error: template: t:1:3: executing "t" at <toTime 1e11>: error calling toTime: 1e+11 cannot be represented as a nanoseconds timestamp since it overflows int64',
    ],
    [
      '{{ toTime .L }}',
      'error: template: t:1:3: executing "t" at <toTime .L>: error calling toTime: can\'t convert []string to float',
    ],
    [
      '{{ (toTime 1353755652).Add (toDuration 90) }} {{ (toTime 100).Sub (toTime 40) }}',
      '2012-11-24 11:15:42 +0000 UTC 1m0s',
    ],
    [
      '{{ toDuration 90 }} {{ toDuration "0.5" }} {{ toDuration .D }} {{ (toDuration 3600).Hours }}',
      '1m30s 500ms 1m30s 1',
    ],
    [
      '{{ toDuration "x" }}',
      'error: template: t:1:3: executing "t" at <toDuration "x">: error calling toDuration: strconv.ParseFloat: parsing "x": invalid syntax',
    ],
    [
      '{{ now }} {{ now | humanizeTimestamp }} {{ (toTime now).Weekday }}',
      '1.353755652e+09 2012-11-24 11:14:12 +0000 UTC Saturday',
    ],
    [
      '{{ parseDuration "1h2m10ms" }} {{ parseDuration "-1d" }} {{ parseDuration "0" }} {{ parseDuration "2h10m15s" }} {{ parseDuration "300ms" }}',
      '3720.01 -86400 0 7815 0.3',
    ],
    [
      '{{ parseDuration "1h2" }}',
      'error: template: t:1:3: executing "t" at <parseDuration "1h2">: error calling parseDuration: not a valid duration string: "1h2"',
    ],
    [
      '{{ parseDuration "" }}',
      'error: template: t:1:3: executing "t" at <parseDuration "">: error calling parseDuration: empty duration string',
    ],
    [
      '{{ parseDuration "1.5h" }}',
      'error: template: t:1:3: executing "t" at <parseDuration "1.5h">: error calling parseDuration: unknown unit "." in duration "1.5h"',
    ],
    [
      '{{ parseDuration "-" }}',
      'error: template: t:1:3: executing "t" at <parseDuration "-">: error calling parseDuration: empty duration string',
    ],
    [
      '{{ parseDuration "300y" }}',
      'error: template: t:1:3: executing "t" at <parseDuration "300y">: error calling parseDuration: duration out of range',
    ],
    ['{{ parseDuration 5 }}', 'error: template: t:1:17: executing "t" at <5>: expected string; found 5'],
    [
      '{{ parseDuration "1h1h" }}',
      'error: template: t:1:3: executing "t" at <parseDuration "1h1h">: error calling parseDuration: not a valid duration string: "1h1h"',
    ],
    ['{{ parseDuration "1m" | humanizeDuration }}', '1m 0s'],
    ['{{ externalURL }} {{ pathPrefix }}', 'https://prom.example.com:9090/path/prometheus /path/prometheus'],
    ['{{ tmpl "x" . }}', 'error: template: t:1: function "tmpl" not defined'],
    ['{{ join "," .L }}', 'error: template: t:1: function "join" not defined'],
    ['{{ printf "%.2f" .F }} {{ .F }} {{ .I }}', '1234567.89 1.234567891e+06 5'],
    ['{{ .Nope }}|{{ .KV.nope }}|', '<no value>||'],
    [
      '{{ externalURL 5 }}',
      'error: template: t:1:3: executing "t" at <externalURL>: wrong number of args for externalURL: want 0 got 1',
    ],
  ])('%s', (template, expected) => expect(render(functions, template, 't')).toBe(expected));
});
