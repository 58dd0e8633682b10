import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { serve, type Start } from './serve';

type Stops = Record<string, () => Promise<void>>;

/** Serves what `servers` says, by name; `log` is what happens to them. */
function serving(servers: Stops, { afterwards = atOnce, stopLimitMs = 5_000 } = {}) {
  const signals = new EventEmitter() as EventEmitter & Pick<NodeJS.Process, 'on' | 'off'>;
  const log: string[] = [];
  const start: Start = async (started) => {
    for (const [name, stop] of Object.entries(servers)) {
      started({
        stop: () => {
          log.push(name);
          return stop();
        },
        stopping: (signal) => void log.push(`${name} ${signal}`),
        reload: async () => void log.push(`reload ${name}`),
      });
    }
    await afterwards();
  };
  const ended = serve(start, { out: () => {}, err: (text) => void log.push(text) }, { signals, stopLimitMs });
  return { signals, log, ended };
}

const atOnce = async () => {};
const never = () => new Promise<void>(() => {});

describe('serve', () => {
  it.each(['SIGTERM', 'SIGINT'])('ends the servers on %s, the last one first', async (signal) => {
    const { signals, log, ended } = serving({ first: atOnce, second: atOnce });
    expect(log).toEqual([]);
    signals.emit(signal);
    expect(await ended).toBe(0);
    expect(log).toEqual([`first ${signal}`, `second ${signal}`, 'second', 'first']);
  });

  it('reloads on SIGHUP and goes on', async () => {
    const { signals, log, ended } = serving({ one: atOnce });
    signals.emit('SIGHUP');
    signals.emit('SIGHUP');
    expect(log).toEqual(['reload one', 'reload one']);
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends the others when one fails to end, and tells by its exit code', async () => {
    const { signals, log, ended } = serving({ first: atOnce, second: () => Promise.reject(new Error('stuck')) });
    signals.emit('SIGTERM');
    expect(await ended).toBe(1);
    expect(log.slice(2)).toEqual(['second', 'tocsin: error: stuck\n', 'first']);
  });

  it('does not wait after a second signal', async () => {
    const { signals, ended } = serving({ one: never });
    signals.emit('SIGINT');
    await Promise.resolve();
    signals.emit('SIGINT');
    expect(await ended).toBe(1);
  });

  it('does not wait longer than its limit', async () => {
    const { signals, log, ended } = serving({ one: never }, { stopLimitMs: 1 });
    signals.emit('SIGTERM');
    expect(await ended).toBe(1);
    expect(log.at(-1)).toContain('did not end within');
  });

  it('ends in order when asked during the start', async () => {
    let goOn = () => {};
    const afterwards = () => new Promise<void>((resolve) => (goOn = resolve));
    const { signals, log, ended } = serving({ one: atOnce }, { afterwards });
    signals.emit('SIGTERM');
    await Promise.resolve();
    expect(log).toEqual(['one SIGTERM']);
    goOn();
    expect(await ended).toBe(0);
    expect(log).toEqual(['one SIGTERM', 'one']);
  });

  it('does not wait for a start that hangs', async () => {
    const { signals, ended } = serving({ one: atOnce }, { afterwards: never, stopLimitMs: 1 });
    signals.emit('SIGINT');
    expect(await ended).toBe(1);
  });

  it('ends at once, in order, when asked before anything is open', async () => {
    const { signals, ended } = serving({}, { afterwards: never, stopLimitMs: 60_000 });
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends what runs already when the start fails', async () => {
    const { log, ended } = serving({ one: atOnce }, { afterwards: () => Promise.reject(new Error('port taken')) });
    await expect(ended).rejects.toThrow('port taken');
    expect(log).toEqual(['one']);
  });
});
