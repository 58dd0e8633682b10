/** A range, both ends included. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** One element of a named interval: all fields that are present must match; null matches always.
 *  Source: Alertmanager `timeinterval.TimeInterval`. */
export interface TimeInterval {
  /** Minutes since local midnight; the end is not included and may be 1440. */
  readonly times: readonly Range[] | null;
  /** 0 is Sunday. */
  readonly weekdays: readonly Range[] | null;
  /** 1 … 31, or -1 (the last day) … -31. */
  readonly daysOfMonth: readonly Range[] | null;
  /** 1 … 12. */
  readonly months: readonly Range[] | null;
  readonly years: readonly Range[] | null;
  /** IANA zone, `UTC` or `Local`; null: UTC. */
  readonly location: string | null;
}

/** Elements of each named interval, of which any may match. */
export type TimeIntervals = ReadonlyMap<string, readonly TimeInterval[]>;
