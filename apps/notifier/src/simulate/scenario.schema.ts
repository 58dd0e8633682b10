import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { isValidLabelName, type Labels, labelsOf } from '@tocsin/common/labels/label-set';
import { parseMatcher } from '@tocsin/common/matchers/parse-matchers';
import { formatDuration, parseDuration } from '@tocsin/common/time/duration';
import { parseRfc3339 } from '@tocsin/common/time/rfc3339';
import { z } from 'zod';
import { type SilenceMatcher, type StoredSilence } from '../silences/silence';
import { type Arrival, DEFAULT_DURATION_MS, type Scenario, type ScenarioLimits } from './scenario';

/** An instant as written: absolute, or counted from the start. */
export type Instant = { kind: 'at'; ms: number } | { kind: 'after'; ms: number };

const INSTANT = 'a time such as 2026-01-31T12:00:00Z or, counted from the start, a duration such as 5m';

/** An instant of a scenario as it is written. */
export const instant = z.string().transform((text, context): Instant => {
  const duration = parseDuration(text);
  if (duration.ok) return { kind: 'after', ms: duration.ms };
  const time = parseRfc3339(text);
  if (time.ok && text !== '') return { kind: 'at', ms: time.ms };
  context.addIssue(`expected ${INSTANT}, got '${text}'`);
  return z.NEVER;
});

/** An instant as the API takes it. */
export const absolute = z.string().transform((text, context): number => {
  const time = parseRfc3339(text);
  if (time.ok && text !== '') return time.ms;
  context.addIssue(`expected a time such as 2026-01-31T12:00:00Z, got '${text}'`);
  return z.NEVER;
});

const duration = z.string().transform((text, context): number => {
  const parsed = parseDuration(text);
  if (parsed.ok && parsed.ms > 0) return parsed.ms;
  context.addIssue(`expected a duration such as 30s or 2h, got '${text}'`);
  return z.NEVER;
});

/** Texts by name. A record of zod's would leave out a label that is called `__proto__`. */
const texts = z.preprocess(
  (written) => (isObject(written) ? new Map(Object.entries(written)) : written),
  z.map(z.string(), z.string(), 'expected an object'),
);

function isObject(written: unknown): written is object {
  return typeof written === 'object' && written !== null && !Array.isArray(written);
}

/** A label set as it is written: at least one label, and none without a value. */
export const labelSet = texts.transform((labels, context): Labels => {
  const entries = [...labels].filter(([, value]) => value !== '');
  if (entries.length === 0) context.addIssue('expected at least one label with a value');
  for (const [name] of entries) {
    if (!isValidLabelName(name, 'utf8')) context.addIssue(`not a valid label name: '${name}'`);
  }
  return labelsOf(entries);
});

const matcher = z.string().transform((text, context): SilenceMatcher => {
  const parsed = parseMatcher(text, 'fallback');
  if (parsed.ok) return { name: parsed.matcher.name, op: parsed.matcher.op, value: parsed.matcher.value };
  context.addIssue(parsed.error);
  return z.NEVER;
});

const alert = z.strictObject({
  labels: labelSet,
  annotations: z.record(z.string(), z.string()).default({}),
  /** When it is received. Default: the start. */
  at: instant.optional(),
  /** Default: when it is received. */
  startsAt: instant.optional(),
  /** Default: it fires to the end. */
  endsAt: instant.optional(),
});

const silence = z.strictObject({
  id: z.string().min(1).optional(),
  matchers: z.array(matcher).min(1, 'expected at least one matcher'),
  /** Default: the start. */
  startsAt: instant.optional(),
  /** Default: the end. */
  endsAt: instant.optional(),
  createdBy: z.string().default(''),
  comment: z.string().default(''),
});

/** A scenario as it is written; every value is a text. */
export const scenarioShape = {
  start: absolute.optional(),
  duration: duration.optional(),
  alerts: z.array(alert).default([]),
  silences: z.array(silence).default([]),
};

