import { expect, it } from 'vitest';
import { templateProblem } from './template-syntax';

it.each([
  ['', null],
  ['http://a.test/', null],
  ['{{ .A }}/{{ .B }}', null],
  ['}} {{ .A }}', null],
  ['{{ .A }', 'template: :1: unexpected "}" in operand'],
  ['{{ .A }}\n\n{{ .B', 'template: :3: unclosed action'],
  ['{{ .A | toUpper }}', 'template: :1: function "toUpper" not defined'],
  ['{{ .A | printf "%s" }}', null],
])('of %j Go says %j', (text, problem) => {
  expect(templateProblem(text)).toBe(problem);
});
