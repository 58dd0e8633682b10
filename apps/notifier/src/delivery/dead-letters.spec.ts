import { afterEach, beforeEach, expect, it } from 'vitest';
import { deadLetterId } from '../pipeline/dead-letter-index';
import { BUSY, DELIVERED, DeliveryFixture } from './testing/delivery-fixture';

const KEY = 'team/webhook/0';
const MINUTE_MS = 60_000;

let fixture: DeliveryFixture;
beforeEach(() => {
  fixture = new DeliveryFixture({}, { groupIntervalMs: 5 * MINUTE_MS });
  fixture.start();
});
afterEach(() => fixture.stop());

const REJECTED = { kind: 'rejected', reason: 'clientError', message: 'unexpected status code 400' } as const;

/** Ids of the dead letters there are. */
async function ids(): Promise<string[]> {
  const { entries } = await fixture.deadLetters.list(100, '');
  return entries.map(({ groupId, integration }) => deadLetterId(groupId, integration));
}

/** The receiver refuses what it is told of these, and takes everything from then on. */
async function refused(...names: string[]): Promise<string[]> {
  fixture.answer = async () => REJECTED;
  await fixture.fire(...names);
  await fixture.clock.advance(2_000);
  fixture.answer = async () => DELIVERED;
  return ids();
}

it('are listed with what somebody needs to know', async () => {
  await refused('a');
  const { entries } = await fixture.deadLetters.list(100, '');
  expect(entries).toMatchObject([
    {
      integration: KEY,
      deadLetter: {
        receiver: 'team',
        groupKey: '{}:{alertname="a"}',
        groupLabels: { alertname: 'a' },
        reason: 'first notification',
        attempts: 1,
        error: 'unexpected status code 400',
        atMs: fixture.startMs + 1_000,
      },
    },
  ]);
});

it('go with the next notification the receiver accepts', async () => {
  expect(await refused('a')).toHaveLength(1);
  await fixture.clock.advance(5 * MINUTE_MS);
  expect(fixture.gists()).toEqual(['firing a', 'firing a']);
  expect(await ids()).toEqual([]);
});

it('replayed tell at once what is true by now, once', async () => {
  const [id = ''] = await refused('a');
  expect(await fixture.deadLetters.replay(id)).toEqual({ replayed: 1, ended: 0 });
  await fixture.clock.advance(0);
  expect(fixture.gists()).toEqual(['firing a', 'firing a']);
  expect(await ids()).toEqual([]);
  await fixture.clock.advance(20 * MINUTE_MS);
  expect(fixture.asked).toHaveLength(2);
  expect(await fixture.deadLetters.replay(id)).toBeNull();
});

it('replayed while the receiver is still broken come back', async () => {
  const [id = ''] = await refused('a');
  fixture.answer = async () => REJECTED;
  await fixture.deadLetters.replay(id);
  await fixture.clock.advance(1_000);
  expect(fixture.asked).toHaveLength(2);
  expect(await ids()).toEqual([id]);
});

it('replayed after the alert has resolved say nothing that was never opened', async () => {
  const [id = ''] = await refused('a');
  await fixture.resolve('a');
  expect(await fixture.deadLetters.replay(id)).toEqual({ replayed: 1, ended: 0 });
  await fixture.clock.advance(20 * MINUTE_MS);
  expect(fixture.gists()).toEqual(['firing a']);
  expect(await ids()).toEqual([]);
});

it('of a group that has ended are kept for somebody to see', async () => {
  const [id = ''] = await refused('a');
  await fixture.resolve('a');
  await fixture.clock.advance(10 * MINUTE_MS);
  expect(await fixture.deadLetters.replay(id)).toEqual({ replayed: 0, ended: 1 });
  expect(await ids()).toEqual([id]);
  expect(await fixture.deadLetters.drop(id)).toBe(true);
  expect(await ids()).toEqual([]);
});

it('dropped are gone, and nothing is sent for that', async () => {
  const [id = ''] = await refused('a');
  expect(await fixture.deadLetters.drop(id)).toBe(true);
  expect(await ids()).toEqual([]);
  expect(await fixture.deadLetters.drop(id)).toBe(false);
  await fixture.clock.advance(MINUTE_MS);
  expect(fixture.asked).toHaveLength(1);
});

it('dropped keep no record of an ended group any longer', async () => {
  const [id = ''] = await refused('a');
  await fixture.resolve('a');
  await fixture.clock.advance(10 * MINUTE_MS);
  await fixture.deadLetters.drop(id);
  await fixture.clock.advance(9 * 60 * MINUTE_MS);
  const groupId = id.slice(0, id.lastIndexOf('-'));
  expect((await fixture.log.load([groupId])).records.get(groupId)?.size).toBe(0);
});

it('are replayed together by receiver', async () => {
  expect(await refused('a', 'b', 'c')).toHaveLength(3);
  expect(await fixture.deadLetters.replayReceiver('another')).toEqual({ replayed: 0, ended: 0 });
  expect(await fixture.deadLetters.replayReceiver('team')).toEqual({ replayed: 3, ended: 0 });
  await fixture.clock.advance(0);
  expect(fixture.gists().slice(3).sort()).toEqual(['firing a', 'firing b', 'firing c']);
});

it('are at most one of a group and integration', async () => {
  fixture.answer = async () => BUSY;
  await fixture.fire('a');
  await fixture.clock.advance(60 * MINUTE_MS);
  expect(await ids()).toHaveLength(1);
});

it('that nobody has are told so', async () => {
  for (const id of ['', 'x', 'x-', '-00000000', 'ffffffffffffffffffffffff-00000000']) {
    expect(await fixture.deadLetters.replay(id), id).toBeNull();
    expect(await fixture.deadLetters.drop(id), id).toBe(false);
  }
});

it('leave a line in the timeline when they are replayed or dropped', async () => {
  const [first = '', second = ''] = await refused('a', 'b');
  await fixture.deadLetters.replay(first);
  await fixture.deadLetters.drop(second);
  const own = fixture.events.filter(({ kind }) => kind === 'dead-letter').map(({ message }) => message);
  expect(own).toEqual([
    `${KEY} was not told (first notification): unexpected status code 400`,
    `${KEY} was not told (first notification): unexpected status code 400`,
    `dead letter of ${KEY} replayed`,
    `dead letter of ${KEY} dropped`,
  ]);
});
