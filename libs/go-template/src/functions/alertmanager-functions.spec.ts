import { describe, expect, it } from 'vitest';
import { instantOfMs } from '../go/instant';
import { LOCAL } from '../go/zone';
import { Failure } from '../value';
import { alertmanagerFunctions } from './alertmanager-functions';
import { render } from './testing/function-cases';

const functions = alertmanagerFunctions({
  now: () => instantOfMs(1_435_065_600_000, LOCAL),
  routeLabel: (name) => (name === 'loop' ? new Failure('route label cycle detected: loop -> loop') : ''),
});

// Printed by Alertmanager's package template, release 0.35.
describe('alertmanagerFunctions', () => {
  it.each([
    [
      '{{ toUpper "aé ß" }}|{{ toLower "AÉ Σ" }}|{{ title "aa bB CC don\'t" }}|{{ trimSpace "\\t a b\\u00a0\\n" }}',
      "AÉ ß|aé σ|Aa Bb Cc Don't|a b",
    ],
    ['{{ "x" | toUpper | title }}', 'X'],
    ['{{ toUpper 5 }}', 'error: template: :1:11: executing "" at <5>: expected string; found 5'],
    [
      '{{ toUpper .I }}',
      'error: template: :1:11: executing "" at <.I>: wrong type for value; expected string; got int',
    ],
    [
      '{{ toUpper .N }}',
      'error: template: :1:11: executing "" at <.N>: wrong type for value; expected string; got interface {}',
    ],
    [
      '{{ toUpper }}',
      'error: template: :1:3: executing "" at <toUpper>: wrong number of args for toUpper: want 1 got 0',
    ],
    [
      '{{ toUpper "a" "b" }}',
      'error: template: :1:3: executing "" at <toUpper>: wrong number of args for toUpper: want 1 got 2',
    ],
    ['{{ join "," .L }}', 'b,a,c'],
    ['{{ .L | join ", " }}', 'b, a, c'],
    ['{{ join "-" .A }}', '1-x-<nil>-2.5-true'],
    ['{{ join "," .N }}', ''],
    [
      '{{ join "," .S }}',
      'error: template: :1:3: executing "" at <join "," .S>: error calling join: join expects a slice or array, got string',
    ],
    [
      '{{ join "," .KV }}',
      'error: template: :1:3: executing "" at <join "," .KV>: error calling join: join expects a slice or array, got map[string]string',
    ],
    ['{{ join "," (stringSlice "a" "b") }}', 'a,b'],
    ['{{ join "," (list 1 2.5 "c" true nil) }}', '1,2.5,c,true,<nil>'],
    ['{{ join "" (list) }}', ''],
    ['{{ join 5 .L }}', 'error: template: :1:8: executing "" at <5>: expected string; found 5'],
    [
      '{{ join "," .I }}',
      'error: template: :1:3: executing "" at <join "," .I>: error calling join: join expects a slice or array, got int',
    ],
    ['{{ match "^a.*c$" "abbc" }} {{ match "b" "abc" }} {{ match "^b" "abc" }}', 'true true false'],
    [
      '{{ match "(" "x" }}',
      'error: template: :1:3: executing "" at <match "(" "x">: error calling match: error parsing regexp: missing closing ): `(`',
    ],
    ['{{ match "a" 5 }}', 'error: template: :1:13: executing "" at <5>: expected string; found 5'],
    ['{{ if match "[0-9]+" "host42" }}yes{{ end }}', 'yes'],
    ['{{ reReplaceAll "(.*):.*" "$1" "host:9090" }}', 'host'],
    ['{{ "host:9090" | reReplaceAll "(?P<h>.*):(.*)" "${2}_${h}" }}', '9090_host'],
    ['{{ reReplaceAll "a" "" "banana" }}', 'bnn'],
    [
      '{{ reReplaceAll "[" "x" "y" }}',
      'error: template: :1:3: executing "" at <reReplaceAll "[" "x" "y">: error calling reReplaceAll: regexp: Compile(`[`): error parsing regexp: missing closing ]: `[`',
    ],
    [
      '{{ reReplaceAll "\\\\" "x" "y" }}',
      'error: template: :1:3: executing "" at <reReplaceAll "\\\\" "x" "y">: error calling reReplaceAll: regexp: Compile(`\\`): error parsing regexp: trailing backslash at end of expression: ``',
    ],
    ['{{ reReplaceAll "a" "$$" "banana" }}', 'b$n$n$'],
    ['{{ stringSlice }}|{{ stringSlice "a" "b" }}|{{ len (stringSlice) }}', '[]|[a b]|0'],
    ['{{ stringSlice 1 }}', 'error: template: :1:15: executing "" at <1>: expected string; found 1'],
    ['{{ range stringSlice "x" "y" }}<{{ . }}>{{ end }}', '<x><y>'],
    ['{{ list }}|{{ list 1 "a" nil 2.5 }}|{{ len (list) }}', '[]|[1 a <nil> 2.5]|0'],
    ['{{ index (list "a" "b") 1 }}', 'b'],
    [
      '{{ index (list "a") 3 }}',
      'error: template: :1:3: executing "" at <index (list "a") 3>: error calling index: index out of range: 3',
    ],
    ['{{ range list 1 2 }}{{ . }};{{ else }}none{{ end }}', '1;2;'],
    ['{{ range list }}{{ . }}{{ else }}none{{ end }}', 'none'],
    ['{{ append (list 1 2) 3 "x" }}', '[1 2 3 x]'],
    ['{{ append (list) }}', '[]'],
    ['{{ append nil 1 }}', '[1]'],
    [
      '{{ append .L "x" }}',
      'error: template: :1:10: executing "" at <.L>: wrong type for value; expected []interface {}; got []string',
    ],
    ['{{ append .A 6 }}', '[1 x <nil> 2.5 true 6]'],
    [
      '{{ append "x" 1 }}',
      'error: template: :1:10: executing "" at <"x">: can\'t handle "x" for arg of type []interface {}',
    ],
    ['{{ $l := list "a" }}{{ $l = append $l "b" }}{{ join "+" $l }}', 'a+b'],
    [
      '{{ append .N 1 }}',
      'error: template: :1:10: executing "" at <.N>: wrong type for value; expected []interface {}; got interface {}',
    ],
    ['{{ dict }}|{{ dict "b" 1 "a" "x" }}', 'map[]|map[a:x b:1]'],
    ['{{ (dict "a" 1).a }}', '1'],
    ['{{ (dict "a" 1).b }}', '<no value>'],
    [
      '{{ dict "a" }}',
      'error: template: :1:3: executing "" at <dict "a">: error calling dict: dict requires an even number of arguments',
    ],
    [
      '{{ dict 1 "a" }}',
      'error: template: :1:3: executing "" at <dict 1 "a">: error calling dict: dict keys must be strings',
    ],
    ['{{ index (dict "k" "v") "k" }}', 'v'],
    ['{{ range $k, $v := dict "b" 1 "a" 2 }}{{ $k }}={{ $v }} {{ end }}', 'a=2 b=1 '],
    [
      '{{ $d := dict "a" (list 1 2) "b" (dict "c" "d") }}{{ $d.b.c }} {{ index $d.a 1 }} {{ $d }}',
      'd 2 map[a:[1 2] b:map[c:d]]',
    ],
    ['{{ dict "a" nil }}', 'map[a:<nil>]'],
    ['{{ template "x" dict "a" 1 "b" .S }}{{ define "x" }}{{ .a }} {{ .b }}{{ end }}', "1 it's <b>É</b> & co"],
    [
      '{{ safeHtml "<b>" }} {{ safeUrl "javascript:x" }} {{ printf "%T %T" (safeHtml "a") (safeUrl "b") }}',
      '<b> javascript:x template.HTML template.URL',
    ],
    [
      '{{ toUpper (safeHtml "a") }}',
      'error: template: :1:21: executing "" at <"a">: wrong type for value; expected string; got template.HTML',
    ],
    ['{{ safeHtml 5 }}', 'error: template: :1:12: executing "" at <5>: expected string; found 5'],
    ['{{ urlUnescape "a+b%20c%C3%A9" }}', 'a b cé'],
    [
      '{{ urlUnescape "a%4" }}',
      'error: template: :1:3: executing "" at <urlUnescape "a%4">: error calling urlUnescape: invalid URL escape "%4"',
    ],
    [
      '{{ urlUnescape "%zz" }}',
      'error: template: :1:3: executing "" at <urlUnescape "%zz">: error calling urlUnescape: invalid URL escape "%zz"',
    ],
    ['{{ urlquery "a b&c" | urlUnescape }}', 'a b&c'],
    ['{{ base64encode "a?>é" }} {{ base64decode "YT8-w6k=" }}', 'YT8-w6k= a?>é'],
    [
      '{{ base64decode "YQ" }}',
      'error: template: :1:3: executing "" at <base64decode "YQ">: error calling base64decode: illegal base64 data at input byte 0',
    ],
    [
      '{{ base64decode "*" }}',
      'error: template: :1:3: executing "" at <base64decode "*">: error calling base64decode: illegal base64 data at input byte 0',
    ],
    [
      '{{ base64decode "/w==" }}',
      'error: template: :1:3: executing "" at <base64decode "/w==">: error calling base64decode: illegal base64 data at input byte 0',
    ],
    ['{{ .S | base64encode | base64decode }}', "it's <b>É</b> & co"],
    ['{{ toJson .S }}', '"it\'s \\u003cb\\u003eÉ\\u003c/b\\u003e \\u0026 co"'],
    ['{{ toJson .M }}', '{"a":[1,"\\u003c"],"n":null,"z":1}'],
    [
      '{{ toJson .L }} {{ toJson .KV }} {{ toJson .A }} {{ toJson .N }}',
      '["b","a","c"] {"a":"1","b":"2"} [1,"x",null,2.5,true] null',
    ],
    [
      '{{ toJson .T }} {{ toJson .Z }} {{ toJson .D }}',
      '"2015-06-23T13:19:44.128Z" "0001-01-01T00:00:00Z" 90000000000',
    ],
    [
      '{{ toJson (list 1e21 1e20 1e-7 0.000001 1.5 100000000 -0.0) }}',
      '[1e+21,100000000000000000000,1e-7,0.000001,1.5,100000000,-0]',
    ],
    ['{{ toJson (dict "b" (stringSlice) "a" (list)) }}', '{"a":[],"b":[]}'],
    ['{{ toJson .I64 }} {{ toJson .F32 }} {{ toJson .U }} {{ toJson true }}', '7 1.5 8 true'],
    ['{{ toJson (dict "t" .T "m" .T.Month "d" .D) }}', '{"d":90000000000,"m":6,"t":"2015-06-23T13:19:44.128Z"}'],
    ['{{ toJson "\\u2028\\x00\\x1f\\"\\\\/" }}', '"\\u2028\\u0000\\u001f\\"\\\\/"'],
    ['{{ toJson (base64decode "_w==") }}', '"\\ufffd"'],
    ['{{ toJson (.Z.AddDate -1 0 0) }}', '"0000-01-01T00:00:00Z"'],
    [
      '{{ toJson (.Z.AddDate 10000 0 0) }}',
      'error: template: :1:3: executing "" at <toJson (.Z.AddDate 10000 0 0)>: error calling toJson: json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]',
    ],
    ['{{ date "2006-01-02 15:04:05" .T }}', '2015-06-23 13:19:44'],
    ['{{ .T | date "Mon, 02 Jan 2006 15:04:05 MST" }}', 'Tue, 23 Jun 2015 13:19:44 UTC'],
    ['{{ date "2006" .Z }}', '0001'],
    [
      '{{ date "2006" .S }}',
      'error: template: :1:15: executing "" at <.S>: wrong type for value; expected time.Time; got string',
    ],
    ['{{ date 5 .T }}', 'error: template: :1:8: executing "" at <5>: expected string; found 5'],
    [
      '{{ date "2006" .N }}',
      'error: template: :1:15: executing "" at <.N>: wrong type for value; expected time.Time; got interface {}',
    ],
    ['{{ date "2006" 5 }}', 'error: template: :1:15: executing "" at <5>: can\'t handle 5 for arg of type time.Time'],
    ['{{ tz "Europe/Paris" .T }}', '2015-06-23 15:19:44.128 +0200 CEST'],
    ['{{ .T | tz "America/New_York" | date "15:04 MST -07:00" }}', '09:19 EDT -04:00'],
    [
      '{{ tz "Mars/Olympus" .T }}',
      'error: template: :1:3: executing "" at <tz "Mars/Olympus" .T>: error calling tz: unknown time zone Mars/Olympus',
    ],
    ['{{ tz "" .T }} {{ tz "UTC" .T }}', '2015-06-23 13:19:44.128 +0000 UTC 2015-06-23 13:19:44.128 +0000 UTC'],
    ['{{ (tz "Asia/Tokyo" .T).Format "15:04:05.000 MST" }}', '22:19:44.128 JST'],
    ['{{ (tz "Asia/Kolkata" .T).Location }}', 'Asia/Kolkata'],
    [
      '{{ tz "../x" .T }}',
      'error: template: :1:3: executing "" at <tz "../x" .T>: error calling tz: time: invalid location name',
    ],
    ['{{ toDate "2006-01-02" "2026-11-28" }}', '2026-11-28 00:00:00 +0000 UTC'],
    ['{{ toDate "2006-01-02" "nonsense" }}', '0001-01-01 00:00:00 +0000 UTC'],
    ['{{ (toDate "2006-01-02" "nonsense").IsZero }}', 'true'],
    [
      '{{ mustToDate "2006-01-02" "nonsense" }}',
      'error: template: :1:3: executing "" at <mustToDate "2006-01-02" "nonsense">: error calling mustToDate: parsing time "nonsense" as "2006-01-02": cannot parse "nonsense" as "2006"',
    ],
    ['{{ mustToDate "2006-01-02T15:04:05Z07:00" "2026-11-28T17:00:00+02:00" }}', '2026-11-28 17:00:00 +0200 +0200'],
    ['{{ (mustToDate "15:04" "17:05").Hour }}', '17'],
    ['{{ addDuration "1h" .T }}', '1435069184128'],
    ['{{ addDuration "-1.5h" .T }} {{ addDuration "1us" .T }}', '1435060184128 1435065584128'],
    [
      '{{ addDuration "1x" .T }}',
      'error: template: :1:3: executing "" at <addDuration "1x" .T>: error calling addDuration: time: unknown unit "x" in duration "1x"',
    ],
    ['{{ addDuration "1h" .Z }}', '-62135593200000'],
    ['{{ printf "%T" (addDuration "1h" .T) }}', 'int64'],
    [
      '{{ humanizeDuration 0 }} {{ humanizeDuration 1 }} {{ humanizeDuration 93784 }} {{ humanizeDuration -3600 }} {{ humanizeDuration 0.0123 }} {{ humanizeDuration 12.3456 }}',
      '0s 1s 1d 2h 3m 4s -1h 0m 0s 12.3ms 12.35s',
    ],
    [
      '{{ humanizeDuration "899.99" }} {{ humanizeDuration .D }} {{ humanizeDuration .I64 }} {{ humanizeDuration .U }} {{ humanizeDuration .U64 }} {{ humanizeDuration .F }}',
      '14m 59s 1m 30s 7s 8s 9s 14d 6h 56m 7s',
    ],
    [
      '{{ humanizeDuration "x" }}',
      'error: template: :1:3: executing "" at <humanizeDuration "x">: error calling humanizeDuration: strconv.ParseFloat: parsing "x": invalid syntax',
    ],
    [
      '{{ humanizeDuration .F32 }}',
      'error: template: :1:3: executing "" at <humanizeDuration .F32>: error calling humanizeDuration: can\'t convert float32 to float',
    ],
    [
      '{{ humanizeDuration .I32 }}',
      'error: template: :1:3: executing "" at <humanizeDuration .I32>: error calling humanizeDuration: can\'t convert int32 to float',
    ],
    [
      '{{ humanizeDuration .L }}',
      'error: template: :1:3: executing "" at <humanizeDuration .L>: error calling humanizeDuration: can\'t convert []string to float',
    ],
    [
      '{{ humanizeDuration .N }}',
      'error: template: :1:3: executing "" at <humanizeDuration .N>: error calling humanizeDuration: can\'t convert <nil> to float',
    ],
    [
      '{{ humanizeDuration (safeHtml "1") }}',
      'error: template: :1:3: executing "" at <humanizeDuration (safeHtml "1")>: error calling humanizeDuration: can\'t convert template.HTML to float',
    ],
    ['{{ humanizeDuration "NaN" }} {{ humanizeDuration "-Inf" }}', 'NaN -Inf'],
    [
      '{{ humanizeDuration .T }}',
      'error: template: :1:3: executing "" at <humanizeDuration .T>: error calling humanizeDuration: can\'t convert time.Time to float',
    ],
    [
      '{{ humanizeDuration true }}',
      'error: template: :1:3: executing "" at <humanizeDuration true>: error calling humanizeDuration: can\'t convert bool to float',
    ],
    [
      '{{ .T.Year }} {{ .T.Month }} {{ .T.Day }} {{ .T.Hour }} {{ .T.Minute }} {{ .T.Second }} {{ .T.Nanosecond }} {{ .T.Weekday }} {{ .T.YearDay }}',
      '2015 June 23 13 19 44 128000000 Tuesday 174',
    ],
    [
      '{{ .T.Unix }} {{ .T.UnixMilli }} {{ .T.UnixMicro }} {{ .T.UnixNano }} {{ .Z.UnixNano }} {{ .Z.Unix }}',
      '1435065584 1435065584128 1435065584128000 1435065584128000000 -6795364578871345152 -62135596800',
    ],
    [
      '{{ .T.After .Z }} {{ .T.Before .Z }} {{ .T.Equal .T }} {{ .T.Compare .Z }} {{ .Z.IsZero }}',
      'true false true 1 true',
    ],
    [
      '{{ .T.Add .D }} {{ .T.Sub .Z }} {{ (.T.Add .D).Sub .T }}',
      '2015-06-23 13:21:14.128 +0000 UTC 2562047h47m16.854775807s 1m30s',
    ],
    ['{{ .T.Add 1500000000 }}', '2015-06-23 13:19:45.628 +0000 UTC'],
    [
      '{{ .T.AddDate 1 2 3 }} {{ .T.AddDate 0 0 -1 }}',
      '2016-08-26 13:19:44.128 +0000 UTC 2015-06-22 13:19:44.128 +0000 UTC',
    ],
    [
      '{{ .T.Truncate 3600000000000 }} {{ .T.Round 60000000000 }}',
      '2015-06-23 13:00:00 +0000 UTC 2015-06-23 13:20:00 +0000 UTC',
    ],
    [
      '{{ .T.UTC }} {{ .T.Location }} {{ .T.In .T.Location }}',
      '2015-06-23 13:19:44.128 +0000 UTC UTC 2015-06-23 13:19:44.128 +0000 UTC',
    ],
    [
      '{{ .T.String }} {{ .T.GoString }} {{ printf "%v %s %q" .T .T .T }}',
      '2015-06-23 13:19:44.128 +0000 UTC time.Date(2015, time.June, 23, 13, 19, 44, 128000000, time.UTC) 2015-06-23 13:19:44.128 +0000 UTC 2015-06-23 13:19:44.128 +0000 UTC "2015-06-23 13:19:44.128 +0000 UTC"',
    ],
    ['{{ printf "%T %T %T %T" .T .D .T.Month .T.Weekday }}', 'time.Time time.Duration time.Month time.Weekday'],
    ['{{ printf "%d %v %s" .T.Month .T.Month .T.Weekday }}', '6 June Tuesday'],
    ['{{ eq .T .T }} {{ eq .T .Z }}', 'true false'],
    ['{{ if .Z }}set{{ else }}unset{{ end }}', 'set'],
    [
      '{{ .T.Nope }}',
      'error: template: :1:5: executing "" at <.T.Nope>: can\'t evaluate field Nope in type interface {}',
    ],
    [
      '{{ .T.AddDate 1 }}',
      'error: template: :1:5: executing "" at <.T.AddDate>: wrong number of args for AddDate: want 3 got 1',
    ],
    ['{{ .T.Add "x" }}', 'error: template: :1:10: executing "" at <"x">: expected integer; found "x"'],
    [
      '{{ .T.Add .I }}',
      'error: template: :1:10: executing "" at <.I>: wrong type for value; expected time.Duration; got int',
    ],
    [
      '{{ .T.Format }}',
      'error: template: :1:5: executing "" at <.T.Format>: wrong number of args for Format: want 1 got 0',
    ],
    ['{{ len .T.MarshalJSON }}', '26'],
    ['{{ .T }} {{ .Z }}', '2015-06-23 13:19:44.128 +0000 UTC 0001-01-01 00:00:00 +0000 UTC'],
    [
      '{{ .D }} {{ .D.Seconds }} {{ .D.Minutes }} {{ .D.Hours }} {{ .D.Milliseconds }} {{ .D.Microseconds }} {{ .D.Nanoseconds }}',
      '1m30s 90 1.5 0.025 90000 90000000 90000000000',
    ],
    ['{{ .D.Round 60000000000 }} {{ .D.Truncate 60000000000 }} {{ .D.Abs }} {{ .D.String }}', '2m0s 1m0s 1m30s 1m30s'],
    ['{{ gt .D 5 }} {{ printf "%d %v %.1f" .D .D .D.Minutes }}', 'true 90000000000 1m30s 1.5'],
    ['{{ if .D }}set{{ end }}', 'set'],
    ['{{ routeLabels "x" }}', ''],
    ['{{ nope "x" }}', 'error: template: :1: function "nope" not defined'],
    ['{{ humanize 5 }}', 'error: template: :1: function "humanize" not defined'],
    ['{{ now.Nope }}', 'error: template: :1:3: executing "" at <now>: can\'t evaluate field Nope in type time.Time'],
    ['{{ since "x" }}', 'error: template: :1:9: executing "" at <"x">: can\'t handle "x" for arg of type time.Time'],
    ['{{ printf "%T %T" now (since .Z) }}', 'time.Time time.Duration'],
  ])('%s', (template, expected) => expect(render(functions, template)).toBe(expected));
});

describe('what surrounds them', () => {
  it.each([
    ['{{ since .T }}', '15.872s'],
    ['{{ now.Unix }} {{ now.Location }}', `1435065600 ${LOCAL.name}`],
    ['{{ now.UTC }}', '2015-06-23 13:20:00 +0000 UTC'],
    ['{{ (tz "Local" .T).Location }} {{ .T.Local.Location }}', `${LOCAL.name} ${LOCAL.name}`],
    [
      '{{ routeLabels "loop" }}',
      'error: template: :1:3: executing "" at <routeLabels "loop">: error calling routeLabels: route label cycle detected: loop -> loop',
    ],
  ])('%s', (template, expected) => expect(render(functions, template)).toBe(expected));
});
