/** What one metric is: the code that registers it and `docs/metrics.md` are compared by these. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

type Definition<Type extends MetricDefinition['type'], Label extends string> = MetricDefinition & {
  readonly type: Type;
  readonly labels: readonly Label[];
};

export function counter<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Definition<'counter', Label> {
  return { type: 'counter', name, help, labels };
}

export function gauge<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Definition<'gauge', Label> {
  return { type: 'gauge', name, help, labels };
}

/** Sum and count only, as Go programs have summaries without quantiles. */
export function summary<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): Definition<'summary', Label> {
  return { type: 'summary', name, help, labels };
}

export function histogram<const Label extends string = never>(
  name: string,
  help: string,
  buckets: readonly number[],
  labels: readonly Label[] = [],
): Definition<'histogram', Label> {
  return { type: 'histogram', name, help, labels, buckets };
}

/** The row of `docs/metrics.md` that documents a metric. */
export function documentedAs({ name, type, labels, help }: MetricDefinition): string {
  const labelText = labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${labelText} | ${help} |`;
}
