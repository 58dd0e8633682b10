import { type Labels } from '@tocsin/common/labels/label-set';
import { type Datasource, type QueryResult, type QueryVector, type Sample } from './datasource';

export interface SeenQuery {
  readonly expr: string;
  readonly atMs: number;
}

/** A datasource that answers what the test says and remembers who asked what for which time. */
export class FakeDatasource implements Datasource {
  readonly seen: SeenQuery[] = [];
  answer: (expr: string, atMs: number) => QueryResult | Promise<QueryResult> = () => vector();

  async query(expr: string, atMs: number, _signal: AbortSignal): Promise<QueryResult> {
    this.seen.push({ expr, atMs });
    return this.answer(expr, atMs);
  }

  async close(): Promise<void> {}
}

/** The labels of a series of value 1, or a sample. */
export type FakeSeries = Labels | Sample;

/** A complete result with these series. */
export function vector(...series: readonly FakeSeries[]): QueryVector {
  const samples = series.map((one) => (isSample(one) ? one : { labels: one, value: 1 }));
  return { kind: 'vector', samples, isComplete: true, warnings: [] };
}

function isSample(series: FakeSeries): series is Sample {
  return typeof series['value'] === 'number';
}
