import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { GROUP_INTERVAL_MS, GROUP_WAIT_MS, Pipeline } from './support/pipeline';

/** Everything a flush and its delivery await is a point where something else may come in between, before and after. */
const POINTS_OF_FIRST_FLUSH = numbered(16);
const POINTS_OF_LAST_FLUSH = numbered(24);

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

class Killed extends Error {}

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.close());

/** Steps in once, at the point given; tells whether there was such a point. */
function stepInAt(point: number, step: () => Promise<void>): () => boolean {
  let happened = false;
  pipeline.countFromHere();
  pipeline.pause = async (at) => {
    if (at !== point || happened) return;
    happened = true;
    await step();
  };
  return () => happened;
}

/** The last thing said about each alert. */
function lastWord(heard: readonly string[]): Record<string, string> {
  const last: Record<string, string> = {};
  for (const message of heard) {
    for (const part of message.split('; ')) {
      const [status = '', names = ''] = part.split(' ');
      for (const name of names.split(',')) last[name] = status;
    }
  }
  return last;
}

async function opened(...names: string[]): Promise<void> {
  await pipeline.fire(...names);
  await pipeline.workFor(GROUP_WAIT_MS);
  expect(pipeline.heard).toEqual([`firing ${names.join(',')}`]);
}

it('tells the whole story without anything in between, and ends with an empty queue', async () => {
  await opened('a');
  await pipeline.resolve('a');
  await pipeline.workFor(GROUP_INTERVAL_MS);
  expect(pipeline.heard).toEqual(['firing a', 'resolved a']);
  expect(await pipeline.groupsLeft()).toBe(0);
});

it('is interrupted below at every await there is', async () => {
  let points = 0;
  const counting = () => {
    points = 0;
    pipeline.pause = async () => {
      points++;
    };
  };
  await pipeline.fire('a');
  pipeline.clock.set(pipeline.clock.nowMs() + GROUP_WAIT_MS);
  counting();
  await pipeline.work();
  expect(points).toBe(POINTS_OF_FIRST_FLUSH.length);
  await pipeline.resolve('a');
  pipeline.clock.set(pipeline.clock.nowMs() + GROUP_INTERVAL_MS);
  counting();
  await pipeline.work();
  expect(points).toBe(POINTS_OF_LAST_FLUSH.length);
});

describe.each(POINTS_OF_FIRST_FLUSH)('at await %i of a first flush and delivery', (point) => {
  async function firstFlush(step: () => Promise<void>): Promise<void> {
    await pipeline.fire('a');
    pipeline.clock.set(pipeline.clock.nowMs() + GROUP_WAIT_MS);
    const happened = stepInAt(point, step);
    await pipeline.work().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    expect(happened()).toBe(true);
    pipeline.pause = async () => {};
  }

  it('an alert that joins is told with this flush or the next, and nothing twice', async () => {
    await firstFlush(() => pipeline.fire('b'));
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect(lastWord(pipeline.heard)).toEqual({ a: 'firing', b: 'firing' });
    expect(pipeline.heard.length).toBeLessThanOrEqual(2);
    await pipeline.resolve('a', 'b');
    await pipeline.workFor(GROUP_INTERVAL_MS);
    expect(pipeline.heard.at(-1)).toBe('resolved a,b');
  });

  it('an alert that resolves is closed if it was told as firing, and never mentioned if not', async () => {
    await firstFlush(() => pipeline.resolve('a'));
    await pipeline.workFor(3 * GROUP_INTERVAL_MS);
    expect([[], ['firing a', 'resolved a']]).toContainEqual(pipeline.heard);
    expect(await pipeline.groupsLeft()).toBe(0);
  });

  it('a process that is killed there loses nothing, and repeats at most what was in flight', async () => {
    await firstFlush(async () => {
      throw new Killed();
    });
    await pipeline.restart();
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect(lastWord(pipeline.heard)).toEqual({ a: 'firing' });
    expect(pipeline.heard.length).toBeLessThanOrEqual(2);
    await pipeline.resolve('a');
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect(pipeline.heard.at(-1)).toBe('resolved a');
    expect(await pipeline.groupsLeft()).toBe(0);
  });

  it('a worker whose lease runs out there is overtaken, and undoes nothing when it comes back', async () => {
    await firstFlush(async () => {
      pipeline.pause = async () => {};
      pipeline.clock.set(pipeline.clock.nowMs() + LEASE_MS + 1);
      await pipeline.work();
      await pipeline.resolve('a');
      await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    });
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect(pipeline.heard.filter((message) => message === 'firing a').length).toBeLessThanOrEqual(2);
    expect(pipeline.heard.filter((message) => message === 'resolved a').length).toBeLessThanOrEqual(1);
    expect(await pipeline.groupsLeft()).toBe(0);
  });
});

