import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { expect, it } from 'vitest';
import { AlertBacklog, sentAt, type WaitingAlert } from './alert-backlog';

function alert(name: string, endsAtMs = 0): AlertMessage {
  return { labels: { alertname: name }, annotations: {}, startsAtMs: 0, endsAtMs, generatorURL: '' };
}

function names(waiting: readonly WaitingAlert[]): (string | undefined)[] {
  return waiting.map(({ alert }) => alert.labels['alertname']);
}

it('hands out the oldest first and keeps them until they are settled', () => {
  const backlog = new AlertBacklog(10);
  backlog.add([alert('a'), alert('b'), alert('c')], 0);
  expect(names(backlog.oldest(2))).toEqual(['a', 'b']);
  expect(backlog.size).toBe(3);
  backlog.settle(backlog.oldest(2));
  expect(names(backlog.oldest(2))).toEqual(['c']);
});

it('keeps only the newest message about an alert, in its new place', () => {
  const backlog = new AlertBacklog(10);
  backlog.add([alert('a', 1), alert('b', 1)], 0);
  backlog.add([alert('a', 2)], 0);
  expect(backlog.oldest(10).map(({ alert }) => [alert.labels['alertname'], alert.endsAtMs])).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
});

it('drops the oldest beyond its capacity and says how many', () => {
  const backlog = new AlertBacklog(2);
  expect(backlog.add([alert('a'), alert('b')], 0)).toBe(0);
  expect(backlog.add([alert('c'), alert('d'), alert('e')], 0)).toBe(3);
  expect(names(backlog.oldest(10))).toEqual(['d', 'e']);
});

it('keeps what came while an older message about the same alert was being sent', () => {
  const backlog = new AlertBacklog(10);
  backlog.add([alert('a', 1)], 0);
  const sent = backlog.oldest(10);
  backlog.add([alert('a', 2)], 0);
  backlog.settle(sent);
  expect(backlog.oldest(10)).toEqual([{ alert: alert('a', 2), slotMs: 0 }]);
});

it.each([
  ['is sent as it is while it holds', 340_000, 339_999, 340_000],
  ['that waited past its end still fires, as long from now as it held from its slot', 340_000, 340_000, 580_000],
  ['that waited longer does too', 340_000, 1_000_000, 1_240_000],
  ['that ended at its slot has ended', 100_000, 1_000_000, 100_000],
  ['that ended before its slot ended then', 40_000, 1_000_000, 40_000],
])('an alert of slot 100 s %s', (_, endsAtMs, nowMs, sentEndMs) => {
  expect(sentAt({ alert: alert('a', endsAtMs), slotMs: 100_000 }, nowMs)).toEqual(alert('a', sentEndMs));
});
