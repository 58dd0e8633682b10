import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { type Notification } from '../integration';
import { aNotification } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { followingOf, slackMessage } from './slack-message';

const entry = { api_url: 'http://slack.test/' };
type Rest = [notification?: Partial<Notification>, templates?: Parameters<typeof made>[2]];
const messageOf = (own: object, ...rest: Rest): string =>
  made((rendering) => goJson(slackMessage(configOf('slack', { ...entry, ...own }), rendering, null)), ...rest);

const ATTACHMENT =
  '"title":"slack.default.title","title_link":"slack.default.titlelink","pretext":"slack.default.pretext",' +
  '"text":"slack.default.text","fallback":"slack.default.fallback","callback_id":"slack.default.callbackid",';
const END = '"footer":"slack.default.footer","color":"slack.default.color"';
const TOP =
  '"username":"slack.default.username","icon_emoji":"slack.default.iconemoji","icon_url":"slack.default.iconurl"';
const MARKUP = '"mrkdwn_in":["fallback","pretext","text"]';

describe('slackMessage', () => {
  it('has these members in this order', () => {
    expect(messageOf({})).toBe(`{${TOP},"attachments":[{${ATTACHMENT}${END},${MARKUP}}]}\n`);
  });

  it('has all that can be set', () => {
    const own = {
      channel: '#ops',
      link_names: true,
      message_text: '{{ words }}',
      image_url: 'i',
      thumb_url: 't',
      short_fields: true,
      mrkdwn_in: ['title'],
      fields: [
        { title: 'a', value: '{{ words }}' },
        { title: 'b', value: 'c', short: false },
      ],
      actions: [
        { type: 'button', text: '{{ words }}', url: 'http://x.test', style: 'danger', name: 'left out' },
        { type: 'button', text: 'x', name: 'n', value: 'v', confirm: { text: 'sure?', title: 't', ok_text: 'y' } },
        { type: 'button', text: 'x', name: 'n', confirm: { text: 's', dismiss_text: 'n' } },
      ],
    };
    expect(messageOf(own, {}, fakeTemplates({ words: 'two words' }))).toBe(
      `{"channel":"#ops",${TOP},"link_names":true,"text":"two words","attachments":[{${ATTACHMENT}` +
        '"fields":[{"title":"a","value":"two words","short":true},{"title":"b","value":"c","short":false}],' +
        '"actions":[{"type":"button","text":"two words","url":"http://x.test","style":"danger"},' +
        '{"type":"button","text":"x","name":"n","value":"v","confirm":{"text":"sure?","title":"t","ok_text":"y"}},' +
        '{"type":"button","text":"x","name":"n","confirm":{"text":"s","dismiss_text":"n"}}],' +
        `"image_url":"i","thumb_url":"t",${END},"mrkdwn_in":["title"]}]}\n`,
    );
  });

  it('leaves out what is empty, but for texts that Alertmanager always sends', () => {
    const names = 'username color title title_link pretext text footer fallback callback_id icon_emoji icon_url';
    const own = Object.fromEntries(names.split(' ').map((name) => [name, '']));
    expect(messageOf(own)).toBe(`{"attachments":[{"text":"","fallback":"","callback_id":"","footer":"",${MARKUP}}]}\n`);
  });

  it('cuts the title', () => {
    const message = messageOf({ title: '{{ huge }}' }, {}, fakeTemplates({ huge: '😀'.repeat(2_000) }));
    expect(JSON.parse(message)).toMatchObject({ attachments: [{ title: `${'😀'.repeat(1_023)}…` }] });
  });

  it.each([
    ['changes', 'update', 'ts'],
    ['replies to', 'reply', 'thread_ts'],
  ] as const)('%s a message that was posted, wherever it went', (_, how, member) => {
    const following = { how, posted: { ts: '1700.5', channel: 'C1' } };
    const message = made((rendering) =>
      slackMessage(configOf('slack', { ...entry, channel: '#ops' }), rendering, following),
    );
    expect(goJson(message).startsWith(`{"channel":"C1","${member}":"1700.5",${TOP},`)).toBe(true);
  });

  it('says what it can where a template fails', () => {
    const own = {
      channel: '#ops',
      pretext: '{{ broken }}',
      message_text: 'm',
      fields: [{ title: 't', value: 'v' }],
      actions: [{ type: 'button', text: 'x', url: 'http://x.test' }],
    };
    const message = messageOf(own);
    expect(message).not.toMatch(/"(fields|actions)"/);
    expect(JSON.parse(message)).toMatchObject({
      channel: '#ops',
      text: '[FIRING:1] DiskFull',
      attachments: [
        {
          title: '[FIRING:1] DiskFull',
          text: expect.stringMatching(/DiskFull.*it is broken/s),
          fallback: '[FIRING:1] DiskFull',
          color: 'slack.default.color',
        },
      ],
    });
  });

  it('goes to the channel of the webhook where the own one fails', () => {
    expect(JSON.parse(messageOf({ channel: '{{ broken }}' }))).not.toHaveProperty('channel');
  });

  it('knows its channel also when nothing else is rendered any more', () => {
    const message = messageOf({ channel: '#{{ team }}' }, { plain: true }, fakeTemplates({ team: 'ops' }));
    expect(JSON.parse(message)).toMatchObject({ channel: '#ops', attachments: [{ title: '[FIRING:1] DiskFull' }] });
  });
});

describe('followingOf', () => {
  const api = { api_url: 'https://slack.com/api/chat.postMessage' };
  const kept = { threadTs: '1700.5', channelId: 'C1' };
  const posted = { ts: '1700.5', channel: 'C1' };

  it.each<[what: string, own: object, data: Notification['receiverData'], following: object | null]>([
    ['what is to be changed', { update_message: true }, kept, { how: 'update', posted }],
    ['what is to be replied to', { thread: true }, kept, { how: 'reply', posted }],
    ['nothing where each stands by itself', {}, kept, null],
    ['nothing the first time', { update_message: true }, {}, null],
    ['nothing without a channel', { update_message: true }, { ...kept, channelId: '' }, null],
    ['nothing without its time', { thread: true }, { channelId: 'C1' }, null],
  ])('finds %s', (_, own, receiverData, following) => {
    expect(followingOf(configOf('slack', { ...api, ...own }), aNotification({ receiverData }))).toEqual(following);
  });
});

it.each([
  [
    { update_message: true, thread: true, api_url: 'https://slack.com/api/chat.postMessage' },
    'at most one of thread & update_message must be configured',
  ],
  [{ thread: true }, 'thread needs an app token, or api_url set to https://slack.com/api/chat.postMessage'],
])('refuses %j', (own, message) => {
  expect(() => configOf('slack', { ...entry, ...own })).toThrow(message);
});

it('takes thread with a token', () => {
  expect(configOf('slack', { app_token: 'x', thread: true })).toMatchObject({ thread: true });
});
