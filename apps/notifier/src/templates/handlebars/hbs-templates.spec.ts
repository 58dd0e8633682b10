import { describe, expect, it, vi } from 'vitest';
import { aNotification, anAlert } from '../../receivers/integration.contract';
import { type Notification } from '../../receivers/integration';
import { NotificationFacts } from '../notification-facts';
import { type Rendered } from '../templates';
import { type HbsFile } from './hbs-file';
import { HbsTemplates } from './hbs-templates';

const START = Date.UTC(2026, 0, 1);
const NOW = START + 3_725_000;

function run(source: string, { files = [], form = 'text', ...overrides }: Given = {}): Rendered {
  const facts = new NotificationFacts(aNotification(overrides), 'team', 'http://tocsin.test');
  return new HbsTemplates(files, () => NOW).of(facts)[form](source);
}
type Given = Partial<Notification> & { files?: readonly HbsFile[]; form?: 'text' | 'html' };
const textOf = (source: string, given?: Given): string => {
  const rendered = run(source, given);
  return rendered.ok ? rendered.text : `failed: ${rendered.error}`;
};

describe('HbsTemplates', () => {
  it.each([
    ['{{status}} {{reason}}', 'firing first notification'],
    ['{{#each alerts}}{{name}} {{labels.instance}} {{annotations.summary}}{{/each}}', 'DiskFull a Disk is full'],
    ['{{#each alerts}}[{{labels.none}}{{annotations.runbook_url}}]{{/each}}', '[]'],
    [
      '{{#each (pairs alerts.[0].labels)}}{{#unless @first}}, {{/unless}}{{name}}={{value}}{{/each}}',
      'alertname=DiskFull, instance=a',
    ],
    ['{{#each alerts as |a i|}}{{i}}:{{a.name}}{{/each}}', '0:DiskFull'],
    ['{{#if resolved}}r{{else}}none{{/if}}{{#unless resolved}}!{{/unless}}', 'none!'],
    ['{{#with alerts.[0]}}{{name}} {{../receiver}}{{/with}}', 'DiskFull team'],
    ['{{#each alerts}}{{duration duration}}{{/each}}', '1h 2m'],
    [
      '{{#each alerts}}{{date startsAt format="ddd DD.MM.YYYY HH:mm ZZ" zone="Europe/Berlin"}}{{/each}}',
      'Thu 01.01.2026 01:00 +01:00',
    ],
    ['{{#each alerts}}{{date startsAt}}{{/each}}', '2026-01-01 00:00:00 UTC'],
    [
      '{{upper status}} {{truncate "a long text" 5}} {{default "" "d"}} {{concat "a" 1}} {{join (take alerts 0) ","}}',
      'FIRING a lo… d a1 ',
    ],
    [
      '{{replace "a.b.c" "." "-"}} {{contains "abc" "b"}} {{and 1 ""}} {{or "" 1}} {{not ""}}',
      'a-b-c true false true true',
    ],
    [
      '{{eq 1 1}} {{ne 1 1}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 1 2}} {{minus 5 2}}',
      'true false true true false false 3',
    ],
    ['[{{httpUrl "javascript:x"}}] {{httpUrl "http://a.test/(b) c"}}', '[] http://a.test/%28b%29%20c'],
    [
      '{{slackText "<&>"}} {{#slackText}}<{{#each alerts}}{{name}}{{/each}}&{{status}}>{{/slackText}}',
      '&lt;&amp;&gt; &lt;DiskFull&amp;firing&gt;',
    ],
    ['{{json groupLabels}}', '{"alertname":"DiskFull"}'],
    ['{{lookup groupLabels "alertname"}}', 'DiskFull'],
    ['{{links.alerts}}', 'http://tocsin.test/#/alerts?receiver=team'],
    [
      '{{#each alerts}}{{links.source}} {{links.silence}}{{/each}}',
      'http://prometheus/graph http://tocsin.test/#/silences/new?filter=%7Balertname%3D%22DiskFull%22%2C%20instance%3D%22a%22%7D',
    ],
    ['a <b> & "c"', 'a <b> & "c"'],
  ])('renders %s', (source, text) => expect(textOf(source)).toBe(text));

  it('knows what became of alerts since the receiver was told last', () => {
    const given = (fingerprint: string, endsAtMs = 0, startsAtMs = START) =>
      anAlert({ fingerprint, endsAtMs, startsAtMs, labels: { alertname: fingerprint } });
    const lists =
      '{{#each new}}new {{name}};{{/each}}{{#each stillFiring}}still {{name}};{{/each}}' +
      '{{#each unmuted}}unmuted {{name}};{{/each}}{{#each resolved}}resolved {{name}};{{/each}}';
    const alerts = [given('a'), given('b'), given('c', START + 1), given('d'), given('e', 0, START + 500)];
    const before = { sequence: 1, atMs: START + 100, firing: ['b', 'c'], resolved: ['d', 'e'] };
    expect(textOf(lists, { alerts, before })).toBe('new a;new e;still b;unmuted d;resolved c;');
    expect(textOf(lists, { alerts, before: null })).toBe('new a;new b;new d;new e;resolved c;');
  });

  it('looks through what was told once, and not for each alert', () => {
    const alerts = Array.from({ length: 100 }, (_, at) => anAlert({ fingerprint: `${at}` }));
    const firing = alerts.map(({ fingerprint }) => fingerprint);
    const looked = vi.spyOn(firing, 'includes');
    const before = { sequence: 1, atMs: START, firing, resolved: firing };
    expect(textOf('{{count stillFiring}}', { alerts, before })).toBe('100');
    expect(looked).not.toHaveBeenCalled();
  });

  it('escapes for HTML, also in partials that text used before', () => {
    const given: Given = {
      groupLabels: { alertname: '<&"' },
      files: [{ name: 'p', text: '{{groupLabels.alertname}}' }],
    };
    const facts = new NotificationFacts(aNotification(given), 'team', '');
    const made = new HbsTemplates(given.files ?? [], () => NOW).of(facts);
    expect(made.text('{{> p}}')).toEqual({ ok: true, text: '<&"' });
    expect(made.html('{{> p}}')).toEqual({ ok: true, text: '&lt;&amp;&quot;' });
  });

  it('takes files for partials, which may replace those that are there', () => {
    const files = [{ name: 'slack.default.title', text: 'mine: {{> subject}}' }];
    expect(textOf('{{ template "slack.default.title" . }}', { files })).toBe('mine: [FIRING:1] DiskFull');
    expect(textOf('{{> slack.default.title}}', { files })).toBe('mine: [FIRING:1] DiskFull');
  });

  it.each([
    ['a name that is not there', '{{stauts}}', '"stauts" not defined'],
    ['a helper that is not there', '{{shout status}}', 'unknown helper'],
    ['a partial that is not there', '{{> none}}', 'none could not be found'],
    ['a block that does not end', '{{#if status}}', 'unexpected eof near {{#if status}}'],
    ['a helper of Handlebars that writes to the log', '{{log status}}', 'unknown helper'],
    ['a number that is none', '{{gt status 1}}', 'gt needs a number, got "firing"'],
    ['a list that is none', '{{count status}}', 'count needs a list, got "firing"'],
    ['a zone that is none', '{{date 0 zone="Nowhere/Here"}}', 'unknown time zone "Nowhere/Here"'],
    ['a partial that calls itself', '{{> loop}}', 'call stack'],
    [
      'loops within loops',
      '{{#each alerts}}{{#each @root.alerts}}{{#each @root.alerts}}x{{/each}}{{/each}}{{/each}}',
      'exceeded 100000 turns',
    ],
  ])('fails on %s', (_, source, reason) => {
    const alerts = Array.from({ length: 60 }, () => anAlert());
    const rendered = run(source, { files: [{ name: 'loop', text: '{{> loop}}' }], alerts });
    expect(rendered).toMatchObject({ ok: false, error: expect.stringMatching(/^handlebars:/) });
    expect(!rendered.ok && rendered.error.toLowerCase()).toContain(reason.toLowerCase());
  });

  const doubling = Array.from(
    { length: 40 },
    (_, at) => `{{#*inline "p${at}"}}${`{{> p${at + 1}}}`.repeat(2)}{{/inline}}`,
  );

  it.each([
    [
      'partials that call others twice each',
      `${doubling.join('')}{{#*inline "p40"}}{{/inline}}{{> p0}}`,
      'exceeded 100000 turns of each',
    ],
    ['long loops', `{{#each alerts}}${'x'.repeat(1_000_000)}{{/each}}`, 'exceeded 4000000 characters'],
    [
      'texts that grow',
      `{{replace (replace "${'a'.repeat(9_999)}" "a" "${'b'.repeat(9_999)}") "b" "cc"}}`,
      'exceeded 4000000 characters',
    ],
    ['lists that grow', `{{join alerts "${'x'.repeat(1_000_000)}"}}`, 'exceeded 4000000 characters'],
    ['deep blocks', '{{#if status}}'.repeat(1_001) + '{{/if}}'.repeat(1_001), 'exceeded 1000 blocks'],
    ['chains of else', `{{#if a}}${'{{~ else if a}}'.repeat(1_000)}{{/if}}`, 'exceeded 1000 blocks'],
    ['deep calls', `{{upper ${'(upper '.repeat(1_001)}`, 'exceeded 1000 parentheses'],
    ['many values', '{{status}}'.repeat(5_001), 'exceeded 5000 expressions'],
  ])('stops whom nobody knows: %s', (_, source, reason) => {
    const facts = new NotificationFacts(
      aNotification({ alerts: Array.from({ length: 60 }, () => anAlert()) }),
      'team',
      'http://tocsin.test',
    );
    expect(new HbsTemplates([], () => NOW).once(facts).text(source)).toMatchObject({
      ok: false,
      error: expect.stringContaining(reason),
    });
  });

  it.each([
    '{{constructor}}',
    '{{alerts.constructor}}',
    '{{groupLabels.constructor}}',
    '{{lookup alerts "constructor"}}',
    '{{__proto__}}',
    '{{#with alerts}}{{toString}}{{/with}}',
    '{{#each alerts}}{{lookup labels "__proto__"}}{{/each}}',
  ])('shows nothing of prototypes: %s', (source) => {
    const rendered = run(source);
    expect(!rendered.ok || rendered.text === '').toBe(true);
  });

  it('says where a text cannot be parsed', () => {
    const templates = new HbsTemplates([], () => NOW);
    expect(templates.problemOf('{{#if a}}\n{{/unless}}', 'mail.hbs')).toMatch(/^handlebars:mail\.hbs:\d+(:\d+)?: /);
    expect(templates.problemOf('{{> p}}', 'ok.hbs')).toBeNull();
  });

  it('has a payload for webhooks, in JSON whatever is in the alerts', () => {
    const alerts = [anAlert({ annotations: { summary: '"\\\n\u2028<b>' } })];
    const payload: unknown = JSON.parse(textOf('{{> webhook.default.payload}}', { alerts }));
    expect(payload).toMatchObject({
      status: 'firing',
      reason: 'first notification',
      receiver: 'team',
      groupLabels: { alertname: 'DiskFull' },
      new: [
        { name: 'DiskFull', annotations: { summary: '"\\\n\u2028<b>' }, links: { source: 'http://prometheus/graph' } },
      ],
      unmuted: [],
      stillFiring: [],
      resolved: [],
      links: { alerts: 'http://tocsin.test/#/alerts?receiver=team' },
    });
  });

  it('parts the sections of a text by an empty line, and ends with the link', () => {
    const alerts = [anAlert(), anAlert({ endsAtMs: NOW, labels: { alertname: 'Gone' }, annotations: {} })];
    expect(textOf('{{ template "email.default.text" . }}', { alerts })).toBe(
      [
        'New (1)',
        '- Disk is full (for 1h 2m)',
        '  alertname=DiskFull, instance=a',
        '',
        'Resolved (1)',
        '- Gone (lasted 1h 2m)',
        '  alertname=Gone',
        '',
        'http://tocsin.test/#/alerts?receiver=team',
        '',
      ].join('\n'),
    );
  });

  it.each(['email.default.html', 'slack.default.text', 'msteams.default.text', 'email.default.text'])(
    '%s says what there is to say, and how to go on',
    (name) => {
      const alerts = [anAlert(), anAlert({ endsAtMs: NOW, labels: { alertname: 'Gone' }, annotations: {} })];
      const text = textOf(`{{ template "${name}" . }}`, { alerts });
      expect(text).toContain('Disk is full');
      expect(text).toContain('Gone');
      expect(text).toContain('Resolved');
      expect(text).toContain('http://tocsin.test');
    },
  );

  describe('with what an alert may bring', () => {
    const alert = (generatorURL: string, given: Readonly<Record<string, string>> = {}) =>
      anAlert({ generatorURL, labels: { alertname: 'A', path: '/(x)' }, annotations: given });
    const markdown = ['msteams.default.text', 'msteamsv2.default.text', 'discord.default.message'].concat(
      'mattermost.default.text',
      'rocketchat.default.text',
      'webex.default.message',
    );

    it.each(['javascript:alert(1)', 'data:text/html,x', ''])('has no link to the source %j', (url) => {
      const alerts = [alert(url)];
      expect(textOf('{{#each alerts}}[{{links.source}}]{{/each}}', { alerts })).toBe('[]');
      for (const name of [...markdown, 'slack.default.text', 'email.default.html']) {
        const text = textOf(`{{ template "${name}" . }}`, { alerts, form: 'html' });
        expect(text, name).toContain('explain');
        expect(text, name).not.toMatch(/source|javascript:|data:/i);
      }
    });

    it.each([
      ['javascript:alert(1)', null],
      ['https://wiki.test/a b', 'https://wiki.test/a%20b'],
    ])('has in mails for the runbook %j the link %j', (runbook, link) => {
      const alerts = [alert('', { runbook_url: runbook })];
      const html = textOf('{{ template "email.default.html" . }}', { alerts, form: 'html' });
      expect(/<a href="([^"]*)" [^>]*>Runbook</.exec(html)?.[1] ?? null).toBe(link);
    });

    it('mentions nobody in Slack', () => {
      const bad = '<!channel> & <@U1>';
      const fields = ['title', 'titlelink', 'username', 'fallback', 'color', 'text', 'pretext', 'footer'];
      for (const annotations of [{ summary: bad }, {}]) {
        const alerts = [anAlert({ labels: { alertname: bad }, annotations, generatorURL: 'http://p/?a=<!here>&b=|' })];
        for (const field of fields) {
          const text = textOf(`{{ template "slack.default.${field}" . }}`, { alerts, groupLabels: { alertname: bad } });
          expect(text, field).not.toMatch(/<[!@]/);
        }
        const text = textOf('{{ template "slack.default.text" . }}', { alerts });
        expect(text).toContain('&lt;!channel&gt; &amp; &lt;@U1&gt; (for');
        expect(text).toContain('<http://p/?a=%3C!here%3E&amp;b=%7C|source> <http://tocsin.test/#/silences/new?');
      }
      const title = textOf('{{ template "slack.default.title" . }}', { groupLabels: { alertname: bad } });
      expect(title).toBe('[FIRING:1] &lt;!channel&gt; &amp; &lt;@U1&gt;');
    });

    it.each(markdown)('%s keeps its links whole', (name) => {
      const text = textOf(`{{ template "${name}" . }}`, { alerts: [alert('http://p/graph?q=sum(a) > 1')] });
      expect(text).toContain('[source](http://p/graph?q=sum%28a%29%20%3E%201) [silence](');
      expect([...text.matchAll(/\]\(([^)]*)\)/g)].map(([, url = '']) => url.replace(/.*[#?]/s, ''))).toEqual([
        'q=sum%28a%29%20%3E%201',
        'filter=%7Balertname%3D%22A%22%2C%20path%3D%22%2F%28x%29%22%7D',
        'filter=%7Balertname%3D%22A%22%2C%20path%3D%22%2F%28x%29%22%7D',
      ]);
    });
  });
});
