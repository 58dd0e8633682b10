import { expect, it } from 'vitest';
import { expandTemplate, parseTemplate } from './template';

const data = { labels: { __name__: 'up', instance: 'a:9100', proto__: '' }, value: 1_500_000 };
const external = { labels: { cluster: 'eu' }, url: 'http://tocsin:8880' };

function expanded(text: string): string {
  const parsed = parseTemplate(text);
  return parsed.ok ? expandTemplate(parsed.template, data, external) : `refused: ${parsed.error}`;
}

it.each([
  ['plain text', 'nothing to expand', 'nothing to expand'],
  ['a label', '{{ $labels.instance }} is down', 'a:9100 is down'],
  ['a label in dot form', '{{.Labels.instance}}', 'a:9100'],
  ['the metric name', '{{ $labels.__name__ }}', 'up'],
  ['a label that is missing', '<{{ $labels.job }}>', '<>'],
  ['a name objects inherit', '<{{ $labels.constructor }}>', '<>'],
  ['the value as Go prints it', '{{ $value }} {{ .Value }}', '1.5e+06 1.5e+06'],
  ['an external label', '{{ $externalLabels.cluster }}{{ .ExternalLabels.cluster }}', 'eueu'],
  ['the external URL', '{{ $externalURL }} {{ .ExternalURL }}', 'http://tocsin:8880 http://tocsin:8880'],
  ['trim markers', 'a  {{- $value -}}\n b', 'a1.5e+06b'],
  ['a comment', 'a{{/* why */}}b', 'ab'],
])('expands %s', (_, text, result) => {
  expect(expanded(text)).toBe(result);
});

it.each([
  ['a function', 'up for {{ $value | humanizeDuration }}', '{{ $value | humanizeDuration }}'],
  ['a condition', '{{ if $value }}x{{ end }}', '{{ if $value }}'],
  ['an unknown variable', '{{ $labls.x }}', '{{ $labls.x }}'],
  ['all labels', '{{ $labels }}', '{{ $labels }}'],
  ['a quoted brace', '{{ "}}" }}', '{{ "}}'],
])('refuses %s', (_, text, shown) => {
  const why = 'the full template language is not supported yet by this version of Tocsin';
  expect(expanded(text)).toBe(`refused: ${shown}: ${why}`);
});

it('refuses an action without an end', () => {
  expect(expanded('{{ $value')).toBe('refused: unclosed action');
});
