import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { configOf, made } from '../testing/built-integration';
import { mattermostMessage } from './mattermost-message';

const entry = { webhook_url: 'http://mattermost.test/' };
const bare = { username: '', text: '', fallback: '', color: '', title: '', title_link: '' };

function jsonOf(own: object, templates?: Parameters<typeof made>[2]): string {
  const config = configOf('mattermost', { ...entry, ...own });
  return goJson(made((rendering) => mattermostMessage(config, rendering), {}, templates));
}

describe('mattermostMessage', () => {
  it('is one attachment by default', () => {
    expect(jsonOf({})).toBe(
      '{"username":"mattermost.default.username","attachments":[{"fallback":"mattermost.default.fallback",' +
        '"color":"mattermost.default.color","text":"mattermost.default.text","title":"mattermost.default.title",' +
        '"title_link":"mattermost.default.titlelink"}]}\n',
    );
  });

  it('says all that can be set', () => {
    const parts = {
      ...{ fallback: 'a', color: 'b', pretext: 'c', text: 'd', author_name: 'e', author_link: 'f', author_icon: 'g' },
      ...{ title: 'h', title_link: 'i', thumb_url: 'k', footer: 'l', footer_icon: 'm', image_url: 'n' },
      fields: [
        { title: 'x', value: 'y' },
        { title: 'x', value: 'z', short: false },
      ],
    };
    const attachment =
      '{"fallback":"a","color":"b","pretext":"c","text":"d","author_name":"e","author_link":"f","author_icon":"g",' +
      '"title":"h","title_link":"i","fields":[{"title":"x","value":"y"},{"title":"x","value":"z","short":false}],' +
      '"thumb_url":"k","footer":"l","footer_icon":"m","image_url":"n"}';
    const own = {
      ...{ channel: 'o', username: 'p', icon_url: 'q', icon_emoji: 'r', type: 's', props: { card: 't' } },
      priority: { priority: 'Urgent', requested_ack: true, persistent_notifications: true },
    };
    const rest =
      '"type":"s","props":{"card":"t"},' +
      '"priority":{"priority":"urgent","requested_ack":true,"persistent_notifications":true}}\n';
    expect(jsonOf({ ...own, ...parts })).toBe(
      `{"channel":"o","username":"p","icon_url":"q","icon_emoji":"r","attachments":[${attachment}],${rest}`,
    );
    expect(jsonOf({ ...own, ...bare, username: 'p', text: 'top', attachments: [parts, {}] })).toBe(
      `{"text":"top","channel":"o","username":"p","icon_url":"q","icon_emoji":"r","attachments":[${attachment},{}],${rest}`,
    );
  });

  it.each([
    [
      { priority: 'urgent', requested_ack: true },
      { priority: 'urgent', requested_ack: true },
    ],
    [
      { priority: 'IMPORTANT', requested_ack: true, persistent_notifications: true },
      { priority: 'important', requested_ack: true },
    ],
    [{ priority: 'standard', requested_ack: true, persistent_notifications: true }, { priority: 'standard' }],
    [{ priority: 'high', requested_ack: true }, { priority: 'standard' }],
    [{ requested_ack: true }, undefined],
  ])('says only what Mattermost takes together: %j', (priority, expected) => {
    expect(JSON.parse(jsonOf({ ...bare, priority })).priority).toEqual(expected);
  });

  it('is cut to what Mattermost takes', () => {
    const own = { text: '{{ huge }}', attachments: [{}] };
    expect(JSON.parse(jsonOf(own, fakeTemplates({ huge: '😀'.repeat(17_000) }))).text).toBe(`${'😀'.repeat(16_382)}…`);
  });

  it('is one plain attachment when a template fails', () => {
    const own = {
      channel: 'o',
      color: '',
      attachments: [{ text: '{{ broken }}' }],
      fields: [{ title: 'x', value: 'y' }],
    };
    expect(JSON.parse(jsonOf(own))).toEqual({
      channel: 'o',
      username: 'mattermost.default.username',
      attachments: [
        {
          fallback: '[FIRING:1] DiskFull',
          text: expect.stringContaining('firing {alertname="DiskFull"'),
          title: '[FIRING:1] DiskFull',
          title_link: 'mattermost.default.titlelink',
        },
      ],
    });
  });
});
