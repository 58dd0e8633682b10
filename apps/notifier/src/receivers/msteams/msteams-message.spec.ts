import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { msteamsMessage } from './msteams-message';

const entry = { webhook_url: 'http://teams.test/' };

function jsonOf(own: object, ...rest: [alerts?: object, templates?: Parameters<typeof made>[2]]): string {
  const config = configOf('msteams', { ...entry, ...own });
  return goJson(made((rendering) => msteamsMessage(config, rendering), ...rest));
}

describe('msteamsMessage', () => {
  it('says what fires in red', () => {
    expect(jsonOf({})).toBe(
      '{"@context":"http://schema.org/extensions","type":"MessageCard","title":"msteams.default.title",' +
        '"summary":"msteams.default.summary","text":"msteams.default.text","themeColor":"8C1A1A"}\n',
    );
  });

  it('says what is over in green', () => {
    const alerts = [anAlert({ endsAtMs: 1 })];
    expect(jsonOf({ title: 't', summary: 's', text: 'x' }, { alerts })).toBe(
      '{"@context":"http://schema.org/extensions","type":"MessageCard","title":"t","summary":"s","text":"x",' +
        '"themeColor":"2DC72D"}\n',
    );
  });

  it('is cut to what Teams takes', () => {
    const { text } = JSON.parse(jsonOf({ text: '{{ huge }}' }, {}, fakeTemplates({ huge: 'x'.repeat(30_000) })));
    expect(text).toBe(`${'x'.repeat(24 * 1024 - 3)}…`);
  });

  it('is plain when a template fails', () => {
    expect(JSON.parse(jsonOf({ text: '{{ broken }}' }))).toMatchObject({
      title: '[FIRING:1] DiskFull',
      summary: '[FIRING:1] DiskFull',
      text: expect.stringContaining('firing {alertname="DiskFull"'),
    });
  });
});
