import { describe, expect, it } from 'vitest';
import { aNotification, anAlert, manyAlerts } from '../integration.contract';
import { made } from '../testing/built-integration';
import { incidentioMessage } from './incidentio-message';

const messageOf = (notification: object, truncated = 0): string =>
  made((rendering) => incidentioMessage(rendering, truncated), notification);

describe('incidentioMessage', () => {
  it('is what webhooks are told, in version 1', () => {
    expect(messageOf(aNotification(), 2)).toBe(
      '{"receiver":"team","status":"firing","alerts":[' +
        '{"status":"firing","labels":{"alertname":"DiskFull","instance":"a"},"annotations":{"summary":"Disk is full"},' +
        '"startsAt":"2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z",' +
        '"generatorURL":"http://prometheus/graph","fingerprint":"5ae90ff6f82ebe6b"}],' +
        '"notification_reason":"first notification","groupLabels":{"alertname":"DiskFull"},' +
        '"commonLabels":{"alertname":"DiskFull","instance":"a"},"commonAnnotations":{"summary":"Disk is full"},' +
        '"routeLabels":{},"externalURL":"http://tocsin.test","version":"1",' +
        '"groupKey":"{}:{alertname=\\"DiskFull\\"}","truncatedAlerts":2}\n',
    );
  });

  it('lists only the first alert when it would be larger than 512 KiB', () => {
    const alerts = [...manyAlerts(), anAlert({ labels: { alertname: 'DiskFull' } })];
    const body = JSON.parse(messageOf({ alerts }));
    expect(body).toMatchObject({ commonLabels: { alertname: 'DiskFull' }, commonAnnotations: {}, truncatedAlerts: 0 });
    expect(body.alerts).toEqual([expect.objectContaining({ fingerprint: alerts[0]?.fingerprint })]);
  });

  it('lists all where it fits just so', () => {
    const withText = (length: number): string =>
      messageOf({ alerts: [anAlert(), anAlert({ annotations: { text: 'x'.repeat(length) } })] });
    const room = 512 * 1024 - Buffer.byteLength(withText(0));
    const listed = [room, room + 1].map((length) => JSON.parse(withText(length)).alerts.length);
    expect(listed).toEqual([2, 1]);
  });
});