describe.each(POINTS_OF_LAST_FLUSH)('at await %i of a flush that tells the end', (point) => {
  it('an alert that fires again is told so, in the end', async () => {
    await opened('a');
    await pipeline.resolve('a');
    pipeline.clock.set(pipeline.clock.nowMs() + GROUP_INTERVAL_MS);
    const happened = stepInAt(point, async () => {
      pipeline.clock.set(pipeline.clock.nowMs() + 1);
      await pipeline.fire('a');
    });
    await pipeline.work();
    expect(happened()).toBe(true);
    pipeline.pause = async () => {};
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect(lastWord(pipeline.heard)).toEqual({ a: 'firing' });
  });

  it('a process that is killed there still closes what it opened', async () => {
    await opened('a');
    await pipeline.resolve('a');
    pipeline.clock.set(pipeline.clock.nowMs() + GROUP_INTERVAL_MS);
    const happened = stepInAt(point, async () => {
      throw new Killed();
    });
    await pipeline.work().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    expect(happened()).toBe(true);
    pipeline.pause = async () => {};
    await pipeline.restart();
    await pipeline.workFor(3 * GROUP_INTERVAL_MS);
    expect(lastWord(pipeline.heard)).toEqual({ a: 'resolved' });
    expect(pipeline.heard.length).toBeLessThanOrEqual(3);
    expect(await pipeline.groupsLeft()).toBe(0);
  });
});

describe('a receiver that is slow or down', () => {
  it('is told an end that came while it took the beginning', async () => {
    await pipeline.fire('a');
    pipeline.answer = async () => {
      pipeline.answer = async () => ({ kind: 'delivered' });
      await pipeline.resolve('a');
      pipeline.clock.set(pipeline.clock.nowMs() + GROUP_INTERVAL_MS);
      await pipeline.flush();
      return { kind: 'delivered' };
    };
    await pipeline.workFor(4 * GROUP_INTERVAL_MS);
    expect(pipeline.heard).toEqual(['firing a', 'resolved a']);
    expect(await pipeline.groupsLeft()).toBe(0);
  });

  it('takes longer than the group interval and is told once', async () => {
    await pipeline.fire('a');
    pipeline.answer = async () => {
      pipeline.answer = async () => ({ kind: 'delivered' });
      pipeline.clock.set(pipeline.clock.nowMs() + GROUP_INTERVAL_MS);
      await pipeline.flush();
      return { kind: 'delivered' };
    };
    await pipeline.workFor(4 * GROUP_INTERVAL_MS);
    expect(pipeline.heard).toEqual(['firing a']);
  });

  const down = async () =>
    ({ kind: 'retryable', reason: 'serverError', message: 'unexpected status code 503' }) as const;
  const up = async () => ({ kind: 'delivered' }) as const;

  it('comes back after an alert came and went, and hears nothing of it', async () => {
    pipeline.answer = down;
    await pipeline.fire('a');
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    await pipeline.resolve('a');
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    pipeline.answer = up;
    await pipeline.workFor(4 * GROUP_INTERVAL_MS);
    expect(pipeline.heard).toEqual([]);
    expect(await pipeline.groupsLeft()).toBe(0);
  });

  it('comes back after the end of what it was told as firing, and hears of the end', async () => {
    await opened('a');
    pipeline.answer = down;
    await pipeline.resolve('a');
    await pipeline.workFor(4 * GROUP_INTERVAL_MS);
    pipeline.answer = up;
    // Its circuit breaker has opened: the next attempt is up to 15 s away.
    await pipeline.workFor(4 * GROUP_INTERVAL_MS);
    expect(pipeline.heard).toEqual(['firing a', 'resolved a']);
    expect(await pipeline.groupsLeft()).toBe(0);
  });

  it('rejects what it is told, and is told again at the next flush as it stands then', async () => {
    pipeline.answer = async () => ({ kind: 'rejected', reason: 'clientError', message: 'unexpected status code 400' });
    await pipeline.fire('a');
    await pipeline.workFor(GROUP_WAIT_MS);
    await pipeline.fire('b');
    pipeline.answer = up;
    await pipeline.workFor(GROUP_INTERVAL_MS);
    expect(pipeline.heard).toEqual(['firing a,b']);
  });

  it('rejects an end that another integration of its receiver takes, and is told at the next flush', async () => {
    await pipeline.close();
    pipeline = await Pipeline.open(2);
    await pipeline.fire('a');
    await pipeline.workFor(GROUP_WAIT_MS);
    const busy = { kind: 'rejected', reason: 'rateLimited', message: 'unexpected status code 429' } as const;
    pipeline.answer = async (_, index) => (index === 0 ? busy : up());
    await pipeline.resolve('a');
    await pipeline.workFor(GROUP_INTERVAL_MS);
    pipeline.answer = up;
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect([...pipeline.heard].sort()).toEqual(['1: firing a', '1: resolved a', 'firing a', 'resolved a']);
    expect(await pipeline.groupsLeft()).toBe(0);
  });
});
