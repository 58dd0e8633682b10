import { expect, it } from 'vitest';
import { flushOrder } from './flush-order';

it.each([
  ['by job', { job: 'a', instance: '9' }, { job: 'b', instance: '1' }],
  ['then by instance', { job: 'a', instance: '1', z: '9' }, { job: 'a', instance: '2' }],
  ['alerts without a job last', { job: 'z' }, { alertname: 'a' }],
  ['alerts of a job without an instance last', { job: 'a', instance: 'z', x: '1' }, { job: 'a' }],
  ['an empty job before others', { job: '' }, { job: 'a' }],
  ['by instance where no alert has a job', { instance: 'a', x: '1' }, { instance: 'b' }],
  ['then fewer labels first', { job: 'a' }, { job: 'a', x: '1' }],
  ['then by label values', { alertname: 'a' }, { alertname: 'b' }],
  ['by bytes, not by UTF-16 units', { job: '\uffee' }, { job: '😀' }],
])('orders alerts %s', (_, first, second) => {
  expect(flushOrder({ labels: first }, { labels: second })).toBeLessThan(0);
  expect(flushOrder({ labels: second }, { labels: first })).toBeGreaterThan(0);
  expect(flushOrder({ labels: first }, { labels: { ...first } })).toBe(0);
});
