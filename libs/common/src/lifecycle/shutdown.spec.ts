import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nullLog } from '../log/log';
import { FakeClock, settle } from '../testing/fake-clock';
import { SHUTDOWN_PHASES, ShutdownService } from './shutdown.service';

describe('ShutdownService', () => {
  let clock: FakeClock;
  let shutdown: ShutdownService;
  const error = vi.fn();
  let done: string[];

  beforeEach(() => {
    clock = new FakeClock();
    error.mockReset();
    shutdown = new ShutdownService(clock, { ...nullLog, error });
    done = [];
  });

  const step =
    (name: string, takesMs = 0) =>
    async (): Promise<void> => {
      if (takesMs > 0) await new Promise<void>((end) => clock.setTimer(takesMs, end));
      done.push(name);
    };

  it('ends phase after phase, whatever order its steps were added in', async () => {
    for (const phase of [...SHUTDOWN_PHASES].reverse()) shutdown.add(phase, phase, step(phase, 10));
    const ending = shutdown.shutdown(1_000);
    await clock.advance(1_000);
    expect(await ending).toBe(true);
    expect(done).toEqual(['intake', 'workers', 'queues', 'stores']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('runs the steps of one phase side by side', async () => {
    shutdown.add('workers', 'slow', step('slow', 80));
    shutdown.add('workers', 'quick', step('quick', 50));
    const ending = shutdown.shutdown(100);
    await clock.advance(80);
    expect(await ending).toBe(true);
    expect(done).toEqual(['quick', 'slow']);
  });

  it('names the step that hangs, leaves out what comes after it, and tells that it was not clean', async () => {
    shutdown.add('intake', 'server', step('server'));
    shutdown.add('workers', 'flushes', () => new Promise(() => undefined));
    shutdown.add('workers', 'deliveries', step('deliveries', 900));
    shutdown.add('stores', 'state', step('state'));
    const ending = shutdown.shutdown(1_000);
    await clock.advance(1_000);
    expect(await ending).toBe(false);
    expect(done).toEqual(['server', 'deliveries']);
    expect(error.mock.calls).toEqual([['Shutdown step did not end in time', { step: 'flushes' }]]);
  });

  it('counts the limit over all phases', async () => {
    shutdown.add('intake', 'server', step('server', 700));
    shutdown.add('workers', 'flushes', step('flushes', 700));
    const ending = shutdown.shutdown(1_000);
    await clock.advance(1_000);
    expect(await ending).toBe(false);
    expect(done).toEqual(['server']);
  });

  it.each([
    ['rejects', async () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('goes on after a step that %s, and tells that it was not clean', async (_, run) => {
    shutdown.add('intake', 'server', run);
    shutdown.add('stores', 'state', step('state'));
    expect(await shutdown.shutdown(1_000)).toBe(false);
    expect(done).toEqual(['state']);
    expect(error).toHaveBeenCalledWith('Shutdown step failed', { step: 'server', err: new Error('no') });
  });

  it('ends once, however often it is asked to', async () => {
    shutdown.add('intake', 'server', step('server'));
    await Promise.all([shutdown.shutdown(1_000), shutdown.shutdown(1_000)]);
    await settle();
    expect(done).toEqual(['server']);
  });
});
