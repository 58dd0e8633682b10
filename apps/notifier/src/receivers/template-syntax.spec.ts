import { expect, it } from 'vitest';
import { templateProblem } from './template-syntax';

it.each([
  ['', null],
  ['http://a.test/', null],
  ['{{ .A }}/{{ .B }}', null],
  ['}} {{ .A }}', null],
  ['{{ .A }', 'template: :1: unclosed action'],
  ['{{ .A }}\n\n{{ .B }', 'template: :3: unclosed action'],
  ['{{{{ }}', null],
])('of %j Go says %j', (text, problem) => {
  expect(templateProblem(text)).toBe(problem);
});
