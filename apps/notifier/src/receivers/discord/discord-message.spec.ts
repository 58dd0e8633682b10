import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { discordMessage } from './discord-message';

const entry = { webhook_url: 'http://discord.test/' };
const messageOf = (own: object, ...rest: [alerts?: object, templates?: Parameters<typeof made>[2]]): object =>
  made((rendering) => discordMessage(configOf('discord', { ...entry, ...own }), rendering), ...rest);

describe('discordMessage', () => {
  it('says what fires in red', () => {
    expect(messageOf({})).toEqual({
      content: '',
      embeds: [{ title: 'discord.default.title', description: 'discord.default.message', color: 10038562 }],
    });
  });

  it('says what is over in green, with all that can be set', () => {
    const own = { content: 'c', title: 't', message: 'm', username: 'u', avatar_url: 'http://a.test/x.png' };
    expect(messageOf(own, { alerts: [anAlert({ endsAtMs: 1 })] })).toEqual({
      content: 'c',
      embeds: [{ title: 't', description: 'm', color: 3066993 }],
      username: 'u',
      avatar_url: 'http://a.test/x.png',
    });
  });

  it('keeps to the limits of Discord', () => {
    const own = { content: '{{ huge }}', title: '{{ huge }}', message: '{{ huge }}' };
    const huge = '😀'.repeat(5_000);
    expect(messageOf(own, {}, fakeTemplates({ huge }))).toEqual({
      content: `${'😀'.repeat(1_999)}…`,
      embeds: [{ title: `${'😀'.repeat(255)}…`, description: `${'😀'.repeat(4_095)}…`, color: 10038562 }],
    });
  });
});
