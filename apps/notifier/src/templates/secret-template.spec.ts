import { expect, it } from 'vitest';
import { aNotification } from '../receivers/integration.contract';
import { GoTemplates } from './go-templates';
import { NotificationFacts } from './notification-facts';
import { secretTemplateError } from './secret-template';

const run = new GoTemplates(() => 0).of(new NotificationFacts(aNotification(), 'team', ''));

it.each([
  ['http://a.test/{{ .A', 'template: :1: unclosed action'],
  ['http://a.test/{{ canary }}', 'template: :1: function <secret> not defined'],
  ['{{ 1canary }}', 'template: :1: bad number syntax: <secret>'],
  ['{{ template canary }}', 'template: :1: unexpected <secret> in template clause'],
  ['{{ $canary }}', 'template: :1: undefined variable <secret>'],
  ['{{ .canary }}', "template: :1:3: can't evaluate field <secret> in type *template.Data"],
  ['{{ template "canary" }}', 'template: :1:12: template <secret> not defined'],
  [
    '{{ index .Alerts "canary>: <" }}',
    'template: :1:3: error calling index: cannot index slice/array with type string',
  ],
])('of %j is said %j', (source, said) => {
  const rendered = run.text(source);
  expect(secretTemplateError(rendered.ok ? '' : rendered.error)).toBe(said);
});

it('says nothing of Handlebars', () => {
  expect(secretTemplateError('handlebars: line 1: {{canary')).toBe('<secret>');
});
