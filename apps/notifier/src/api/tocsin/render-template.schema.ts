import { type JsonBody } from '@tocsin/common/http/json-body';
import { type Labels, labelsOf } from '@tocsin/common/labels/label-set';
import { z } from 'zod';
import { type NotifyReason } from '../../pipeline/notification-record';
import { absolute, labelSet, mistakesOf } from '../../simulate/scenario.schema';
import { TEMPLATE_LANGUAGES } from '../../templates/template-language';
import { type TriedAlert } from '../../templates/tried-group';
import { type TriedTemplate } from '../../templates/try-template.service';
import { mistakeText, valueOf } from './request-body';

/** Most bytes of a body: no template of anybody is as long. */
export const MAX_BODY_BYTES = 256 * 1024;

const MAX_ALERTS = 500;

const REASONS = [
  'first notification',
  'new alerts added',
  'all alerts resolved',
  'some alerts resolved',
  'repeat interval elapsed',
  'route removed',
] as const;

const reason = z.string().transform((text, context): NotifyReason => {
  const known = REASONS.find((one) => one === text);
  if (known !== undefined) return known;
  if (text.startsWith('muted by ')) return `muted by ${text.slice('muted by '.length)}`;
  context.addIssue(`expected one of ${REASONS.join(', ')} or muted by …, got '${text}'`);
  return z.NEVER;
});

const texts = z.record(z.string(), z.string()).transform((pairs): Labels => labelsOf(Object.entries(pairs)));

const alert = z.strictObject({
  labels: labelSet,
  annotations: texts.optional(),
  status: z.enum(['firing', 'resolved'], 'expected firing or resolved').optional(),
  startsAt: absolute.optional(),
  endsAt: absolute.optional(),
  generatorURL: z.string().optional(),
});

const request = z.strictObject({
  template: z.string(),
  language: z.enum(TEMPLATE_LANGUAGES, `expected ${TEMPLATE_LANGUAGES.join(' or ')}`).optional(),
  type: z.enum(['text', 'html'], 'expected text or html').optional(),
  receiver: z.string().optional(),
  alerts: z.array(alert).max(MAX_ALERTS, `expected at most ${MAX_ALERTS} of them`).optional(),
  groupLabels: texts.optional(),
  reason: reason.optional(),
});

export type ParsedRenderTemplate =
  | { ok: true; tried: TriedTemplate }
  /** Null: the body is too large. */
  | { ok: false; error: string | null };

/** Body of `POST /api/tocsin/v1/templates/render`. */
export function parseRenderTemplate(body: JsonBody | undefined): ParsedRenderTemplate {
  const read = valueOf(body);
  if (!read.ok) return read;
  if (Buffer.byteLength(JSON.stringify(read.value)) > MAX_BODY_BYTES) return { ok: false, error: null };
  const parsed = request.safeParse(read.value);
  if (!parsed.success) return { ok: false, error: mistakeText(mistakesOf(parsed.error)) };
  const { template, language = null, type = 'text', receiver = null } = parsed.data;
  const { alerts, groupLabels = null, reason: given = null } = parsed.data;
  if (alerts === undefined && (groupLabels !== null || given !== null)) {
    return { ok: false, error: 'alerts: expected some, where there are groupLabels or a reason' };
  }
  const group = alerts === undefined ? null : { alerts: alerts.map(triedAlert), groupLabels, reason: given };
  return { ok: true, tried: { template, language, type, receiver, group } };
}

function triedAlert(written: z.output<typeof alert>): TriedAlert {
  const { labels, annotations = {}, status = null, startsAt = null, endsAt = null, generatorURL = '' } = written;
  return { labels, annotations, status, startsAtMs: startsAt, endsAtMs: endsAt, generatorURL };
}
