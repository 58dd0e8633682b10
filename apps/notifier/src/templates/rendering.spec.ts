import { describe, expect, it, vi } from 'vitest';
import { aNotification, anAlert } from '../receivers/integration.contract';
import { NotificationFacts } from './notification-facts';
import { type Made, type Rendering, renderMessage } from './rendering';
import { type Templates } from './templates';
import { BROKEN, fakeTemplates } from './testing/fake-templates';

function render<T>(make: (rendering: Rendering) => T, overrides: Parameters<typeof aNotification>[0] = {}): Made<T> {
  return renderMessage(aNotificationFacts(overrides), fakeTemplates({ '.Status': 'firing' }), make);
}

function aNotificationFacts(overrides: Parameters<typeof aNotification>[0] = {}): NotificationFacts {
  return new NotificationFacts(aNotification(overrides), 'team', 'http://tocsin.test');
}

const PLAIN = '[FIRING:1] DiskFull';

const message = (title: string, color: string) => (rendering: Rendering) => ({
  url: rendering.required('http://x.test/{{ .Status }}', 'URL'),
  title: rendering.text(title, 'subject'),
  html: rendering.html(title, 'body'),
  color: rendering.text(color),
  extra: rendering.value({ deep: [color] }),
});

describe('renderMessage', () => {
  it('makes the message that is configured', () => {
    expect(render(message('is {{ .Status }}', 'red'))).toEqual({
      ok: true,
      degraded: null,
      message: {
        url: 'http://x.test/firing',
        title: 'is firing',
        html: 'is firing',
        color: 'red',
        extra: new Map([['deep', ['red']]]),
      },
    });
  });

  it('makes a plain one when a template fails, with what of it still can be rendered', () => {
    const made = render(message('{{ broken }}', 'red'));
    expect(made).toMatchObject({
      ok: true,
      degraded: BROKEN,
      message: { url: 'http://x.test/firing', title: '[FIRING:1] DiskFull', color: 'red' },
    });
    const { html } = (made.ok && made.message) as { html: string };
    expect(html).toContain('firing {alertname=&#34;DiskFull&#34;, instance=&#34;a&#34;}');
    expect(html).toContain('it is broken');
  });

  it('leaves empty what has no stand-in', () => {
    expect(render(message('t', '{{ broken }}'))).toMatchObject({ message: { color: '', extra: undefined } });
  });

  it('makes nothing without an address', () => {
    const make = (rendering: Rendering): string => rendering.required('{{ broken }}', 'webhook URL');
    expect(render(make)).toEqual({ ok: false, error: `failed to template webhook URL: ${BROKEN}` });
  });

  it('begins no template again that was left unfinished several times, but for the address', () => {
    const made = render(message('{{ .Status }}', 'is {{ .Status }}'), { plain: true });
    expect(made).toMatchObject({
      degraded: 'it was left unfinished several times',
      message: { url: 'http://x.test/firing', title: '[FIRING:1] DiskFull', color: '', extra: undefined },
    });
  });

  const unable: Templates = {
    of: () => {
      throw new Error('too many alerts');
    },
    once: () => fakeTemplates().once(aNotificationFacts()),
  };

  it.each([
    ['a message without templates', {}, 'title', { degraded: null, message: 'title' }],
    ['a message that is plain from the start', { plain: true as const }, '{{ .Status }}', { message: PLAIN }],
    [
      'a message with templates, which becomes a plain one',
      {},
      '{{ .Status }}',
      { degraded: 'the data of templates cannot be made: too many alerts', message: PLAIN },
    ],
  ])('needs no data of templates for %s', (_, overrides, title, made) => {
    const facts = aNotificationFacts(overrides);
    expect(renderMessage(facts, unable, (rendering) => rendering.text(title, 'subject'))).toMatchObject(made);
  });

  it('makes the data of templates once', () => {
    const templates = fakeTemplates({ '.Status': 'firing' });
    const of = vi.spyOn(templates, 'of');
    renderMessage(aNotificationFacts(), templates, message('{{ .Status }}', '{{ .Status }}'));
    expect(of).toHaveBeenCalledOnce();
  });

  it('is no place for mistakes of its own', () => {
    const make = (): never => {
      throw new TypeError('a mistake in the program');
    };
    expect(() => render(make)).toThrow('a mistake in the program');
  });
});

describe('the plain message', () => {
  const bodyOf = (alerts: ReturnType<typeof anAlert>[]): { subject: string; body: string } => {
    const made = render((rendering) => rendering.text('{{ broken }}', 'subject') + '\n' + rendering.text('', 'body'), {
      alerts,
    });
    const text = made.ok ? made.message : '';
    return { subject: text.split('\n')[0] ?? '', body: text };
  };

  it('says which alerts fire, what is known of them, and why it is plain', () => {
    expect(bodyOf([anAlert(), anAlert({ endsAtMs: 1, annotations: {} })]).body).toBe(
      [
        '[FIRING:1] DiskFull',
        'firing {alertname="DiskFull", instance="a"}',
        '  summary: Disk is full',
        'resolved {alertname="DiskFull", instance="a"}',
        '',
        `This is a plain message, because the configured one could not be made: ${BROKEN}`,
        'http://tocsin.test',
      ].join('\n'),
    );
  });

  it('names twenty of many', () => {
    const { subject, body } = bodyOf(Array.from({ length: 25 }, () => anAlert({ endsAtMs: 1 })));
    expect(subject).toBe('[RESOLVED] DiskFull');
    expect(body.match(/^resolved/gm)).toHaveLength(20);
    expect(body).toContain('\nand 5 more\n');
  });
});
