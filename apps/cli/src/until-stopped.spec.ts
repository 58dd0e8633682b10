import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type RunningServer, untilStopped } from './until-stopped';

function started(servers: Record<string, () => Promise<void>>, stopLimitMs = 5_000) {
  const signals = new EventEmitter() as EventEmitter & Pick<NodeJS.Process, 'on' | 'off'>;
  const log: string[] = [];
  const running: RunningServer[] = Object.entries(servers).map(([name, stop]) => ({
    stop: async () => {
      log.push(name);
      return stop();
    },
    reload: async () => void log.push(`reload ${name}`),
  }));
  const ended = untilStopped(running, { out: () => {}, err: (text) => void log.push(text) }, { signals, stopLimitMs });
  return { signals, log, ended };
}

const atOnce = async () => {};
const never = () => new Promise<void>(() => {});

describe('untilStopped', () => {
  it.each(['SIGTERM', 'SIGINT'])('ends the servers on %s, the last one first', async (signal) => {
    const { signals, log, ended } = started({ first: atOnce, second: atOnce });
    expect(log).toEqual([]);
    signals.emit(signal);
    expect(await ended).toBe(0);
    expect(log).toEqual(['second', 'first']);
  });

  it('reloads on SIGHUP and goes on', async () => {
    const { signals, log, ended } = started({ one: atOnce });
    signals.emit('SIGHUP');
    signals.emit('SIGHUP');
    expect(log).toEqual(['reload one', 'reload one']);
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends the others when one fails to end, and tells by its exit code', async () => {
    const { signals, log, ended } = started({ first: atOnce, second: () => Promise.reject(new Error('stuck')) });
    signals.emit('SIGTERM');
    expect(await ended).toBe(1);
    expect(log).toEqual(['second', 'tocsin: error: stuck\n', 'first']);
  });

  it('does not wait after a second signal', async () => {
    const { signals, ended } = started({ one: never });
    signals.emit('SIGINT');
    await Promise.resolve();
    signals.emit('SIGINT');
    expect(await ended).toBe(1);
  });

  it('does not wait longer than its limit', async () => {
    const { signals, log, ended } = started({ one: never }, 1);
    signals.emit('SIGTERM');
    expect(await ended).toBe(1);
    expect(log.at(-1)).toContain('did not end within');
  });
});
