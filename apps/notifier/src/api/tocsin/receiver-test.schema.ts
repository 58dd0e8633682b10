import { type JsonBody } from '@tocsin/common/http/json-body';
import { z } from 'zod';
import { type Drill } from '../../drill/drill';
import { labelSet, mistakesOf } from '../../simulate/scenario.schema';
import { mistakeText, valueOf } from './request-body';

const request = z.strictObject({
  labels: labelSet.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  status: z.enum(['firing', 'resolved'], 'expected firing or resolved').optional(),
  /** `slack/0`. Default: all. */
  integration: z.string().optional(),
  resolve: z.boolean().optional(),
});

export type ParsedReceiverTest = { ok: true; drill: Drill } | { ok: false; error: string };

/** Body of `POST /api/tocsin/v1/receivers/{name}/test`, which need not be there. */
export function parseReceiverTest(body: JsonBody | undefined): ParsedReceiverTest {
  const read = body === undefined || body.kind === 'empty' ? { ok: true as const, value: {} } : valueOf(body);
  if (!read.ok) return read;
  const parsed = request.safeParse(read.value);
  if (!parsed.success) return { ok: false, error: mistakeText(mistakesOf(parsed.error)) };
  const { labels = {}, annotations = {}, status = 'firing', integration = null, resolve = null } = parsed.data;
  return { ok: true, drill: { labels, annotations, status, integration, resolve } };
}
