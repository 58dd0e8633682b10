import { expect, it } from 'vitest';
import { type TimelineEvent } from './timeline-event';
import { decodeEvent, encodeEvent, statesIn } from './timeline-line';

const event: TimelineEvent = {
  atMs: 5,
  kind: 'verdict',
  fingerprints: ['a', 'b'],
  group: 'g',
  groupKey: '{}:{a="\n"}',
  receiver: 'r',
  integration: 'r/webhook/0',
  message: 'line\nbreak',
  detail: { state: { key: 'no', value: 'no' }, list: [1] },
  state: { key: '},"atMs":1', value: 'b' },
};

it('gives back every field, on one line', () => {
  expect(encodeEvent(event)).not.toContain('\n');
  expect(decodeEvent(encodeEvent(event))).toEqual(event);
  const { state: _, ...stateless } = event;
  expect(decodeEvent(encodeEvent(stateless))).toEqual(stateless);
});

it('tells the states of a batch, but not what details call so', () => {
  const { state, ...stateless } = event;
  const lines = [event, stateless, { ...stateless, state: { key: 'k', value: '{' } }].map(encodeEvent);
  expect(statesIn(lines.join('\n'))).toEqual([state, { key: 'k', value: '{' }]);
});

it('leaves out details that cannot be written down', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const { detail: _, ...rest } = event;
  expect(decodeEvent(encodeEvent({ ...event, detail: circular }))).toEqual(rest);
  expect(decodeEvent(encodeEvent({ ...event, detail: { big: 1n } }))).toEqual(rest);
});
