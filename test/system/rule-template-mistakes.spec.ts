import { spawnSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { PROGRAM } from '../support/tocsin';

const started = new Started();
afterAll(() => started.stopAll());

const MISTAKES: readonly string[] = [
  '{{ $value',
  '{{ $value }',
  '{{ - $value }}',
  '{{ humanise $value }}',
  '\n\n{{ $labls.x }}',
  '{{ tmpl "x" . }}',
  '{{ now2 }}',
  '{{ if $value }}x',
  '{{ range }}{{ end }}',
  '{{ end }}',
  '{{ else }}',
  '{{ break }}',
  '{{ define "x" }}',
  '{{ template x }}',
  '{{ "abc }}',
  '{{ "\\q" }}',
  "{{ 'ab' }}",
  '{{ 1e }}',
  '{{ 1 | 2 }}',
  '{{ (humanize $value }}',
  '{{ a.b }}',
  '{{ .Labels.1 }}',
  '{{ $labels.x-y }}',
  '{{ /* x }}',
  '{{ @ }}',
];

it('refuses the templates that promtool refuses, in its words, with the place of each', async () => {
  const rules = MISTAKES.map((text, at) => {
    return { alert: `A${at}`, expr: 'up', [at % 2 === 0 ? 'labels' : 'annotations']: { x: text } };
  });
  const folder = await started.add(new TempFolder());
  const file = folder.write('rules.yml', JSON.stringify({ groups: [{ name: 'g', rules }] }, null, 1));
  const errorsOf = (command: string): string[] => {
    const { status, stderr } = spawnSync(command, ['check', 'rules', file], { encoding: 'utf8' });
    expect([command, status]).toEqual([command, 1]);
    return stderr.split('\n').filter((line) => line.includes(': template: '));
  };
  const wordsOf = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^.*?(?=group ")/, ''));
  const ours = errorsOf(PROGRAM);
  expect(wordsOf(ours)).toEqual(wordsOf(errorsOf('promtool')));
  expect(ours).toHaveLength(MISTAKES.length);
  expect(ours.map((line) => /rules\.yml: \d+:\d+: group/.test(line))).not.toContain(false);
});
