import { reasonOf } from '@tocsin/common/log/log';
import { type Console } from './command';

/** A server this process runs. */
export interface RunningServer {
  /** Ends it after what is under way; throws when something had to be cut off. */
  stop(): Promise<void>;
  /** Reads its files again; logs what it finds. */
  reload?(): Promise<unknown>;
}

/** Longest orderly end, ms: less than the 30 s after which Kubernetes kills. */
const STOP_LIMIT_MS = 25_000;

/** Signals as this process gets them, so that tests can send their own. */
type Signals = Pick<NodeJS.Process, 'on' | 'off'>;

/**
 * Serves until SIGTERM or SIGINT, then ends the servers, the last one first; SIGHUP reloads. A second signal does not
 * wait. Returns the exit code.
 */
export async function untilStopped(
  servers: readonly RunningServer[],
  console: Console,
  { signals = process as Signals, stopLimitMs = STOP_LIMIT_MS } = {},
): Promise<number> {
  const reload = (): void => {
    for (const server of servers) {
      server.reload?.().catch((error: unknown) => console.err(`tocsin: error: reload: ${reasonOf(error)}\n`));
    }
  };
  signals.on('SIGHUP', reload);
  await nextStopSignal(signals);
  const code = await Promise.race([
    stopAll(servers, console),
    nextStopSignal(signals).then(() => 1),
    tooLate(stopLimitMs, console),
  ]);
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

function nextStopSignal(signals: Signals): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      signals.off('SIGTERM', stop).off('SIGINT', stop);
      resolve();
    };
    signals.on('SIGTERM', stop).on('SIGINT', stop);
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
