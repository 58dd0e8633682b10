import { describe, expect, it } from 'vitest';
import { type FrozenAlert } from '../../pipeline/notification-record';
import { aNotification } from '../integration.contract';
import { webhookMessage } from './webhook-message';

const context = { receiver: 'team', externalUrl: 'http://tocsin.test/path', maxAlerts: 0 };

function anAlert(overrides: Partial<FrozenAlert> = {}): FrozenAlert {
  return { ...aNotification().alerts[0]!, ...overrides };
}

describe('webhookMessage', () => {
  it('has the fields of version 4 in their order, and ends with a newline', () => {
    const notification = aNotification({
      alerts: [
        anAlert({ labels: { job: 'node', alertname: 'DiskFull' } }),
        anAlert({ endsAtMs: Date.UTC(2026, 0, 1, 1), fingerprint: '8f14a41207c8456c', annotations: {} }),
      ],
      reason: 'some alerts resolved',
      routeLabels: { team: 'a' },
    });
    expect(webhookMessage(notification, context)).toBe(
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

  const bodyOf = (alerts: FrozenAlert[], overrides: Partial<typeof context> = {}): Record<string, unknown> =>
    JSON.parse(webhookMessage(aNotification({ alerts }), { ...context, ...overrides })) as Record<string, unknown>;

  it('is resolved only when every alert is', () => {
    const over = anAlert({ endsAtMs: 1_000 });
    expect(bodyOf([over, over])['status']).toBe('resolved');
    expect(bodyOf([over, anAlert()])['status']).toBe('firing');
  });

  it('cuts before it says what the alerts have in common', () => {
    const first = anAlert({ endsAtMs: 1_000, labels: { a: '1', b: '1' } });
    const second = anAlert({ labels: { a: '2', b: '1' } });
    expect(bodyOf([first, second, second], { maxAlerts: 1 })).toMatchObject({
      status: 'resolved',
      alerts: { length: 1 },
      commonLabels: { a: '1', b: '1' },
      truncatedAlerts: 2,
    });
    expect(bodyOf([first, second], { maxAlerts: 2 })).toMatchObject({ commonLabels: { b: '1' }, truncatedAlerts: 0 });
  });

  it('quotes the receiver for a regex', () => {
    expect(bodyOf([anAlert()], { receiver: 'team.x/(a)' })['receiver']).toBe('team\\.x/\\(a\\)');
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
    const message = webhookMessage(aNotification({ alerts: [anAlert({ annotations: { x: text } })] }), context);
    expect(message).toContain(`"annotations":{"x":"${encoded}"}`);
  });

  it('sorts keys by bytes', () => {
    const message = webhookMessage(
      aNotification({ groupLabels: { '😀': '1', '\uffee': '2', a: '3', 9: '4', 10: '5' } }),
      context,
    );
    expect(message).toContain('"groupLabels":{"10":"5","9":"4","a":"3","\uffee":"2","😀":"1"}');
  });
});
