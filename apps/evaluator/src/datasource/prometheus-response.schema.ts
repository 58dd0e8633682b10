import { type Labels } from '@tocsin/common/labels/label-set';
import { type QueryResult, type Sample } from './datasource';

/**
 * Reads the answer of `/api/v1/query`. Checked by hand: a rule with ten thousand series is read at every slot.
 * Source: Prometheus' HTTP API.
 */
export function parseQueryResponse(text: string): QueryResult {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return failed(`answer is not JSON: ${excerpt(text)}`);
  }
  if (!isRecord(body)) return failed(`answer is not an object: ${excerpt(text)}`);
  if (body['status'] !== 'success') return failed(errorOf(body) ?? `answer without data: ${excerpt(text)}`);
  const data = body['data'];
  if (!isRecord(data)) return failed(`answer without data: ${excerpt(text)}`);
  const warnings = textsOf(body['warnings']);
  const isComplete = body['isPartial'] !== true && warnings.every(isAboutTheQuery);
  const samples = samplesOf(data);
  return typeof samples === 'string' ? failed(samples) : { kind: 'vector', samples, isComplete, warnings };
}

/** What an error answer says, as `type: message`; null when it is none. */
export function parseErrorResponse(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? errorOf(body) : null;
  } catch {
    return null;
  }
}

function errorOf(body: Record<string, unknown>): string | null {
  const { error, errorType } = body;
  if (typeof error !== 'string') return null;
  return typeof errorType === 'string' ? `${errorType}: ${error}` : error;
}

/** Remarks on the query itself; other warnings say that some data could not be read (Thanos, remote read). */
function isAboutTheQuery(warning: string): boolean {
  return warning.startsWith('PromQL warning: ') || warning.startsWith('PromQL info: ');
}

function samplesOf(data: Record<string, unknown>): readonly Sample[] | string {
  const { resultType, result } = data;
  if (resultType === 'scalar') {
    const value = valueOf(result);
    return value === null ? 'answer holds a scalar that is none' : [{ labels: {}, value }];
  }
  if (resultType !== 'vector') return 'rule result is not a vector or scalar';
  if (!Array.isArray(result)) return 'answer holds a vector that is none';
  const samples: Sample[] = [];
  for (const series of result as unknown[]) {
    const sample = isRecord(series) ? sampleOf(series) : null;
    if (sample === null) return `answer holds a series that is none: ${excerpt(JSON.stringify(series))}`;
    samples.push(sample);
  }
  return samples;
}

function sampleOf(series: Record<string, unknown>): Sample | null {
  const { metric } = series;
  if (!isLabels(metric)) return null;
  if (series['value'] === undefined && Array.isArray(series['histogram'])) return { labels: metric, value: Number.NaN };
  const value = valueOf(series['value']);
  return value === null ? null : { labels: metric, value };
}

function isLabels(value: unknown): value is Labels {
  if (!isRecord(value)) return false;
  for (const name in value) if (typeof value[name] !== 'string') return false;
  return true;
}

/** Of `[time, "value"]`. */
function valueOf(pair: unknown): number | null {
  if (!Array.isArray(pair) || pair.length !== 2) return null;
  const text: unknown = pair[1];
  if (typeof text !== 'string') return null;
  const special = SPECIAL_VALUES.get(text);
  if (special !== undefined) return special;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}

const SPECIAL_VALUES: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Infinity],
  ['Inf', Infinity],
  ['-Inf', -Infinity],
]);

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
}

function failed(reason: string): QueryResult {
  return { kind: 'failed', reason };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Enough of an unexpected answer to recognise it. */
export function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
