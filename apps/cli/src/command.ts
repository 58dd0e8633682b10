import { type FlagSection } from './flag';
import { type FlagValues } from './parse-flags';

/** One thing `tocsin` does. */
export interface Command {
  /** As typed: `check config`. */
  readonly name: string;
  /** How its arguments are called in the help, in brackets where there may be none; null: it takes none. */
  readonly args: string | null;
  readonly summary: string;
  /** What the help adds to the summary. */
  readonly details: string;
  readonly sections: readonly FlagSection[];
  /** Loads the code of the command, and only that. */
  readonly load: () => Promise<RunCommand>;
}

/** Does it; returns the exit code. What it throws is printed as an error and ends in exit code 1. */
export type RunCommand = (flags: FlagValues, args: readonly string[], console: Console) => Promise<number>;

/** Where a command speaks. */
export interface Console {
  out(text: string): void;
  err(text: string): void;
}

/** A mistake of the user's, told in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
