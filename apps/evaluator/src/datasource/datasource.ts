import { type Labels } from '@tocsin/common/labels/label-set';

/** Answers expressions: Prometheus, or anything with its query API. */
export interface Datasource {
  /** The value of an expression at an instant (epoch ms). Failures are results, not exceptions. */
  query(expr: string, atMs: number, signal: AbortSignal): Promise<QueryResult>;
  close(): Promise<void>;
}

export type QueryResult = QueryVector | { readonly kind: 'failed'; readonly reason: string };

export interface QueryVector {
  readonly kind: 'vector';
  readonly samples: readonly Sample[];
  /** False when the datasource said that it could not reach all data: what is missing here may still be true. */
  readonly isComplete: boolean;
  readonly warnings: readonly string[];
}

export interface Sample {
  /** With the metric name, if there is one. */
  readonly labels: Labels;
  /** NaN for a native histogram. */
  readonly value: number;
}
