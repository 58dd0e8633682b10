import { type JsonBody } from '@tocsin/common/http/json-body';
import { pathText, type ScenarioMistake } from '../../simulate/scenario.schema';

/** The value of a body that must be there. */
export function valueOf(body: JsonBody | undefined): { ok: true; value: unknown } | { ok: false; error: string } {
  if (body === undefined || body.kind === 'empty') return { ok: false, error: 'expected a JSON object, got no body' };
  if (body.kind === 'malformed') return { ok: false, error: `the body is not JSON: ${body.error}` };
  return { ok: true, value: body.value };
}

/** One mistake a line. */
export function mistakeText(mistakes: readonly ScenarioMistake[]): string {
  return mistakes
    .map(({ path, message }) => (path.length === 0 ? message : `${pathText(path)}: ${message}`))
    .join('\n');
}
