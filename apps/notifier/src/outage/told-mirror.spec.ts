import { expect, it } from 'vitest';
import { NO_RECORD } from '../pipeline/notification-record';
import { ToldMirror } from './told-mirror';

const at = (groupId: string, atMs: number, integration = 'i') => ({
  groupId,
  integration,
  record: { ...NO_RECORD, sequence: atMs, told: { sequence: atMs, atMs, firing: ['a'], resolved: [] } },
});

const undelivered = (groupId: string) => {
  const told = at(groupId, 1);
  return { ...told, record: { ...told.record, intent: {} as never } };
};

it('keeps what was told last, in whatever order it hears of it', () => {
  const mirror = new ToldMirror();
  expect(mirror.put(at('g', 2))).toBe(true);
  expect(mirror.put(at('g', 1))).toBe(false);
  expect(mirror.put(at('g', 2))).toBe(false);
  expect(mirror.put(at('g', 3, 'other'))).toBe(true);
  expect([...(mirror.groups().get('g') ?? [])].map(([key, { told }]) => [key, told?.atMs])).toEqual([
    ['i', 2],
    ['other', 3],
  ]);
});

it('knows what was decided and not delivered, and keeps no intent', () => {
  const mirror = new ToldMirror();
  mirror.put(undelivered('g'));
  expect(mirror.isUndelivered('g')).toBe(true);
  expect(mirror.groups().get('g')?.get('i')?.intent).toBe(null);
  mirror.put(at('g', 2, 'other'));
  expect(mirror.isUndelivered('g')).toBe(true);
  mirror.put(at('g', 2));
  expect(mirror.isUndelivered('g')).toBe(false);
});

it('forgets groups that ended long ago', () => {
  const mirror = new ToldMirror();
  mirror.put(at('lives', 1));
  mirror.put(at('ended', 1));
  mirror.put(at('ended late', 10));
  mirror.prune((id) => id === 'lives', 5);
  expect([...mirror.groups().keys()]).toEqual(['lives', 'ended late']);
});
