import { type JsonBody } from '@tocsin/common/http/json-body';
import { z } from 'zod';
import { DEFAULT_SCENARIO_LIMITS, type Scenario } from '../../simulate/scenario';
import { mistakesOf, scenarioOf, scenarioShape } from '../../simulate/scenario.schema';
import { mistakeText, valueOf } from './request-body';

const request = z.strictObject({
  /** A whole configuration as YAML. Default: the running one. */
  config: z.string().optional(),
  ...scenarioShape,
});

export type ParsedSimulate = { ok: true; config: string | null; scenario: Scenario } | { ok: false; error: string };

/** Body of `POST /api/tocsin/v1/simulate`. */
export function parseSimulate(body: JsonBody | undefined, nowMs: number): ParsedSimulate {
  const read = valueOf(body);
  if (!read.ok) return read;
  const parsed = request.safeParse(read.value);
  if (!parsed.success) return { ok: false, error: mistakeText(mistakesOf(parsed.error)) };
  const { config = null, ...input } = parsed.data;
  const made = scenarioOf(input, nowMs, DEFAULT_SCENARIO_LIMITS);
  return made.ok ? { ok: true, config, scenario: made.scenario } : { ok: false, error: mistakeText(made.mistakes) };
}
