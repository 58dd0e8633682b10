/** What a line says besides its constant message. Secrets print themselves as `<secret>`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where lines go. The message is a constant; what varies is a field. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  child(fields: LogFields): Log;
}

/** Says nothing. */
export const nullLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => nullLog,
};

/** The Redis client's name for a command that found no connection; its message speaks of the client's own options. */
const NO_CONNECTION = 'MaxRetriesPerRequestError';

/** The text of anything that was thrown, with its causes. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.name === NO_CONNECTION ? 'there is no connection to Redis' : error.message || error.name;
  return error.cause === undefined ? own : `${own}: ${reasonOf(error.cause)}`;
}

/** Reports a failure that repeats: one line when it starts, one when its reason changes, one when it is over. */
export interface RepeatedFailure {
  failed(message: string, error: unknown, fields?: LogFields): void;
  /** Says the message only if something had failed before. */
  recovered(message: string, fields?: LogFields): void;
}

export function onReasonChange(log: Log): RepeatedFailure {
  let last: string | null = null;
  return {
    failed(message, error, fields) {
      const reason = reasonOf(error);
      if (reason === last) return;
      last = reason;
      log.error(message, { ...fields, err: reason });
    },
    recovered(message, fields) {
      if (last === null) return;
      last = null;
      log.info(message, fields);
    },
  };
}
