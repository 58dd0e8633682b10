import { type Labels, labelsOf } from '@tocsin/common/labels/label-set';
import { RFC3339_NANO } from '@tocsin/go-template/go/format-time';
import { type Instant, ZERO_TIME } from '@tocsin/go-template/go/instant';
import { parseTime } from '@tocsin/go-template/go/parse-time';
import { z } from 'zod';
import { mistakesOf, pathText } from '../simulate/scenario.schema';
import { type GivenGroup } from './given-group';

/** An object with its keys as they are known here: Go does not tell large letters from small ones, and leaves out those that
 *  it does not know. */
function anyCase<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((written) => {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) return written;
    const pairs = Object.entries(written).flatMap(([key, value]) => {
      const name = known.get(key.toLowerCase());
      return name === undefined || value === null ? [] : [[name, value] as const];
    });
    return Object.fromEntries(pairs);
  }, z.object(shape));
}

const text = z.string().default('');

const pairs = z
  .record(z.string(), z.string())
  .default({})
  .transform((written): Labels => labelsOf(Object.entries(written)));

const time = z
  .string()
  .transform((written, context): Instant => {
    const read = parseTime(RFC3339_NANO, written);
    if (read.ok) return read.instant;
    context.addIssue(`expected a time such as 2026-01-31T12:00:00Z, got '${written}'`);
    return z.NEVER;
  })
  .default(ZERO_TIME);

const alert = anyCase({
  status: text,
  labels: pairs,
  annotations: pairs,
  startsAt: time,
  endsAt: time,
  generatorURL: text,
  fingerprint: text,
});

const document = anyCase({
  receiver: text,
  status: text,
  alerts: z.array(alert).default([]),
  notification_reason: text,
  groupLabels: pairs,
  commonLabels: pairs,
  commonAnnotations: pairs,
  routeLabels: pairs,
  externalURL: text,
});

/** A group that was written down, or what is wrong with it, one mistake a line. */
export type ParsedTemplateDocument = { ok: true; group: GivenGroup } | { ok: false; error: string };

/** Reads data for templates as `amtool template render --template.data` takes it. Source: Alertmanager, `template.Data`. */
export function parseTemplateDocument(json: string): ParsedTemplateDocument {
  let written: unknown;
  try {
    written = JSON.parse(json);
  } catch (error) {
    return { ok: false, error: `not JSON: ${(error as Error).message}` };
  }
  const parsed = document.safeParse(written);
  if (!parsed.success) {
    const lines = mistakesOf(parsed.error).map(({ path, message }) =>
      path.length === 0 ? message : `${pathText(path)}: ${message}`,
    );
    return { ok: false, error: lines.join('\n') };
  }
  const { notification_reason: reason, externalURL: externalUrl, ...rest } = parsed.data;
  return { ok: true, group: { ...rest, reason, externalUrl } };
}
