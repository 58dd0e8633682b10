import { type JsonBody } from '@tocsin/common/http/json-body';
import { type Labels } from '@tocsin/common/labels/label-set';
import { z } from 'zod';
import { absolute, labelSet, mistakesOf } from '../../simulate/scenario.schema';
import { mistakeText, valueOf } from './request-body';

const question = z.strictObject({ labels: labelSet, at: absolute.optional() });

export type ParsedExplain =
  { ok: true; labels: Labels; /** Null: now. */ atMs: number | null } | { ok: false; error: string };

/** Body of `POST /api/tocsin/v1/explain`. */
export function parseExplain(body: JsonBody | undefined): ParsedExplain {
  const read = valueOf(body);
  if (!read.ok) return read;
  const parsed = question.safeParse(read.value);
  if (!parsed.success) return { ok: false, error: mistakeText(mistakesOf(parsed.error)) };
  return { ok: true, labels: parsed.data.labels, atMs: parsed.data.at ?? null };
}
