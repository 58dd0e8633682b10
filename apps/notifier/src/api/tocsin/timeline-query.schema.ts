import { parseRfc3339 } from '@tocsin/common/time/rfc3339';
import { z } from 'zod';
import { type TimelineKind } from '../../timeline/timeline-event';
import { type TimelineQuestion } from '../../timeline/timeline-queries.service';
import { parseCursor } from '../../timeline/timeline-query';

/** Events in an answer. */
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

const kinds: Readonly<Record<TimelineKind, true>> = {
  received: true,
  verdict: true,
  attempt: true,
  delivered: true,
  'dead-letter': true,
  silence: true,
  config: true,
  cluster: true,
  system: true,
};

/** A parameter that is read by `read`; null: it says something else than `expected`. Absent it is null. */
function parameter<Value>(expected: string, read: (text: string) => Value | null) {
  return z
    .string(`expected it once`)
    .transform((text, context) => {
      const value = read(text);
      if (value === null) context.addIssue(`expected ${expected}, got '${text}'`);
      return value;
    })
    .default(null);
}

const text = parameter('a text', (value) => value);

const time = parameter('a time such as 2026-01-31T12:00:00Z', (value) => {
  const parsed = parseRfc3339(value);
  return parsed.ok && value !== '' ? parsed.ms : null;
});

const questionSchema = z.strictObject({
  fingerprint: parameter('a fingerprint of 16 hex digits', (value) => (/^[\da-f]{16}$/.test(value) ? value : null)),
  group: text,
  receiver: text,
  integration: text,
  kind: parameter(`one of ${Object.keys(kinds).join(', ')}`, (value) =>
    Object.hasOwn(kinds, value) ? (value as TimelineKind) : null,
  ),
  from: time,
  to: time,
  limit: parameter(`a number from 1 to ${MAX_LIMIT}`, (value) => {
    const limit = /^\d{1,9}$/.test(value) ? Number(value) : 0;
    return limit >= 1 && limit <= MAX_LIMIT ? limit : null;
  }),
  before: parameter('what an answer called `next`', parseCursor),
});

export type ParsedQuestion = { ok: true; question: TimelineQuestion } | { ok: false; error: string };

/** Parameters of `GET /api/tocsin/v1/timeline`; the first mistake is told. */
export function parseTimelineQuery(query: unknown): ParsedQuestion {
  const parsed = questionSchema.safeParse(query);
  if (!parsed.success) return { ok: false, error: mistakeIn(parsed.error.issues[0]) };
  const { from, to, limit, ...rest } = parsed.data;
  return { ok: true, question: { ...rest, fromMs: from, toMs: to, limit: limit ?? DEFAULT_LIMIT } };
}

function mistakeIn(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== 'unrecognized_keys') return `parameter ${String(issue?.path[0])}: ${issue?.message ?? ''}`;
  return `unknown parameter ${issue.keys.join(', ')}; there are ${Object.keys(questionSchema.shape).join(', ')}`;
}
