import { type Labels } from '@tocsin/common/labels/label-set';
import { z } from 'zod';
import { type RouteTest } from './route-test';
import { DEFAULT_SCENARIO_LIMITS } from './scenario';
import {
  absolute,
  instant,
  instantMs,
  mistakesOf,
  scenarioOf,
  type ScenarioMistake,
  scenarioShape,
} from './scenario.schema';

/** When a case starts unless it says so: noon of a Monday, so that its result does not depend on the day it is run. */
const START_MS = Date.UTC(2026, 0, 5, 12);

/** A text is the value of `alertname`. */
const alert = z.union(
  [z.string().transform((alertname): Labels => ({ alertname })), z.record(z.string(), z.string())],
  'expected an alertname or labels',
);

const group = z.strictObject({
  receiver: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  alerts: z.array(alert).optional(),
});

const notification = z.strictObject({
  at: instant.optional(),
  receiver: z.string().optional(),
  status: z.enum(['firing', 'resolved'], 'expected firing or resolved').optional(),
  reason: z.string().optional(),
  alerts: z.array(alert).optional(),
});

const { start: _, ...shape } = scenarioShape;

const test = z.strictObject({
  name: z.string().min(1, 'expected a name'),
  /** When it starts. */
  at: absolute.optional(),
  ...shape,
  expect: z.strictObject({
    receivers: z.array(z.string()).optional(),
    groups: z.array(group).optional(),
    notifications: z.array(notification).optional(),
  }),
});

const file = z.strictObject({
  /** As seen from the folder of the file. */
  config: z.string().min(1, 'expected the name of a file').optional(),
  tests: z.array(test).min(1, 'expected at least one test'),
});

export type ParsedRouteTests =
  | { ok: true; /** Null: the file names none. */ config: string | null; tests: readonly RouteTest[] }
  | { ok: false; mistakes: readonly ScenarioMistake[] };

/** Reads the content of a file for `tocsin test routes`. */
export function parseRouteTests(content: unknown): ParsedRouteTests {
  const parsed = file.safeParse(content);
  if (!parsed.success) return { ok: false, mistakes: mistakesOf(parsed.error) };
  const mistakes: ScenarioMistake[] = [];
  const tests = parsed.data.tests.flatMap((written, index): RouteTest[] => {
    const startMs = written.at ?? START_MS;
    if (Object.keys(written.expect).length === 0) {
      mistakes.push({ path: ['tests', index, 'expect'], message: 'expected receivers, groups or notifications' });
    }
    const made = scenarioOf(written, startMs, DEFAULT_SCENARIO_LIMITS);
    if (!made.ok) {
      mistakes.push(...made.mistakes.map(({ path, message }) => ({ path: ['tests', index, ...path], message })));
      return [];
    }
    const { receivers, groups, notifications } = written.expect;
    return [
      {
        name: written.name,
        scenario: made.scenario,
        expect: {
          receivers: receivers ?? null,
          groups:
            groups?.map(({ receiver, labels, alerts }) => ({
              receiver: receiver ?? null,
              labels: labels ?? null,
              alerts: alerts ?? null,
            })) ?? null,
          notifications:
            notifications?.map(({ at, receiver, status, reason, alerts }) => ({
              atMs: at === undefined ? null : instantMs(at, startMs),
              receiver: receiver ?? null,
              status: status ?? null,
              reason: reason ?? null,
              alerts: alerts ?? null,
            })) ?? null,
        },
      },
    ];
  });
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, config: parsed.data.config ?? null, tests };
}
