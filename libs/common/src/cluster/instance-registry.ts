/** Who is alive: the instances of one application in an installation. */
export interface InstanceRegistry {
  readonly self: Instance;
  /** Live instances as of the last heartbeat, self included, by name. */
  live(): readonly Instance[];
}

export interface Instance {
  /** Unique while the process lives. */
  readonly name: string;
  /** host:port others could reach it on. */
  readonly address: string;
  /** What it says of itself, such as the configuration it runs on. Absent: nothing. */
  readonly details?: Readonly<Record<string, string>>;
}

/** An instance that was not heard of for this long is no longer live, ms. */
export const INSTANCE_TTL_MS = 5_000;
