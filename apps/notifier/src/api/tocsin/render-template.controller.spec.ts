import { Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GoTemplates } from '../../templates/go-templates';
import { NO_HANDLEBARS } from '../../templates/built-in-templates';
import { TryTemplateService } from '../../templates/try-template.service';
import { aNotifierConfig } from '../../testing/a-config';
import { RenderTemplateController } from './render-template.controller';

const nowMs = Date.UTC(2026, 0, 5, 12);
const go = new GoTemplates(() => nowMs);
go.add('own.tmpl', '{{ define "own" }}own {{ .Receiver }}{{ end }}');
const receivers = [
  { name: 'team', labels: { name: 'team' }, templateLanguage: 'go' as const, integrations: [] },
  { name: 'hbs', labels: { name: 'hbs' }, templateLanguage: 'handlebars' as const, integrations: [] },
];
const config = aNotifierConfig({ receivers, templates: { go, handlebars: NO_HANDLEBARS } });
const service = new TryTemplateService({ config }, { nowMs: () => nowMs }, () => 'http://tocsin.test');

@Module({
  controllers: [RenderTemplateController],
  providers: [{ provide: TryTemplateService, useValue: service }],
})
class TestModule {}

let server: HttpServer;
let url: string;
beforeAll(async () => {
  server = await HttpServer.create({ module: TestModule, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/templates/render`;
});
afterAll(() => server.close());

const post = async (body: unknown) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
};

const labels = { alertname: 'DiskFull', instance: 'a' };
const alerts = [{ labels, annotations: { summary: 'full <b>' } }];

describe('POST /api/tocsin/v1/templates/render', () => {
  it.each([
    ['a small group, if none is given', { template: '{{ .Status }} {{ len .Alerts }}' }, 'firing 2'],
    ['its own templates', { template: '{{ template "own" . }}', receiver: 'team' }, 'own team'],
    ['the built-in ones', { template: '{{ template "__subject" . }}', alerts }, '[FIRING:1] DiskFull a '],
    [
      'given alerts',
      { template: '{{ .CommonAnnotations.summary }} {{ .ExternalURL }}', alerts },
      'full <b> http://tocsin.test',
    ],
    ['HTML', { template: '<p>{{ .CommonAnnotations.summary }}</p>', type: 'html', alerts }, '<p>full &lt;b&gt;</p>'],
    ['given labels', { template: '{{ .GroupLabels }}', alerts, groupLabels: { a: 'b' } }, 'a=b'],
    ['a given reason', { template: '{{ .NotificationReason }}', alerts, reason: 'muted by me' }, 'muted by me'],
    [
      'alerts that have ended',
      {
        template:
          '{{ range .Alerts }}{{ .Status }} {{ .StartsAt.Unix }} {{ .EndsAt.Unix }} {{ .GeneratorURL }};{{ end }}',
        alerts: [
          { labels, startsAt: '2026-01-05T11:00:00Z', endsAt: '2026-01-05T11:30:00Z', generatorURL: 'http://g' },
          { labels, status: 'resolved' },
          { labels, status: 'firing', endsAt: '2026-01-05T11:30:00Z' },
        ],
      },
      `resolved ${nowMs / 1000 - 3600} ${nowMs / 1000 - 1800} http://g;resolved ${nowMs / 1000} ${nowMs / 1000} ;firing ${nowMs / 1000} -62135596800 ;`,
    ],
    ['Handlebars', { template: '{{status}} {{receiver}}', language: 'handlebars' }, 'firing receiver'],
    ['the language of a receiver', { template: '{{status}} {{receiver}}', receiver: 'hbs' }, 'firing hbs'],
    ['another language than the receiver has', { template: '{{ .Receiver }}', receiver: 'hbs', language: 'go' }, 'hbs'],
  ])('renders %s', async (_, body, text) => {
    expect(await post(body)).toEqual({ status: 200, text: `${JSON.stringify({ text })}\n` });
  });

  it.each([
    ['a mistake of grammar', { template: 'a\n{{ .Status' }, 'template: :2: unclosed action'],
    [
      'what is not there',
      { template: '{{ .Nope }}' },
      `template: :1:3: executing "" at <.Nope>: can't evaluate field Nope in type *template.Data`,
    ],
    ['Handlebars', { template: '{{stauts}}', language: 'handlebars' }, /^handlebars:1:2: "stauts" not defined/],
    [
      'what takes too long',
      {
        template: '{{ range $i := .Alerts }}{{ end }}{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}',
      },
      /exceeded/,
    ],
  ])('tells of %s', async (_, body, error) => {
    const { status, text } = await post(body);
    expect(status).toBe(400);
    const answer = JSON.parse(text) as { error: string };
    if (typeof error === 'string') expect(answer).toEqual({ error });
    else expect(answer.error).toMatch(error);
  });

  it.each([
    ['no template', {}, 400, 'template: expected a text, got nothing\n'],
    ['a language that is none', { template: '', language: 'jinja' }, 400, 'language: expected go or handlebars\n'],
    ['a receiver that is none', { template: '', receiver: 'x' }, 400, 'receiver: there is no receiver "x"\n'],
    [
      'a reason that is none',
      { template: '', alerts, reason: 'x' },
      400,
      /^reason: expected one of first notification, /,
    ],
    ['labels of no alerts', { template: '', groupLabels: {} }, 400, /^alerts: expected some, where /],
    [
      'too many alerts',
      { template: '', alerts: Array(501).fill(alerts[0]) },
      400,
      'alerts: expected at most 500 of them\n',
    ],
    ['too much', { template: 'x'.repeat(256 * 1024) }, 413, 'request body is larger than 262144 bytes\n'],
    ['something unknown', { template: '', file: 'x' }, 400, 'file: is not known here\n'],
  ])('refuses %s', async (_, body, status, text) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    if (typeof text === 'string') expect(answer.text).toBe(text);
    else expect(answer.text).toMatch(text);
  });
});
