import { describe, expect, it } from 'vitest';
import { type AlertWrite } from '../alerts/alert-book';
import { receivedEvents } from './received-events';

const nowMs = 1_000;

function store(name: string, endsAtMs: number, before: number | null): AlertWrite {
  return {
    kind: 'store',
    expected: before === null ? null : { version: 1, endsAtMs: before, updatedAtMs: 0 },
    alert: {
      fingerprint: `fp-${name}`,
      labels: name === '' ? {} : { alertname: name },
      annotations: {},
      startsAtMs: 0,
      endsAtMs,
      updatedAtMs: 0,
      generatorURL: '',
      timeout: false,
      startsAtOffsetMin: 0,
      endsAtOffsetMin: 0,
    },
  };
}

const [later, past] = [nowMs + 1, nowMs];

describe('receivedEvents', () => {
  it.each([
    ['a new alert', store('x', later, null), 'started'],
    ['one that fires again', store('x', later, past), 'started'],
    ['one that ends', store('x', past, later), 'resolved'],
    ['one that still fires and says something else', store('x', later, later), 'changed'],
    ['one that has ended and says something else', store('x', past, past), 'changed'],
    ['a new one that has ended already', store('x', past, null), 'changed'],
  ])('tells of %s', (_, write, change) => {
    expect(receivedEvents([write], [], nowMs)).toEqual([
      { atMs: nowMs, kind: 'received', fingerprints: ['fp-x'], message: `${change}: x`, detail: { change } },
    ]);
  });

  it.each<AlertWrite>([
    { kind: 'touch', fingerprint: 'a', expected: null, endsAtMs: 1, updatedAtMs: 1 },
    { kind: 'settle', fingerprint: 'a', version: 1, groupId: 'g' },
    { kind: 'forget', fingerprint: 'a', expected: null },
  ])('says nothing of a $kind', (write) => expect(receivedEvents([write], [], nowMs)).toEqual([]));

  it('makes one event of each kind, whatever the number of alerts', () => {
    const names = ['a', 'b', '', 'd', 'e'];
    const writes = [...names.map((name) => store(name, later, null)), store('f', past, later)];
    expect(receivedEvents(writes, [], nowMs).map(({ message }) => message)).toEqual([
      'started: a, b, without a name and 2 more',
      'resolved: f',
    ]);
  });

  it('leaves out what was refused', () => {
    const [event] = receivedEvents([store('a', later, null), store('b', later, null)], ['fp-a'], nowMs);
    expect(event?.fingerprints).toEqual(['fp-b']);
  });
});
