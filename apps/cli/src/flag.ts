/** How a flag's text is read. `duration`: as Go or Prometheus write one; `switch`: true unless it says otherwise. */
export type FlagKind = 'text' | 'switch' | 'integer' | 'number' | 'duration';

/** One flag of a command, its twin in the environment, and what help and documentation say of it. */
export interface Flag {
  /** Without dashes: `web.listen-address`. */
  readonly name: string;
  /** One letter that does as well: `o` for `-o`. */
  readonly short?: string;
  readonly kind: FlagKind;
  /** As if typed; null: not set. Of a repeatable flag, its only value. */
  readonly default: string | null;
  readonly help: string;
  /** What the value is called in the help. Default: by kind. */
  readonly placeholder?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly repeatable?: true;
  /** A further name in the environment, used when the twin is not set. */
  readonly environment?: string;
  /** It has no twin: the variable of that name is meant for a server, and this command must not hear of it. */
  readonly isTyped?: true;
  /** Of a duration: below zero counts, too; its user says what that means. */
  readonly mayBeNegative?: true;
  /** A flag of Alertmanager's for what is done another way here: accepted with a warning. */
  readonly needless?: true;
}

/** Flags under a heading of the help. */
export interface FlagSection {
  readonly title: string;
  readonly flags: readonly Flag[];
}

/** Names in the environment, the one that counts first. */
export function environmentNames(flag: Pick<Flag, 'name' | 'environment' | 'isTyped'>): string[] {
  if (flag.isTyped) return [];
  const twin = `TOCSIN_${flag.name.toUpperCase().replace(/[.-]/g, '_')}`;
  return flag.environment === undefined ? [twin] : [twin, flag.environment];
}
