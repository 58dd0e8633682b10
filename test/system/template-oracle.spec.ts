import { execFile } from 'node:child_process';
import { GoTemplates } from '@tocsin/notifier/templates/go-templates';
import { NotificationFacts } from '@tocsin/notifier/templates/notification-facts';
import { anAlert, aNotification } from '@tocsin/notifier/receivers/integration.contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ORACLE_DEFAULTS,
  ORACLE_DIFFERENCES,
  ORACLE_ERRORS,
  ORACLE_HTML,
  ORACLE_TEXTS,
} from '../support/oracle-templates';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';

/** What `amtool template render` of Debian (0.25, Go 1.19) makes of template texts, and our engine of the same on the same
 *  data. Its data is a `template.Data`, while notifications have a pointer to one, as ours. Its default
 *  templates are those that Debian installs. */

const DEFAULTS = '/usr/share/prometheus/alertmanager/*.tmpl';
const OWN = '{{ define "own" }}({{ . }}){{ end }}';
const AT_ONCE = 4;

const summary = 'Disk <b>"full"</b> & it\'s 95% + ü 💾';
const facts = new NotificationFacts(
  aNotification({
    groupLabels: { alertname: 'DiskFull' },
    alerts: [
      anAlert({
        fingerprint: '0000000000000001',
        labels: { alertname: 'DiskFull', instance: 'a:9100', job: 'node' },
        annotations: { summary, link: 'javascript:alert(1)' },
        startsAtMs: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
        startsAtOffsetMin: 330,
        generatorURL: 'http://prometheus.test/graph?g0.expr=a%3Eb&x=y z',
      }),
      anAlert({
        fingerprint: '0000000000000002',
        labels: { alertname: 'DiskFull', instance: 'b', job: 'node', Zone: 'x' },
        annotations: { summary, link: 'javascript:alert(1)', extra: 'only here' },
        startsAtMs: Date.UTC(2025, 11, 31, 23, 59, 59),
        endsAtMs: Date.UTC(2026, 0, 1, 1, 2, 3, 450),
      }),
    ],
  }),
  'team.x',
  'http://alerts.test/am',
);

type Form = 'text' | 'html';
interface Outcome {
  readonly ok: boolean;
  readonly text: string;
}

const templates = new GoTemplates(() => 0);
const started = new Started();
afterAll(() => started.stopAll());

function ours(source: string, form: Form): Outcome {
  const rendered = templates.of(facts)[form](source);
  return rendered.ok ? rendered : { ok: false, text: rendered.error.replaceAll('*template.Data', 'template.Data') };
}

function amtool(folder: TempFolder, source: string, form: Form): Promise<Outcome> {
  const globs = [DEFAULTS, folder.file('own.tmpl')].map((path) => `--template.glob=${path}`);
  const args = ['template', 'render', ...globs, `--template.type=${form}`];
  const options = { env: { PATH: process.env['PATH'], HOME: folder.path, TZ: 'UTC' } };
  return new Promise((resolve) => {
    execFile(
      'amtool',
      [...args, `--template.data=${folder.file('data.json')}`, `--template.text=${source}`],
      options,
      (error, out, err) => {
        resolve(
          error === null ? { ok: true, text: out } : { ok: false, text: err.replace(/^amtool: error: |\n+$/g, '') },
        );
      },
    );
  });
}

const cases: readonly { source: string; form: Form }[] = [
  ...[...ORACLE_TEXTS, ...ORACLE_DEFAULTS, ...ORACLE_ERRORS, ...ORACLE_DIFFERENCES.map(({ text }) => text)].map(
    (source) => ({
      source,
      form: 'text' as const,
    }),
  ),
  ...[...ORACLE_HTML, ...ORACLE_DEFAULTS].map((source) => ({ source, form: 'html' as const })),
];
const theirs = new Map<string, Outcome>();
const key = (source: string, form: Form): string => `${form} ${source}`;

beforeAll(async () => {
  const folder = await started.add(new TempFolder());
  folder.write('own.tmpl', OWN);
  expect(templates.add('own.tmpl', OWN)).toBeNull();
  folder.write('data.json', ours('{{ toJson . }}', 'text').text);
  const left = [...cases];
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      theirs.set(key(next.source, next.form), await amtool(folder, next.source, next.form));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, 120_000);

it('are enough', () => {
  const outcomes = [...theirs.values()];
  expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(100);
  expect(outcomes.filter(({ ok }) => !ok).length).toBeGreaterThanOrEqual(15);
});

it.each([...ORACLE_TEXTS, ...ORACLE_DEFAULTS, ...ORACLE_ERRORS])('%s', (source) => {
  expect(ours(source, 'text')).toEqual(theirs.get(key(source, 'text')));
});

it.each([...ORACLE_HTML, ...ORACLE_DEFAULTS])('%s in HTML', (source) => {
  expect(ours(source, 'html')).toEqual(theirs.get(key(source, 'html')));
});

it.each(ORACLE_DIFFERENCES)('$text is otherwise: $why', ({ text, ours: expected }) => {
  expect(ours(text, 'text').text).toBe(expected);
  expect(theirs.get(key(text, 'text'))?.text).not.toBe(expected);
});
