import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { configOf, made } from '../testing/built-integration';
import { chatIdOf, telegramMessage } from './telegram-message';

const entry = { bot_token: 't', chat_id: -100123 };

function jsonOf(own: object, templates?: Parameters<typeof made>[2]): string {
  const config = configOf('telegram', { ...entry, ...own });
  return goJson(made((rendering) => telegramMessage(config, rendering, '-100123'), {}, templates));
}

const textOf = (own: object, templates?: Parameters<typeof made>[2]): string => JSON.parse(jsonOf(own, templates)).text;

describe('telegramMessage', () => {
  it('is HTML by default', () => {
    expect(jsonOf({})).toBe(
      '{"chat_id":"-100123","disable_web_page_preview":"true","parse_mode":"HTML","text":"telegram.default.message"}\n',
    );
  });

  it('says all that can be set', () => {
    const own = { disable_notifications: true, parse_mode: 'MarkdownV2', message_thread_id: 7, message: '*a*' };
    expect(jsonOf(own)).toBe(
      '{"chat_id":"-100123","disable_notification":"true","disable_web_page_preview":"true","message_thread_id":"7",' +
        '"parse_mode":"MarkdownV2","text":"*a*"}\n',
    );
  });

  it('has no mode where none is set', () => {
    expect(jsonOf({ parse_mode: '' })).not.toContain('parse_mode');
  });

  it('is cut to what Telegram takes', () => {
    const templates = fakeTemplates({ huge: '😀'.repeat(5_000) });
    expect(textOf({ parse_mode: '', message: '{{ huge }}' }, templates)).toBe(`${'😀'.repeat(4_095)}…`);
  });

  it.each(['HTML', 'Markdown', 'MarkdownV2'])('is plain instead of half a text in %s', (mode) => {
    const own = { message: '{{ huge }}', parse_mode: mode };
    const fits = JSON.parse(jsonOf(own, fakeTemplates({ huge: '😀'.repeat(4_096) })));
    expect(fits).toMatchObject({ text: '😀'.repeat(4_096), parse_mode: mode });
    const message = JSON.parse(jsonOf(own, fakeTemplates({ huge: '😀'.repeat(4_097) })));
    expect(message.text).toMatch(
      /^\[FIRING:1\] DiskFull\n\nfiring \{alertname="DiskFull"[^]*it is longer than Telegram takes/,
    );
    expect(message).not.toHaveProperty('parse_mode');
  });

  it('is read as no markup when it is plain', () => {
    const message = JSON.parse(jsonOf({ message: '{{ broken }}', parse_mode: 'Markdown' }));
    expect(message.text).toMatch(/^\[FIRING:1\] DiskFull\n\n[^]*it is broken/);
    expect(message).not.toHaveProperty('parse_mode');
  });
});

it.each([
  ['-1001234567890', '-1001234567890'],
  ['+5', '5'],
  ['@ops', null],
  ['', null],
  ['1 2', null],
])('the number of a chat in %j is %j', (text, expected) => expect(chatIdOf(text)).toBe(expected));
