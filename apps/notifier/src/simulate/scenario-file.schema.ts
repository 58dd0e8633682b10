import { z } from 'zod';
import { DEFAULT_SCENARIO_LIMITS, type Scenario } from './scenario';
import { mistakesOf, scenarioOf, type ScenarioMistake, scenarioShape } from './scenario.schema';

const file = z.strictObject({
  /** As seen from the folder of the file. */
  config: z.string().min(1, 'expected the name of a file').optional(),
  ...scenarioShape,
});

export type ParsedScenarioFile =
  | { ok: true; /** Null: the file names none. */ config: string | null; scenario: Scenario }
  | { ok: false; mistakes: readonly ScenarioMistake[] };

/** Reads the content of a file for `tocsin simulate`. */
export function parseScenarioFile(content: unknown, nowMs: number): ParsedScenarioFile {
  const parsed = file.safeParse(content);
  if (!parsed.success) return { ok: false, mistakes: mistakesOf(parsed.error) };
  const { config = null, ...input } = parsed.data;
  const made = scenarioOf(input, nowMs, DEFAULT_SCENARIO_LIMITS);
  return made.ok ? { ok: true, config, scenario: made.scenario } : made;
}
