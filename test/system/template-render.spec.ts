import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { PROGRAM } from '../support/tocsin';

/** `tocsin template render` beside Debian's `amtool template render` (0.25): the same flags, the same output. That amtool
 *  prints labels as Go prints maps, which later ones do not, and has no built-in templates: neither is asked of it. */

const started = new Started();
afterAll(() => started.stopAll());
const folder = new TempFolder();
afterAll(() => folder.stop());

folder.write(
  'a.tmpl',
  '{{ define "own" }}own {{ .Receiver }}{{ end }}{{ define "__subject" }}mine {{ .Status }}{{ end }}',
);
folder.write('b.tmpl', 'file {{ .ExternalURL }}');
folder.write(
  'data.json',
  JSON.stringify({
    receiver: 'team.a',
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'DiskFull', instance: 'a', ключ: '<&>' },
        annotations: { summary: 'Disk "a" is full' },
        startsAt: '2026-01-05T12:00:00.123456789+02:00',
        generatorURL: 'http://prometheus/graph?g0.expr=up',
        fingerprint: 'abc',
      },
      { status: 'resolved', labels: { alertname: 'DiskFull', instance: 'b' }, endsAt: '2026-01-05T12:00:00Z' },
    ],
    groupLabels: { alertname: 'DiskFull' },
    CommonLabels: { alertname: 'DiskFull', job: 'node' },
    externalURL: 'http://am.test',
    unknown: 1,
  }),
);

/** Code and output of both, the errors without what comes before them. */
function both(argv: readonly string[]) {
  const own = argv.map((arg) => arg.replace('@', `${folder.path}/`));
  return ['amtool', PROGRAM].map((command) => {
    const env = { PATH: process.env['PATH'], HOME: folder.path, TZ: 'UTC' };
    const run = spawnSync(command, ['template', 'render', ...own], { encoding: 'utf8', env });
    return { code: run.status, out: run.stdout, err: run.stderr.replace(/^(?:tocsin|amtool): error: /, '').trim() };
  });
}

const globs = ['--template.glob=@a.tmpl'];
const data = [...globs, '--template.data=@data.json'];
/** Gives the pairs of labels. */
function pairsOf(labels: string): string {
  return `{{ range ${labels}.SortedPairs }}{{ .Name }}={{ .Value }},{{ end }}`;
}

const dated = '{{ range .Alerts }}{{ .StartsAt }} {{ .StartsAt.Unix }} {{ .EndsAt }} {{ .EndsAt.IsZero }};{{ end }}';
const lists =
  '{{ range .Alerts.Firing }}f{{ .Fingerprint }}{{ end }}{{ range .Alerts.Resolved }}r{{ .Labels.instance }}{{ end }}';

describe('tocsin template render', () => {
  it.each<[string, readonly string[]]>([
    [
      'simple alerts',
      [...globs, '--template.text={{ .Receiver }} {{ .Status }} {{ .ExternalURL }} {{ .CommonLabels.Values }}'],
    ],
    [
      'labels of simple alerts',
      [
        ...globs,
        `--template.text={{ range .Alerts }}{{ .Status }} ${pairsOf('.Labels')} ${pairsOf('.Annotations')} {{ .Fingerprint }};{{ end }}`,
      ],
    ],
    ['a template of a file', [...data, '--template.text={{ template "own" . }} {{ template "__subject" . }}']],
    [
      'a file by its name',
      ['--template.glob=@*.tmpl', '--template.data=@data.json', '--template.text={{ template "b.tmpl" . }}'],
    ],
    [
      'several globs',
      [...data, '--template.glob', '@b.tmpl', '--template.text={{ template "own" . }} {{ template "b.tmpl" . }}'],
    ],
    ['times', [...data, `--template.text=${dated}`]],
    ['those that fire and those that do not', [...data, `--template.text=${lists}`]],
    [
      'what is not there',
      [...data, '--template.text={{ .CommonAnnotations.none }}|{{ (index .Alerts 1).Annotations.x }}|'],
    ],
    [
      'common labels',
      [...data, `--template.text=${pairsOf('.CommonLabels')}${pairsOf('(.CommonLabels.Remove (stringSlice "job"))')}`],
    ],
    [
      'functions',
      [
        ...data,
        '--template.text={{ .Status | toUpper | title }} {{ .GroupLabels.Names | join "," }} {{ reReplaceAll "(.)l" "$1" .Receiver }} {{ match "^t" .Receiver }}',
      ],
    ],
    ['text', [...data, `--template.text=<a>${pairsOf('(index .Alerts 0).Labels')}</a>`]],
    [
      'HTML',
      [
        ...data,
        '--template.type=html',
        `--template.text=<a href="{{ (index .Alerts 0).GeneratorURL }}" title='{{ .ExternalURL }}'>${pairsOf('(index .Alerts 0).Labels')}</a>`,
      ],
    ],
    [
      'JSON in a script',
      [...data, '--template.type=html', '--template.text=<script>x = {{ .GroupLabels.Values }}</script>'],
    ],
    [
      'printf',
      [...data, '--template.text={{ printf "%q %5d %v" .Receiver (len .Alerts) .GroupLabels.Values }}{{/* none */}}'],
    ],
  ])('gives %s as amtool does', (_, argv) => {
    const [their, our] = both(argv);
    expect(our).toEqual(their);
    expect(their).toMatchObject({ code: 0, err: '' });
  });

  it.each<[string, readonly string[]]>([
    ['grammar', [...data, '--template.text={{ .Status']],
    ['a field that is not there', [...data, '--template.text={{ .Nope }}']],
    ['a template that is not there', [...data, '--template.text={{ template "none" . }}']],
  ])('fails as amtool does: %s', (_, argv) => {
    const [their, our] = both(argv);
    expect(our).toEqual(their);
    expect(their).toMatchObject({ code: 1, out: '' });
  });
});
