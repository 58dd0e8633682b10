import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { expect, it } from 'vitest';
import { AlertBacklog } from './alert-backlog';

function alert(name: string, endsAtMs = 0): AlertMessage {
  return { labels: { alertname: name }, annotations: {}, startsAtMs: 0, endsAtMs, generatorURL: '' };
}

function names(alerts: readonly AlertMessage[]): (string | undefined)[] {
  return alerts.map(({ labels }) => labels['alertname']);
}

it('hands out the oldest first and keeps them until they are settled', () => {
  const backlog = new AlertBacklog(10);
  backlog.add([alert('a'), alert('b'), alert('c')]);
  expect(names(backlog.oldest(2))).toEqual(['a', 'b']);
  expect(backlog.size).toBe(3);
  backlog.settle(backlog.oldest(2));
  expect(names(backlog.oldest(2))).toEqual(['c']);
});

it('keeps only the newest message about an alert, in its new place', () => {
  const backlog = new AlertBacklog(10);
  backlog.add([alert('a', 1), alert('b', 1)]);
  backlog.add([alert('a', 2)]);
  expect(backlog.oldest(10).map(({ labels, endsAtMs }) => [labels['alertname'], endsAtMs])).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
});

it('drops the oldest beyond its capacity and says how many', () => {
  const backlog = new AlertBacklog(2);
  expect(backlog.add([alert('a'), alert('b')])).toBe(0);
  expect(backlog.add([alert('c'), alert('d'), alert('e')])).toBe(3);
  expect(names(backlog.oldest(10))).toEqual(['d', 'e']);
});

it('keeps what came while an older message about the same alert was being sent', () => {
  const backlog = new AlertBacklog(10);
  backlog.add([alert('a', 1)]);
  const sent = backlog.oldest(10);
  backlog.add([alert('a', 2)]);
  backlog.settle(sent);
  expect(backlog.oldest(10)).toEqual([alert('a', 2)]);
});
