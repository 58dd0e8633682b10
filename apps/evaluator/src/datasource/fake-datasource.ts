import { type Labels } from '@tocsin/common/labels/label-set';
import { type Datasource, type QueryResult } from './datasource';

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

/** A result with these series, each of value 1 unless it says otherwise. */
export function vector(...series: readonly (Labels | { labels: Labels; value: number })[]): QueryResult {
  const samples = series.map((one) =>
    'value' in one && typeof one.value === 'number' ? (one as { labels: Labels; value: number }) : plain(one as Labels),
  );
  return { kind: 'vector', samples, isComplete: true, warnings: [] };
}

function plain(labels: Labels): { labels: Labels; value: number } {
  return { labels, value: 1 };
}
