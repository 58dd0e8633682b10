import { type Alert } from '@tocsin/common/alert/alert';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type Expected, type StoredAlert } from './alert-book';

/**
 * How an alert is kept outside the process, in LMDB as in Redis: three texts by fingerprint.
 *
 * - body: JSON of all that only a `store` changes.
 * - meta: `version endsAtMs updatedAtMs`; a `touch` rewrites no more than this, and two metas are equal exactly when
 *   nothing but settling happened between them.
 * - settled: `version groupId …`; it counts only while its version is the alert's, so a `store` need not clear it.
 */
export interface AlertTexts {
  body: string;
  meta: string;
  settled: string | null;
}

export function encodeBody(alert: Alert): string {
  const body: Body = {
    v: 1,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAtMs: alert.startsAtMs,
    generatorURL: alert.generatorURL,
    timeout: alert.timeout,
    startsAtOffsetMin: alert.startsAtOffsetMin,
    endsAtOffsetMin: alert.endsAtOffsetMin,
  };
  return JSON.stringify(body);
}

/** Meta of an alert; the empty text stands for an alert that is not there. */
export function encodeMeta(expected: Expected): string {
  return expected === null ? '' : metaText(expected.version, expected.endsAtMs, expected.updatedAtMs);
}

export function metaText(version: number, endsAtMs: number, updatedAtMs: number): string {
  return `${version} ${endsAtMs} ${updatedAtMs}`;
}

export function encodeSettled({ version, settledIn }: Pick<StoredAlert, 'version' | 'settledIn'>): string {
  return `${version} ${settledIn.join(' ')}`;
}

/** Times and version in a meta text; null for the empty one. */
export function decodeMeta(meta: string): Expected {
  if (meta === '') return null;
  const [version = 0, endsAtMs = 0, updatedAtMs = 0] = meta.split(' ').map(Number);
  return { version, endsAtMs, updatedAtMs };
}

/** Groups in a settled text that was written for this version. */
export function decodeSettled(settled: string | null, version: number): readonly string[] {
  if (settled === null || settled === '') return NOT_SETTLED;
  const [writtenFor, ...groupIds] = settled.split(' ');
  return Number(writtenFor) === version ? groupIds : NOT_SETTLED;
}

export function decodeAlert(fingerprint: string, texts: AlertTexts): StoredAlert {
  const body = JSON.parse(texts.body) as Body;
  const [version = 0, endsAtMs = 0, updatedAtMs = 0] = texts.meta.split(' ').map(Number);
  if (typeof body.labels !== 'object' || Number.isNaN(version + endsAtMs + updatedAtMs)) throw new Error('no alert');
  return {
    fingerprint,
    labels: body.labels,
    annotations: body.annotations,
    startsAtMs: body.startsAtMs,
    endsAtMs,
    updatedAtMs,
    generatorURL: body.generatorURL,
    timeout: body.timeout,
    startsAtOffsetMin: body.startsAtOffsetMin,
    endsAtOffsetMin: body.endsAtOffsetMin,
    version,
    settledIn: decodeSettled(texts.settled, version),
  };
}

/** Settled in no group. */
export const NOT_SETTLED: readonly string[] = Object.freeze([]);

interface Body {
  v: 1;
  labels: Labels;
  annotations: Labels;
  startsAtMs: number;
  generatorURL: string;
  timeout: boolean;
  startsAtOffsetMin: number;
  endsAtOffsetMin: number;
}
