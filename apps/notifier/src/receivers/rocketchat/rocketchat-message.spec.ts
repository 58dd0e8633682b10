import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { configOf, made } from '../testing/built-integration';
import { rocketchatMessage } from './rocketchat-message';

const entry = { token: 't', token_id: 'i' };
const color = '{{ if eq .Status "firing" }}red{{ else }}green{{ end }}';

function jsonOf(own: object, templates?: Parameters<typeof made>[2]): string {
  const config = configOf('rocketchat', { ...entry, ...own });
  return goJson(made((rendering) => rocketchatMessage(config, rendering), {}, templates));
}

describe('rocketchatMessage', () => {
  it('has one attachment', () => {
    expect(configOf('rocketchat', entry).color).toBe(color);
    expect(jsonOf({ color: 'red', channel: '#ops' })).toBe(
      '{"channel":"#ops","emoji":"rocketchat.default.emoji","avatar":"rocketchat.default.iconurl","attachments":[' +
        '{"title":"rocketchat.default.title","title_link":"rocketchat.default.titlelink",' +
        '"text":"rocketchat.default.text","color":"red"}]}\n',
    );
  });

  it('has fields and buttons', () => {
    const own = {
      ...{ channel: '', color: '', title: '', title_link: '', text: '', emoji: '', icon_url: '' },
      image_url: 'http://i.test/',
      thumb_url: 'http://t.test/',
      short_fields: true,
      fields: [
        { title: 'a', value: 'b' },
        { title: 'c', value: '', short: false },
      ],
      actions: [{ type: 'link', text: 'x', url: 'http://u.test/', imageurl: 'i', iswebview: true, msg: 'm' }, {}],
    };
    expect(jsonOf(own)).toBe(
      '{"attachments":[{"image_url":"http://i.test/","thumb_url":"http://t.test/",' +
        '"fields":[{"short":true,"title":"a","value":"b"},{"short":false,"title":"c"}],' +
        '"actions":[{"type":"button","text":"x","url":"http://u.test/","is_webview":false,"msg":"m",' +
        '"msg_in_chat_window":false},{"type":"button","is_webview":false,"msg_in_chat_window":false}]}]}\n',
    );
  });

  it('is cut to what Rocket.Chat takes', () => {
    const { attachments } = JSON.parse(jsonOf({ title: '{{ huge }}' }, fakeTemplates({ huge: '😀'.repeat(5_000) })));
    expect(attachments[0].title).toBe(`${'😀'.repeat(1_023)}…`);
  });

  it('is plain when a template fails, without what may not be valid then', () => {
    const own = { color: '{{ broken }}', fields: [{ title: 'a', value: 'b' }], actions: [{ text: 'x' }] };
    expect(JSON.parse(jsonOf(own)).attachments).toEqual([
      {
        title: '[FIRING:1] DiskFull',
        title_link: 'rocketchat.default.titlelink',
        text: expect.stringContaining('firing {alertname="DiskFull"'),
      },
    ]);
  });

  it('cannot be made without a channel', () => {
    expect(() => jsonOf({ channel: '{{ broken }}' })).toThrow('failed to template channel');
  });
});
