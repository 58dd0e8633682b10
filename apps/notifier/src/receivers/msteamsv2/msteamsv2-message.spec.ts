import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { msteamsv2Message } from './msteamsv2-message';

const entry = { webhook_url: 'http://teams.test/' };

function jsonOf(own: object, ...rest: [alerts?: object, templates?: Parameters<typeof made>[2]]): string {
  const config = configOf('msteamsv2', { ...entry, ...own });
  return goJson(made((rendering) => msteamsv2Message(config, rendering), ...rest));
}

describe('msteamsv2Message', () => {
  it('is an adaptive card', () => {
    expect(jsonOf({})).toBe(
      '{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,' +
        '"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard","version":"1.2",' +
        '"body":[{"type":"TextBlock","text":"msteamsv2.default.title","weight":"Bolder","size":"Medium","wrap":true,' +
        '"style":"heading","color":"Attention"},{"type":"TextBlock","text":"msteamsv2.default.text","wrap":true}],' +
        '"msteams":{"width":"full"}}}]}\n',
    );
  });

  it('says in green what is over', () => {
    expect(jsonOf({}, { alerts: [anAlert({ endsAtMs: 1 })] })).toContain('"color":"Good"');
  });

  it('is cut to what Teams takes', () => {
    const message = jsonOf({ text: '{{ huge }}' }, {}, fakeTemplates({ huge: 'x'.repeat(30_000) }));
    expect(message).toContain(`"${'x'.repeat(24 * 1024 - 3)}…"`);
  });

  it('is plain when a template fails', () => {
    const message = jsonOf({ title: '{{ broken }}' });
    expect(message).toContain('"text":"[FIRING:1] DiskFull"');
    expect(message).toContain('"text":"firing {alertname=');
  });
});
