/** Measured values of one case on one target, by column. */
export type Values = Readonly<Record<string, number>>;

/** One case, measured on each target. */
export interface CaseResult {
  readonly name: string;
  readonly byTarget: ReadonlyMap<string, Values>;
}

/** Lines of a table: each case with a row a target and, for two targets, the ratio of the first to the second. */
export function formatTable(title: string, results: readonly CaseResult[]): string {
  const columns = [...new Set(results.flatMap(({ byTarget }) => [...byTarget.values()].flatMap(Object.keys)))];
  const rows: string[][] = [[title, '', ...columns]];
  for (const { name, byTarget } of results) {
    let label = name;
    for (const [target, values] of byTarget) {
      rows.push([label, target, ...columns.map((column) => formatNumber(values[column]))]);
      label = '';
    }
    const ratios = ratiosOf(byTarget);
    if (ratios) rows.push(['', 'ratio', ...columns.map((column) => formatNumber(ratios[column]))]);
  }
  return align(rows).join('\n');
}

/** First target's values divided by the second's; null with one target. */
export function ratiosOf(byTarget: ReadonlyMap<string, Values>): Values | null {
  const [first, second] = [...byTarget.values()];
  if (!first || !second) return null;
  const shared = Object.keys(first).filter((column) => second[column] !== undefined && second[column] !== 0);
  return Object.fromEntries(shared.map((column) => [column, (first[column] ?? 0) / (second[column] ?? 1)]));
}

/** The same for machines. */
export function toJson(title: string, results: readonly CaseResult[]): string {
  const cases = results.map(({ name, byTarget }) => ({
    case: name,
    ...Object.fromEntries(byTarget),
    ratio: ratiosOf(byTarget),
  }));
  return JSON.stringify({ bench: title, cases }, null, 2);
}

function formatNumber(value: number | undefined): string {
  if (value === undefined) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

function align(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
