import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { configOf, made } from '../testing/built-integration';
import { wechatMessage } from './wechat-message';

const entry = { api_secret: 's', corp_id: 'c' };
const nobody = { to_user: '', to_party: '', to_tag: '', agent_id: '' };

function jsonOf(own: object, templates?: Parameters<typeof made>[2]): string {
  const config = configOf('wechat', { ...entry, ...own });
  return goJson(made((rendering) => wechatMessage(config, rendering), {}, templates));
}

describe('wechatMessage', () => {
  it('is a text by default', () => {
    expect(jsonOf({})).toBe(
      '{"text":{"content":"wechat.default.message"},"touser":"wechat.default.to_user",' +
        '"toparty":"wechat.default.to_party","totag":"wechat.default.to_tag","agentid":"wechat.default.agent_id",' +
        '"safe":"0","msgtype":"text","markdown":{"content":""}}\n',
    );
  });

  it('may be markdown', () => {
    expect(jsonOf({ ...nobody, message_type: 'markdown', message: '*a*' })).toBe(
      '{"text":{"content":""},"safe":"0","msgtype":"markdown","markdown":{"content":"*a*"}}\n',
    );
  });

  it('is cut to what WeChat takes', () => {
    const { text } = JSON.parse(jsonOf({ message: '{{ huge }}' }, fakeTemplates({ huge: '😀'.repeat(5_000) })));
    expect(text.content).toBe(`${'😀'.repeat(511)}…`);
  });

  it('is plain when the message fails', () => {
    const { text, touser } = JSON.parse(jsonOf({ message: '{{ broken }}' }));
    expect(text.content).toContain('firing {alertname="DiskFull"');
    expect(touser).toBe('wechat.default.to_user');
  });
});
