import { describe, expect, it } from 'vitest';
import { type FrozenAlert } from '../../pipeline/notification-record';
import { NotificationFacts } from '../../templates/notification-facts';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { type Notification } from '../integration';
import { aNotification, anAlert } from '../integration.contract';
import { made } from '../testing/built-integration';
import { alertsMessage, webhookMessage } from './webhook-message';

/** The message of version 4, with nothing left out. */
function messageOf(notification: Partial<Notification>, receiver = 'team'): string {
  const facts = new NotificationFacts(aNotification(notification), receiver, 'http://tocsin.test/path');
  return alertsMessage(facts, { version: '4', truncated: 0, plain: null });
}

describe('webhookMessage', () => {
  it('has the fields of version 4 in their order, and ends with a newline', () => {
    const notification = {
      alerts: [
        anAlert({ labels: { job: 'node', alertname: 'DiskFull' } }),
        anAlert({ endsAtMs: Date.UTC(2026, 0, 1, 1), fingerprint: '8f14a41207c8456c', annotations: {} }),
      ],
      reason: 'some alerts resolved' as const,
      routeLabels: { team: 'a' },
    };
    expect(messageOf(notification)).toBe(
      '{"receiver":"team","status":"firing","alerts":[' +
        '{"status":"firing","labels":{"alertname":"DiskFull","job":"node"},"annotations":{"summary":"Disk is full"},' +
        '"startsAt":"2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z",' +
        '"generatorURL":"http://prometheus/graph","fingerprint":"5ae90ff6f82ebe6b"},' +
        '{"status":"resolved","labels":{"alertname":"DiskFull","instance":"a"},"annotations":{},' +
        '"startsAt":"2026-01-01T00:00:00Z","endsAt":"2026-01-01T01:00:00Z",' +
        '"generatorURL":"http://prometheus/graph","fingerprint":"8f14a41207c8456c"}],' +
        '"notification_reason":"some alerts resolved","groupLabels":{"alertname":"DiskFull"},' +
        '"commonLabels":{"alertname":"DiskFull"},"commonAnnotations":{},"routeLabels":{"team":"a"},' +
        '"externalURL":"http://tocsin.test/path","version":"4",' +
        '"groupKey":"{}:{alertname=\\"DiskFull\\"}","truncatedAlerts":0}\n',
    );
  });

  const bodyOf = (alerts: FrozenAlert[], receiver?: string): Record<string, unknown> =>
    JSON.parse(messageOf({ alerts }, receiver)) as Record<string, unknown>;

  it('is resolved only when every alert is', () => {
    const over = anAlert({ endsAtMs: 1_000 });
    expect(bodyOf([over, over])['status']).toBe('resolved');
    expect(bodyOf([over, anAlert()])['status']).toBe('firing');
  });

  it('quotes the receiver for a regex', () => {
    expect(bodyOf([anAlert()], 'team.x/(a)')['receiver']).toBe('team\\.x/\\(a\\)');
  });

  it.each([
    [Date.UTC(2026, 0, 1, 0, 0, 0, 120), 120, '2026-01-01T02:00:00.12+02:00'],
    [Date.UTC(2026, 0, 1), -330, '2025-12-31T18:30:00-05:30'],
  ])('writes times as they came', (ms, offsetMin, text) => {
    const alert = anAlert({ startsAtMs: ms, startsAtOffsetMin: offsetMin, endsAtMs: ms, endsAtOffsetMin: offsetMin });
    expect(bodyOf([alert])).toMatchObject({ alerts: [{ startsAt: text, endsAt: text }] });
  });

  it.each([
    ['<a href="x">&</a>', '\\u003ca href=\\"x\\"\\u003e\\u0026\\u003c/a\\u003e'],
    ['line\u2028and\u2029', 'line\\u2028and\\u2029'],
    ['\x00\x1f\x7f\b\f\n\r\t\\', '\\u0000\\u001f\x7f\\b\\f\\n\\r\\t\\\\'],
    ['half \ud83d', 'half \ufffd'],
    ['whole 😀', 'whole 😀'],
    ['\\ud800 spelt out', '\\\\ud800 spelt out'],
  ])('encodes %j as Go does', (text, encoded) => {
    expect(messageOf({ alerts: [anAlert({ annotations: { x: text } })] })).toContain(
      `"annotations":{"x":"${encoded}"}`,
    );
  });

  it('sorts keys by bytes', () => {
    const groupLabels = { '😀': '1', '\uffee': '2', a: '3', 9: '4', 10: '5' };
    expect(messageOf({ groupLabels })).toContain('"groupLabels":{"10":"5","9":"4","a":"3","\uffee":"2","😀":"1"}');
  });

  it('lists fewer alerts than it is about', () => {
    const alerts = [anAlert({ labels: { a: '1', b: '1' } }), anAlert({ labels: { a: '2', b: '1' } })];
    const facts = new NotificationFacts(aNotification({ alerts }), 'team', '');
    const message = alertsMessage(facts, { version: '1', truncated: 3, plain: null, listed: alerts.slice(0, 1) });
    expect(JSON.parse(message)).toMatchObject({
      alerts: [{ labels: { a: '1', b: '1' } }],
      commonLabels: { b: '1' },
      version: '1',
      truncatedAlerts: 3,
    });
  });

  const payloadOf = (payload: unknown, values: Record<string, string> = {}): string =>
    made((rendering) => webhookMessage({ payload }, rendering, 0), {}, fakeTemplates(values));

  it.each<[what: string, payload: unknown, body: string]>([
    ['a map, its keys sorted', { b: '{{ text }}', a: { '{{ text }}': true } }, '{"a":{"words":true},"b":"words"}'],
    ['a list', ['{{ text }}', 1, null, 1.5], '["words",1,null,1.5]'],
    ['a text', '{{ text }}', '"words"'],
    ['a text that is a number', '{{ number }}', '3'],
    ['a text that is a map', '{{ map }}', '{"a":["<>"]}'.replace('<>', '\\u003c\\u003e')],
    [
      'a text that is a map once it is rendered, whose own texts stay texts',
      ['{{ inner }}'],
      '[{"a":"{{ text }}","n":"3"}]',
    ],
    ['an empty text', '{{ nothing }}', 'null'],
    ['what is no text', 7, '7'],
  ])('can be %s', (_, payload, body) => {
    const values = {
      text: 'words',
      number: '3',
      map: '{"a": ["<>"]}',
      inner: `{"n": "3", "a": "{{ text }}"}`,
      nothing: '',
    };
    expect(payloadOf(payload, values)).toBe(`${body}\n`);
  });

  it('is the usual one, with a word of explanation, where the own one fails', () => {
    expect(JSON.parse(payloadOf({ a: '{{ broken }}' }))).toMatchObject({
      version: '4',
      alerts: { length: 1 },
      plainMessage: expect.stringMatching(/DiskFull.*it is broken/s),
    });
  });
});
