import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTocsin } from './run';

let folder: string;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-render-'));
  write('a.tmpl', '{{ define "own" }}own {{ .Receiver }}{{ end }}');
  write('b.hbs', 'hbs {{receiver}}');
  write('bad.tpl', '{{ define "x" }}');
  write(
    'data.json',
    JSON.stringify({ receiver: 'team', Status: 'firing', alerts: [{ status: 'firing', labels: { a: 'b' } }] }),
  );
  write('bad.json', '{"alerts": [{"labels": {"a": 1}, "startsAt": "x"}]}');
  write('none.json', '{');
  const config = { route: { receiver: 'team' }, receivers: [{ name: 'team' }] };
  write('go.yml', JSON.stringify({ ...config, templates: ['*.tmpl'] }));
  write('hbs.yml', JSON.stringify({ ...config, templates: ['*.hbs'], global: { template_language: 'handlebars' } }));
  write('bad.yml', 'route: 1');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs it; `@name` in a flag stands for a file. */
async function render(...argv: string[]) {
  let [out, err] = ['', ''];
  const console = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const own = argv.map((arg) => arg.replace('@', `${folder}/`));
  const code = await runTocsin(['template', 'render', ...own], {}, console);
  return { code, out, err: err.replaceAll(folder, '') };
}

describe('tocsin template render', () => {
  it.each([
    ['simple alerts', ['--template.text={{ .Receiver }} {{ len .Alerts }} {{ .Status }}'], 'receiver 2 alertstatus'],
    [
      'what is built in',
      ['--template.text={{ template "__alertmanagerURL" . }}'],
      'https://example.com/#/alerts?receiver=receiver',
    ],
    ['own templates', ['--template.glob=@*.tmpl', '--template.text={{ template "own" . }}'], 'own receiver'],
    [
      'data',
      [
        '--template.data=@data.json',
        '--template.text={{ .Receiver }} {{ .Status }} {{ (index .Alerts 0).Labels.a }} {{ (index .Alerts.Firing 0).StartsAt }}',
      ],
      'team firing b 0001-01-01 00:00:00 +0000 UTC',
    ],
    ['HTML', ['--template.type=html', '--template.text=<a>{{ "<b>" }}</a>'], '<a>&lt;b&gt;</a>'],
    ['text', ['--template.text=<a>{{ "<b>" }}</a>'], '<a><b></a>'],
    [
      'Handlebars',
      ['--template.glob=@*.hbs', '--template.language=handlebars', '--template.text={{> b}} {{status}}'],
      'hbs receiver firing',
    ],
    [
      'the templates of a configuration',
      ['--config.file=@go.yml', '--template.text={{ template "own" . }}'],
      'own receiver',
    ],
    ['the language of a configuration', ['--config.file=@hbs.yml', '--template.text={{> b}}'], 'hbs receiver'],
    [
      'another language',
      ['--config.file=@hbs.yml', '--template.language=go', '--template.text={{ .Status }}'],
      'alertstatus',
    ],
    [
      'a language that nobody uses',
      ['--config.file=@go.yml', '--template.language=handlebars', '--template.text={{receiver}}'],
      'receiver',
    ],
  ])('renders %s', async (_, argv, out) => {
    expect(await render(...argv)).toEqual({ code: 0, out, err: '' });
  });

  it.each([
    ['no text', [], '--template.text must be given'],
    [
      'two sources of templates',
      ['--template.text=', '--config.file=@go.yml', '--template.glob=@*.tmpl'],
      '--config.file and --template.glob exclude each other',
    ],
    ['a mistake of grammar', ['--template.text={{'], 'template: :1: unclosed action'],
    [
      'a mistake in a file',
      ['--template.text=', '--template.glob=@*.tpl'],
      '/*.tpl: template: bad.tpl:1: unexpected EOF',
    ],
    ['data that is no JSON', ['--template.text=', '--template.data=@none.json'], /^\/none\.json: not JSON: /],
    [
      'data of another shape',
      ['--template.text=', '--template.data=@bad.json'],
      "/bad.json: alerts[0].labels.a: expected a text, got a number\n/bad.json: alerts[0].startsAt: expected a time such as 2026-01-31T12:00:00Z, got 'x'",
    ],
    ['data that is not there', ['--template.text=', '--template.data=@nowhere.json'], /^\/nowhere\.json: /],
    ['a configuration with mistakes', ['--template.text=', '--config.file=@bad.yml'], /^\/bad\.yml:1:\d+: /],
  ])('says of %s what is wrong', async (_, argv, message) => {
    const { code, out, err } = await render(...argv);
    expect([code, out]).toEqual([1, '']);
    const said = /^tocsin: error: ([^]*)\n$/.exec(err)?.[1];
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});
