import { describe, expect, it } from 'vitest';
import { nullLog } from '../log/log';
import { FakeClock, settle } from '../testing/fake-clock';
import { machineClock } from '../time/clock';
import { InProcessQueue } from './in-process-queue';
import { type Greeting, greetings, queueContract } from './queue.contract';
import { MESSAGE_GIVEN_UP, MESSAGE_INVALID, QUEUE_CLOSED } from './queue.errors';

queueContract('InProcessQueue', () => {
  const queue = new InProcessQueue({ contract: greetings, clock: machineClock, log: nullLog });
  return { producer: queue, consume: (handle) => queue.consume(handle) };
});

describe('InProcessQueue', () => {
  const open = (clock = new FakeClock()) => ({
    clock,
    queue: new InProcessQueue({ contract: greetings, clock, log: nullLog }),
  });
  const hello: Greeting = { v: 1, to: 'a' };

  it('resolves `add` only when the message was handled', async () => {
    const { queue } = open();
    let finish = (): void => undefined;
    queue.consume(() => new Promise((done) => (finish = done)));
    let added = false;
    const adding = queue.add(hello).then(() => (added = true));
    await settle();
    expect(added).toBe(false);
    finish();
    await adding;
  });

  it('waits twice as long before each further attempt, then rejects with the cause', async () => {
    const { queue, clock } = open();
    const attemptsMs: number[] = [];
    const startMs = clock.nowMs();
    queue.consume(async () => {
      attemptsMs.push(clock.nowMs() - startMs);
      throw new Error('no');
    });
    const adding = queue.add(hello);
    const refused = expect(adding).rejects.toMatchObject({ code: MESSAGE_GIVEN_UP, cause: new Error('no') });
    await clock.advance(1_000);
    await refused;
    expect(attemptsMs).toEqual([0, 10, 30]);
  });

  it.each([
    ['another form', { v: 1 }],
    ['an unknown version', { v: 2, to: 'a' }],
  ])('rejects a message of %s at once', async (_, message) => {
    await expect(open().queue.add(message as unknown as Greeting)).rejects.toMatchObject({ code: MESSAGE_INVALID });
  });

  it('ends waiting messages when it is closed, and leaves no timer', async () => {
    const { queue, clock } = open();
    const refused = expect(queue.add(hello)).rejects.toMatchObject({ code: QUEUE_CLOSED });
    await settle();
    await queue.close();
    await refused;
    expect(clock.pendingTimers).toBe(0);
  });
});
