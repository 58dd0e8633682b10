import { reasonOf } from '@tocsin/common/log/log';
import { type Console } from './command';

/** A server this process runs. */
export interface RunningServer {
  /** Ends it after what is under way; throws when something had to be cut off. */
  stop(): Promise<void>;
  /** Told of the signal that asks for the end, before anything is stopped. */
  stopping?(signal: string): void;
  /** Reads its files again; logs what it finds. */
  reload?(): Promise<unknown>;
}

/** Starts servers, and tells of each as soon as it runs. */
export type Start = (started: (server: RunningServer) => void) => Promise<void>;

/** Longest orderly end, ms: less than the 30 s after which Kubernetes kills. */
const STOP_LIMIT_MS = 25_000;

/** Signals as this process gets them, so that tests can send their own. */
type Signals = Pick<NodeJS.Process, 'on' | 'off'>;

/**
 * Starts servers and serves until SIGTERM or SIGINT, then ends them, the last one first; SIGHUP reloads. A second
 * signal does not wait. Returns the exit code; throws what the start throws.
 */
export async function serve(
  start: Start,
  console: Console,
  { signals = process as Signals, stopLimitMs = STOP_LIMIT_MS } = {},
): Promise<number> {
  const servers: RunningServer[] = [];
  const reload = (): void => {
    for (const server of servers) {
      server.reload?.().catch((error: unknown) => console.err(`tocsin: error: reload: ${reasonOf(error)}\n`));
    }
  };
  signals.on('SIGHUP', reload);
  // Asked for during the start, the end waits for it, so that nothing is left half open; unless nothing is open yet, as
  // when it waits for a Redis that does not answer.
  const asked = nextStopSignal(signals);
  const starting = start((server) => servers.push(server));
  const ended = asked.then((signal) => {
    if (servers.length === 0) return 0;
    for (const server of servers) server.stopping?.(signal);
    return Promise.race([
      starting.then(() => stopAll(servers, console)),
      nextStopSignal(signals).then(() => 1),
      tooLate(stopLimitMs, console),
    ]);
  });
  const startedAndEnded = starting.then(
    () => ended,
    async (error: unknown) => {
      await stopAll(servers, console);
      throw error;
    },
  );
  const code = await Promise.race([ended, startedAndEnded]);
  signals.off('SIGHUP', reload);
  return code;
}

async function stopAll(servers: readonly RunningServer[], console: Console): Promise<number> {
  let code = 0;
  for (const server of [...servers].reverse()) {
    try {
      await server.stop();
    } catch (error) {
      console.err(`tocsin: error: ${reasonOf(error)}\n`);
      code = 1;
    }
  }
  return code;
}

function nextStopSignal(signals: Signals): Promise<string> {
  return new Promise((resolve) => {
    const [terminate, interrupt] = ['SIGTERM', 'SIGINT'].map((signal) => () => {
      signals.off('SIGTERM', terminate).off('SIGINT', interrupt);
      resolve(signal);
    }) as [() => void, () => void];
    signals.on('SIGTERM', terminate).on('SIGINT', interrupt);
  });
}

function tooLate(limitMs: number, console: Console): Promise<number> {
  return new Promise((resolve) => {
    setTimeout(() => {
      console.err(`tocsin: error: what was under way did not end within ${limitMs / 1000} s\n`);
      resolve(1);
    }, limitMs).unref();
  });
}
