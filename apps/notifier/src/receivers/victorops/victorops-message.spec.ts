import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { type Notification } from '../integration';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { victoropsMessage } from './victorops-message';

const entry = { api_key: 'k', routing_key: 'r' };
type Rest = [notification?: Partial<Notification>, values?: Record<string, string>];
const messageOf = (own: object, ...[notification, values]: Rest): string => {
  const config = configOf('victorops', { ...entry, ...own });
  return made((rendering) => goJson(victoropsMessage(config, rendering)), notification, fakeTemplates(values));
};

const ID = '17c4e445d234645c9e547ff6d32a864af0ebdadcd1902771c24c8d366637ff41';
const over = { alerts: [anAlert({ endsAtMs: 1 })] };

describe('victoropsMessage', () => {
  it('is a map, its keys sorted', () => {
    expect(messageOf({})).toBe(
      `{"entity_display_name":"victorops.default.entity_display_name","entity_id":"${ID}","message_type":"CRITICAL",` +
        '"monitoring_tool":"victorops.default.monitoring_tool","state_message":"victorops.default.state_message"}\n',
    );
  });

  it('has all that can be set', () => {
    const own = {
      message_type: '{{ type }}',
      entity_display_name: 'e',
      monitoring_tool: 'm',
      state_message: 's',
      custom_fields: { runbook: '{{ book }}', Field: 'f' },
    };
    expect(messageOf(own, {}, { type: 'INFO', book: 'b' })).toBe(
      `{"Field":"f","entity_display_name":"e","entity_id":"${ID}","message_type":"INFO",` +
        '"monitoring_tool":"m","runbook":"b","state_message":"s"}\n',
    );
  });

  it.each([
    ['INFO', {}, 'INFO'],
    ['WARNING', {}, 'WARNING'],
    ['info', {}, 'CRITICAL'],
    ['', {}, 'CRITICAL'],
    ['RECOVERY', {}, 'CRITICAL'],
    ['INFO', over, 'RECOVERY'],
    ['{{ broken }}', {}, 'CRITICAL'],
  ])('makes of the type %j, of %j: %s', (message_type, notification, type) => {
    expect(JSON.parse(messageOf({ message_type }, notification))).toMatchObject({ message_type: type });
  });

  it('cuts the message', () => {
    const message = messageOf({ state_message: '{{ huge }}' }, {}, { huge: '😀'.repeat(21_000) });
    expect(JSON.parse(message)).toMatchObject({ state_message: `${'😀'.repeat(20_479)}…` });
  });

  it('says what it can where a template fails', () => {
    expect(JSON.parse(messageOf({ custom_fields: { bad: '{{ broken }}', good: 'g' } }))).toMatchObject({
      entity_display_name: '[FIRING:1] DiskFull',
      state_message: expect.stringMatching(/DiskFull.*it is broken/s),
      bad: '',
      good: 'g',
    });
  });
});
