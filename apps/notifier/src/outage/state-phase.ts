/** How an instance in a cluster stands to the shared state. */
export type StatePhase =
  /** Redis was not reached yet. */
  | 'starting'
  /** All is well, or Redis is away for less than the grace. */
  | 'shared'
  /** What this instance knows is given to a Redis that lost its data, or was away. */
  | 'restoring'
  /** Redis is away: this instance works on its own. */
  | 'alone';

/** What is known of the shared state. */
export interface StateView {
  readonly phase: StatePhase;
  /** When this phase began, epoch ms. */
  readonly sinceMs: number;
  /** Whether Redis answered when it was last asked. */
  readonly isAvailable: boolean;
  /** When Redis last answered, epoch ms; null: never. */
  readonly reachedAtMs: number | null;
  /** Of the Redis that is known; empty while none is. */
  readonly epoch: string;
  /** Entries of the change stream this instance had yet to apply when it last looked. */
  readonly replicaLag: number;
}

/** Why no work can be done; null: it can. */
export function notReadyBecause({ phase, isAvailable }: StateView, graceMs: number): string | null {
  switch (phase) {
    case 'starting':
      return `Redis cannot be reached; without it this notifier begins to work on its own ${graceMs / 1_000} s after its start`;
    case 'restoring':
      return 'the state is being restored to Redis';
    case 'shared':
      return isAvailable
        ? null
        : `Redis cannot be reached or written to; this notifier begins to work on its own after ${graceMs / 1_000} s`;
    case 'alone':
      return null;
  }
}

/** What a notifier that is ready says besides; null: nothing. */
export function readyNote({ phase, reachedAtMs }: StateView): string | null {
  if (phase !== 'alone') return null;
  const since = reachedAtMs === null ? 'since the start' : `since ${new Date(reachedAtMs).toISOString()}`;
  return `Redis cannot be reached or written to ${since}: this notifier works on its own and may repeat what others tell`;
}
