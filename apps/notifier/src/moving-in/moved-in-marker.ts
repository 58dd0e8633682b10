/** How far moving in has come. `begun`: it was interrupted, and repeating what was done changes nothing. */
export type MovedIn = 'no' | 'begun' | 'done';

/** Remembers, for the whole installation, whether an Alertmanager's state was taken over. */
export interface MovedInMarker {
  read(): Promise<MovedIn>;
  /** Resolves once durable. */
  write(state: Exclude<MovedIn, 'no'>): Promise<void>;
}
