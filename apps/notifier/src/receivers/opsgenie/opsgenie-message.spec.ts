import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { goJson } from '../go-json';
import { type Notification } from '../integration';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { opsgenieRequests } from './opsgenie-message';

const ALIAS = '17c4e445d234645c9e547ff6d32a864af0ebdadcd1902771c24c8d366637ff41';
const ALERT = `http://opsgenie.test/api/v2/alerts/${ALIAS}`;

type Rest = [notification?: Partial<Notification>, values?: Record<string, string>];
const requestsOf = (own: object, ...[notification, values]: Rest): [string, string, string][] => {
  const config = configOf('opsgenie', { api_key: 'k', api_url: 'http://opsgenie.test/api', ...own });
  const requests = made((rendering) => opsgenieRequests(config, rendering), notification, fakeTemplates(values));
  return requests.map(({ method, url, body }) => [method, url, goJson(body)]);
};
const bodyOf = (...rest: Parameters<typeof requestsOf>): object => JSON.parse(requestsOf(...rest)[0]![2]) as object;

const HEAD = `{"alias":"${ALIAS}","message":"opsgenie.default.message","description":"opsgenie.default.description",`;

describe('opsgenieRequests', () => {
  it('opens an alert', () => {
    const body = `${HEAD}"details":{"alertname":"DiskFull","instance":"a"},"source":"opsgenie.default.source"}\n`;
    expect(requestsOf({})).toEqual([['POST', 'http://opsgenie.test/api/v2/alerts', body]]);
  });

  it('has all that can be set', () => {
    const own = {
      details: { instance: '{{ x }}', zone: 'z', 'Job x': 'j' },
      source: 's',
      responders: [
        { id: '{{ x }}', type: 'USER' },
        { name: 'n', username: 'u', type: '{{ .kind }}' },
        { name: ' a,{{ x }},, b ', type: 'teams' },
        { name: '{{ nothing }}', type: '{{ .nothing }}' },
      ],
      tags: ' a,b,,{{ x }}, c ',
      note: 'n',
      priority: '{{ priority }}',
      entity: 'e',
      actions: 'restart',
    };
    const values = { x: '1', kind: 'schedule', nothing: '', priority: 'P1' };
    expect(requestsOf(own, {}, values)[0]?.[2]).toBe(
      `${HEAD}"details":{"Job x":"j","alertname":"DiskFull","instance":"1","zone":"z"},"source":"s",` +
        '"responders":[{"id":"1","type":"USER"},{"name":"n","username":"u","type":"schedule"},' +
        '{"name":"a","type":"team"},{"name":"1","type":"team"},{"name":" b","type":"team"}],' +
        '"tags":["a","b","1"," c"],"note":"n","priority":"P1","entity":"e","actions":["restart"]}\n',
    );
  });

  it('updates message and description where it is to', () => {
    const own = { update_alerts: true, message: 'm', description: '{{ nothing }}' };
    expect(requestsOf(own, {}, { nothing: '' }).slice(1)).toEqual([
      ['PUT', `${ALERT}/message?identifierType=alias`, '{"message":"m"}\n'],
      ['PUT', `${ALERT}/description?identifierType=alias`, '{}\n'],
    ]);
  });

  it('closes an alert, whatever else it could say', () => {
    const over = { alerts: [anAlert({ endsAtMs: 1 })] };
    expect(requestsOf({ update_alerts: true, message: '{{ broken }}' }, over)).toEqual([
      ['POST', `${ALERT}/close?identifierType=alias`, '{"source":"opsgenie.default.source"}\n'],
    ]);
  });

  it('keeps to an address with a query', () => {
    const [[, url] = []] = requestsOf({ api_url: 'http://opsgenie.test?proxy=1' });
    expect(url).toBe('http://opsgenie.test/v2/alerts?proxy=1');
  });

  it('cuts the message', () => {
    const own = { message: '{{ huge }}', update_alerts: true };
    const requests = requestsOf(own, {}, { huge: '😀'.repeat(200) });
    for (const [, , body] of requests.slice(0, 2)) {
      expect(JSON.parse(body)).toMatchObject({ message: `${'😀'.repeat(129)}…` });
    }
  });

  it('does not render what was rendered', () => {
    const own = { responders: [{ name: '{{ team }}', type: 'teams' }] };
    expect(bodyOf(own, {}, { team: '{{ broken }}' })).toMatchObject({
      responders: [{ name: '{{ broken }}', type: 'team' }],
    });
  });

  it('says what it can where a template fails', () => {
    const responders = [{ name: 'a', type: '{{ .broken }}' }];
    const own = { description: '{{ broken }}', details: { bad: '{{ broken }}' }, priority: 'P1', responders };
    expect(bodyOf(own)).toEqual({
      alias: ALIAS,
      message: '[FIRING:1] DiskFull',
      description: expect.stringMatching(/DiskFull.*it is broken/s),
      details: { alertname: 'DiskFull', instance: 'a', bad: '' },
      source: 'opsgenie.default.source',
      priority: 'P1',
    });
  });
});
