import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { configOf, made } from '../testing/built-integration';
import { webexMessage } from './webex-message';

const entry = { room_id: 'r', http_config: { authorization: { credentials: 't' } } };

function jsonOf(own: object, templates?: Parameters<typeof made>[2]): string {
  const config = configOf('webex', { ...entry, ...own });
  return goJson(made((rendering) => webexMessage(config, rendering), {}, templates));
}

describe('webexMessage', () => {
  it('says what and where', () => {
    expect(jsonOf({})).toBe('{"markdown":"webex.default.message","roomId":"r"}\n');
    expect(jsonOf({ message: '<b>', room_id: '{{ room }}' }, fakeTemplates({ room: '' }))).toBe(
      '{"markdown":"\\u003cb\\u003e"}\n',
    );
  });

  it('is cut to what Webex takes', () => {
    const { markdown } = JSON.parse(jsonOf({ message: '{{ huge }}' }, fakeTemplates({ huge: '😀'.repeat(5_000) })));
    expect(markdown).toBe(`${'😀'.repeat(1_859)}…`);
  });

  it('is plain when the message fails', () => {
    expect(JSON.parse(jsonOf({ message: '{{ broken }}' }))).toEqual({
      markdown: expect.stringContaining('firing {alertname="DiskFull"'),
      roomId: 'r',
    });
  });

  it('cannot be made without a room', () => {
    expect(() => jsonOf({ room_id: '{{ broken }}' })).toThrow('failed to template room_id');
  });
});
