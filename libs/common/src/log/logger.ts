import { pino } from 'pino';
import { inspect } from 'node:util';
import { type Log, type LogFields, reasonOf } from './log';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['logfmt', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** What to call a place in the running program's files. Default: its file and line. */
  readonly sourceOf?: (file: string, line: string) => string | undefined;
  /** Where lines go. Default: standard error. */
  readonly write?: (line: string) => void;
}

/** A log that writes one line per event, as Alertmanager does: `time=… level=INFO source=file:line msg="…" key=value`. */
export function createLogger({
  level,
  format,
  sourceOf = () => undefined,
  write = (line) => process.stderr.write(line),
}: LoggerOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    { write: format === 'json' ? write : (line) => write(logfmtLine(line)) },
  );
  return wrap(logger, sourceOf);
}

interface PinoLike {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  isLevelEnabled(level: string): boolean;
  child(fields: object): PinoLike;
}

function wrap(logger: PinoLike, sourceOf: SourceOf): Log {
  const at = (level: LogLevel) => {
    const write = (message: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(level)) logger[level]({ source: callerOf(write, sourceOf), ...plain(fields) }, message);
    };
    return write;
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(plain(fields)), sourceOf),
  };
}

type SourceOf = NonNullable<LoggerOptions['sourceOf']>;

/** File and line that called this function. */
function callerOf(called: (...args: never[]) => void, sourceOf: SourceOf): string {
  const traced = { stack: '' };
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(traced, called);
  Error.stackTraceLimit = stackTraceLimit;
  const [, file = 'unknown', line = '0'] = /([^/\\\s(]+):(\d+):\d+\)?$/.exec(traced.stack) ?? [];
  return sourceOf(file, line) ?? `${file}:${line}`;
}

/** Errors by their message and causes; everything else as it prints itself, which hides secrets. */
function plain(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? reasonOf(value) : value]),
  );
}

function logfmtLine(json: string): string {
  const { time, level, source, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const pairs = Object.entries({ time, level, source, msg, ...fields }).map(
    ([key, value]) => `${key}=${logfmtValue(value)}`,
  );
  return `${pairs.join(' ')}\n`;
}

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : inspect(value);
  return text === '' || /[\s"=\\]|[^\x21-\x7e]/.test(text) ? JSON.stringify(text) : text;
}
