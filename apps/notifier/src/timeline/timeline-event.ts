/** What happened. */
export type TimelineKind =
  'received' | 'verdict' | 'attempt' | 'delivered' | 'dead-letter' | 'silence' | 'config' | 'cluster' | 'system';

/** One line of the timeline: something changed. */
export interface TimelineEvent {
  readonly atMs: number;
  readonly kind: TimelineKind;
  /** Alerts it is about. */
  readonly fingerprints?: readonly string[];
  /** Group id, and Alertmanager's group key for people. */
  readonly group?: string;
  readonly groupKey?: string;
  readonly receiver?: string;
  /** `receiver/kind/index`. */
  readonly integration?: string;
  /** One sentence for people, without secrets. */
  readonly message: string;
  /** Further fields for programs. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** The event says that `key` is now `value`: it is left out where that was the last thing said of `key`. Of a key that
   *  nothing was said of the value is '', and saying that forgets the key. */
  readonly state?: { readonly key: string; readonly value: string };
}

/** Takes events; never fails, never waits. What it cannot keep it drops and counts. */
export interface Timeline {
  record(event: TimelineEvent): void;
}

export const NO_TIMELINE: Timeline = { record: () => {} };
