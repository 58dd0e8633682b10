import { describe, expect, it } from 'vitest';
import { type Templates } from '../../templates/templates';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { type Notification } from '../integration';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { pushoverParameters } from './pushover-message';

const keys = { token: 'T', user: 'U' };
type Rest = [notification?: Partial<Notification>, templates?: Templates];
const parametersOf = (own: object, ...rest: Rest): object =>
  made(
    (rendering) => pushoverParameters(configOf('pushover', { token: 't', user_key: 'u', ...own }), keys, rendering),
    ...rest,
  );

const DEFAULTS = {
  token: 'T',
  user: 'U',
  title: 'pushover.default.title',
  message: 'pushover.default.message',
  url: 'pushover.default.url',
  url_title: '',
  priority: '2',
  retry: '60',
  expire: '3600',
  device: '',
  sound: '',
};

describe('pushoverParameters', () => {
  it('has these in any case', () => {
    const own = { priority: '{{ priority }}' };
    expect(parametersOf(own, {}, fakeTemplates({ priority: '2' }))).toEqual(DEFAULTS);
  });

  it('has all that can be set', () => {
    const own = {
      title: 't',
      message: ' m ',
      url: 'http://x.test',
      url_title: 'x',
      device: 'd',
      sound: 's',
      priority: '1',
      retry: '1m30s500ms',
      expire: '2h',
      ttl: '1m1s',
      monospace: true,
    };
    expect(parametersOf(own)).toEqual({
      ...DEFAULTS,
      title: 't',
      message: 'm',
      url: 'http://x.test',
      url_title: 'x',
      device: 'd',
      sound: 's',
      priority: '1',
      retry: '90',
      expire: '7200',
      ttl: '61',
      monospace: '1',
    });
  });

  it('does not ask for a lifetime of less than a second', () => {
    expect(parametersOf({ ttl: '900ms' })).not.toHaveProperty('ttl');
  });

  it('renders for HTML what is to be HTML', () => {
    const templates: Templates = {
      ...fakeTemplates(),
      of: () => ({ text: (text) => ({ ok: true, text }), html: (text) => ({ ok: true, text: `html:${text}` }) }),
    };
    expect(
      parametersOf({ html: true, message: '{{ x }}', title: '{{ x }}', priority: '0' }, {}, templates),
    ).toMatchObject({
      html: '1',
      message: 'html:{{ x }}',
      title: '{{ x }}',
    });
  });

  it('keeps to the limits of Pushover', () => {
    const huge = `${'😀'.repeat(5_000)}`;
    const own = { title: '{{ huge }}', message: '{{ huge }}', url: '{{ huge }}' };
    expect(parametersOf(own, {}, fakeTemplates({ huge }))).toMatchObject({
      title: `${'😀'.repeat(249)}…`,
      message: `${'😀'.repeat(1_023)}…`,
      url: `${'😀'.repeat(511)}…`,
    });
  });

  it('is plain instead of half an HTML text', () => {
    const own = { html: true, message: '{{ huge }}' };
    const fits = 'b'.repeat(1_024);
    expect(parametersOf(own, {}, fakeTemplates({ huge: fits }))).toMatchObject({ html: '1', message: fits });
    const plain = parametersOf(own, {}, fakeTemplates({ huge: `<b>${fits}</b>` }));
    expect(plain).toMatchObject({
      message: expect.stringMatching(/^firing \{alertname="DiskFull"[^]*it is longer than Pushover takes/),
    });
    expect(plain).not.toHaveProperty('html');
  });

  it('is no half HTML text when it is plain because a template fails', () => {
    const alerts = [anAlert({ annotations: { summary: '"'.repeat(900) } })];
    const plain = parametersOf({ html: true, message: '{{ broken }}' }, { alerts });
    expect(plain).toMatchObject({ message: expect.stringContaining('alertname="DiskFull"') });
    expect(plain).not.toHaveProperty('html');
  });

  it('has a message, whatever comes of it', () => {
    expect(parametersOf({ message: ' \n' })).toMatchObject({ message: '(no details)' });
  });

  it.each([
    ['2', {}],
    ['0', { alerts: [anAlert({ endsAtMs: 1 })] }],
  ])('says what it can where a template fails, with priority %s', (priority, notification) => {
    const own = { priority: '{{ broken }}', sound: '{{ broken }}' };
    expect(parametersOf(own, notification)).toMatchObject({
      title: expect.stringContaining('DiskFull'),
      message: expect.stringMatching(/DiskFull.*it is broken/s),
      url: 'pushover.default.url',
      priority,
      sound: '',
    });
  });

  it('says it in HTML where it is to be HTML', () => {
    expect(parametersOf({ html: true, message: '{{ broken }}' })).toMatchObject({
      html: '1',
      message: expect.stringContaining('alertname=&#34;DiskFull&#34;'),
    });
  });
});