export type ScenarioInput = Partial<Pick<z.output<ScenarioObject>, 'start'>> & Omit<z.output<ScenarioObject>, 'start'>;

type ScenarioObject = z.ZodObject<typeof scenarioShape>;

/** A mistake with where it is. */
export interface ScenarioMistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ParsedScenario = { ok: true; scenario: Scenario } | { ok: false; mistakes: readonly ScenarioMistake[] };

/** Makes a scenario of what was written. `startMs`: when it starts unless it says so. */
export function scenarioOf(input: ScenarioInput, startMs: number, limits: ScenarioLimits): ParsedScenario {
  const start = input.start ?? startMs;
  const end = start + (input.duration ?? DEFAULT_DURATION_MS);
  const mistakes: ScenarioMistake[] = [];
  if (end - start > limits.maxDurationMs) {
    mistakes.push({ path: ['duration'], message: `expected at most ${formatDuration(limits.maxDurationMs)}` });
  }
  for (const [list, most] of [
    ['alerts', limits.maxAlerts],
    ['silences', limits.maxSilences],
  ] as const) {
    if (input[list].length > most) mistakes.push({ path: [list], message: `expected at most ${most} of them` });
  }
  const resolve = (written: Instant | undefined, absent: number): number =>
    written === undefined ? absent : instantMs(written, start);

  const arrivals = input.alerts.map((written, index): Arrival => {
    const atMs = resolve(written.at, start);
    const startsAtMs = resolve(written.startsAt, atMs);
    // One that says nothing of its end has a sender that goes on confirming it.
    const endsAtMs = resolve(written.endsAt, end + FAR_MS);
    if (atMs < start || atMs > end)
      mistakes.push({ path: ['alerts', index, 'at'], message: 'is outside of the scenario' });
    if (endsAtMs < startsAtMs) mistakes.push({ path: ['alerts', index, 'endsAt'], message: 'is before its start' });
    return { atMs, alert: { ...alertOf(written, atMs), startsAtMs, endsAtMs } };
  });
  const silences = input.silences.map((written, index): StoredSilence => {
    const startsAtMs = resolve(written.startsAt, start);
    const endsAtMs = resolve(written.endsAt, end);
    if (endsAtMs < startsAtMs) mistakes.push({ path: ['silences', index, 'endsAt'], message: 'is before its start' });
    const { id = `silence-${index + 1}`, matchers, createdBy, comment } = written;
    return {
      id,
      matcherSets: [matchers],
      startsAtMs,
      endsAtMs,
      updatedAtMs: start,
      createdBy,
      comment,
      annotations: {},
      version: 1,
    };
  });
  if (mistakes.length > 0) return { ok: false, mistakes };
  arrivals.sort((a, b) => a.atMs - b.atMs);
  return { ok: true, scenario: { startMs: start, endMs: end, arrivals, silences } };
}

/** The instant, epoch ms. */
export function instantMs({ kind, ms }: Instant, startMs: number): number {
  return kind === 'at' ? ms : startMs + ms;
}

/** Beyond every end, ms. */
const FAR_MS = 365 * 24 * 3_600_000;

function alertOf({ labels, annotations }: z.output<typeof alert>, atMs: number) {
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations,
    updatedAtMs: atMs,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
  };
}

/** The mistakes zod found, each with its place. */
export function mistakesOf(error: z.ZodError): ScenarioMistake[] {
  return error.issues.flatMap((issue): ScenarioMistake[] => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    if (issue.code !== 'unrecognized_keys') return [{ path, message: plainText(issue.message) }];
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }));
  });
}

/** What zod says itself of a value of another kind, in the words of the other messages. */
function plainText(message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (expected === undefined || received === undefined) return message;
  return `expected ${KINDS[expected] ?? expected}, got ${KINDS[received] ?? received}`;
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  undefined: 'nothing',
};

/** `alerts[0].labels`, for messages. */
export function pathText(path: ScenarioMistake['path']): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
