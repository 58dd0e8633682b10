import { type Alert } from '@tocsin/common/alert/alert';
import { type JsonBody } from '@tocsin/common/http/json-body';
import { type Problem } from '@tocsin/common/http/http.errors';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { goQuote } from '@tocsin/common/labels/go-quote';
import {
  isValidLabelName,
  type LabelNameMode,
  type Labels,
  labelsOf,
  NO_LABELS,
} from '@tocsin/common/labels/label-set';
import { GO_ZERO_TIME_MS, type ParsedTime, parseRfc3339 } from '@tocsin/common/time/rfc3339';
import { isRequestUri } from './request-uri';

/** The alerts of one `POST /api/v2/alerts`. */
export interface PostedAlerts {
  readonly alerts: readonly Alert[];
  /** Why others of the same request were refused. */
  readonly invalid: readonly string[];
  /** All of the request, refused ones included. */
  readonly received: { readonly firing: number; readonly resolved: number };
}

export type ParsedPost = { ok: true; posted: PostedAlerts } | { ok: false; problem: Problem };

export interface PostDefaults {
  readonly nowMs: number;
  /** Source: `global.resolve_timeout`. */
  readonly resolveTimeoutMs: number;
  readonly labelNames: LabelNameMode;
}

/**
 * Checks the body of `POST /api/v2/alerts` and fills in what senders leave out. Source: Alertmanager's API; texts and
 * codes are its own. A body of the wrong shape refuses the request, an invalid alert only itself.
 *
 * By far the hottest path of the notifier, hence by hand and in one pass.
 */
export function parsePostedAlerts(body: JsonBody | undefined, defaults: PostDefaults): ParsedPost {
  if (body === undefined || body.kind === 'empty') return refuse({ kind: 'required', where: 'alerts in body' });
  if (body.kind === 'malformed') return unreadable(body.error);
  if (body.value === null)
    return { ok: true, posted: { alerts: [], invalid: [], received: { firing: 0, resolved: 0 } } };
  if (!Array.isArray(body.value)) return wrongType(body.value, 'value of type models.PostableAlerts');
  return new PostReader(defaults).read(body.value);
}

/** A structural mistake; thrown inside this file only, where it must leave several loops at once. */
class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super();
  }
}

class PostReader {
  private readonly alerts: Alert[] = [];
  private readonly invalid: string[] = [];
  private firing = 0;
  private resolved = 0;
  /** The first 422. Bodies that cannot be read at all come before it, wherever they stand. */
  private problem: Problem | null = null;
  /** Alerts of one request share most of their times and URLs. */
  private readonly times = new Map<string, ParsedTime & { ok: true }>();
  private lastUrl = '';

  constructor(private readonly defaults: PostDefaults) {}

  read(items: readonly unknown[]): ParsedPost {
    try {
      for (const [at, item] of items.entries()) this.readItem(item, at);
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, problem: error.problem };
      throw error;
    }
    if (this.problem !== null) return { ok: false, problem: this.problem };
    const { alerts, invalid, firing, resolved } = this;
    return { ok: true, posted: { alerts, invalid, received: { firing, resolved } } };
  }

  private readItem(item: unknown, at: number): void {
    // Alertmanager drops the connection here; there is no answer of its own to give.
    if (item === null) return this.refuseLater({ kind: 'required', where: `${at} in body` });
    if (typeof item !== 'object' || Array.isArray(item))
      throw unmarshalError(item, 'value of type models.PostableAlert');
    const fields = fieldsOf(item as Record<string, unknown>);
    const annotations = readTexts(fields.annotations, '.annotations') ?? NO_LABELS;
    const endsAt = this.readTime(fields.endsAt, '.endsAt');
    const startsAt = this.readTime(fields.startsAt, '.startsAt');
    const generatorURL = this.readUrl(fields.generatorURL, at);
    const labels = readTexts(fields.labels, 'Alert.labels');
    if (labels === null) return this.refuseLater({ kind: 'required', where: `${at}.labels in body` });
    if (this.problem === null) this.accept(withoutEmpty(labels), annotations, startsAt, endsAt, generatorURL);
  }

  /** The defaults, then the checks, in Alertmanager's order. */
  private accept(labels: Labels, annotations: Labels, startsAt: Instant, endsAt: Instant, generatorURL: string): void {
    const { nowMs, resolveTimeoutMs, labelNames } = this.defaults;
    const timeout = endsAt === null;
    const start = startsAt ?? endsAt ?? { ms: nowMs, offsetMin: 0 };
    const end = endsAt ?? { ms: nowMs + resolveTimeoutMs, offsetMin: 0 };
    if (end.ms > nowMs) this.firing++;
    else this.resolved++;
    const reason = whyInvalid(labels, annotations, start.ms, end.ms, labelNames);
    if (reason !== null) {
      this.invalid.push(reason);
      return;
    }
    this.alerts.push({
      fingerprint: fingerprint(labels),
      labels,
      annotations,
      startsAtMs: start.ms,
      endsAtMs: end.ms,
      updatedAtMs: nowMs,
      generatorURL,
      timeout,
      startsAtOffsetMin: start.offsetMin,
      endsAtOffsetMin: end.offsetMin,
    });
  }

  private refuseLater(problem: Problem): void {
    this.problem ??= problem;
  }

  private readTime(value: unknown, field: string): Instant {
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') throw unmarshalError(value, `struct field ${field} of type string`);
    let time = this.times.get(value);
    if (time === undefined) {
      const parsed = parseRfc3339(value);
      if (!parsed.ok) throw new Refusal({ kind: 'unreadable-body', name: 'alerts', reason: parsed.error });
      this.times.set(value, parsed);
      time = parsed;
    }
    return time.ms === GO_ZERO_TIME_MS ? null : time;
  }

  private readUrl(value: unknown, at: number): string {
    if (value === undefined || value === null || value === '' || value === this.lastUrl) return value || '';
    if (typeof value !== 'string') throw unmarshalError(value, 'struct field Alert.generatorURL of type string');
    if (isRequestUri(value)) this.lastUrl = value;
    else this.refuseLater({ kind: 'wrong-format', where: `${at}.generatorURL in body`, format: 'uri', value });
    return value;
  }
}

/** Null: not given. */
type Instant = { readonly ms: number; readonly offsetMin: number } | null;

interface Fields {
  annotations: unknown;
  endsAt: unknown;
  startsAt: unknown;
  generatorURL: unknown;
  labels: unknown;
}

/** Go takes field names in any case. */
function fieldsOf(item: Readonly<Record<string, unknown>>): Fields {
  const fields: Fields = {
    annotations: undefined,
    endsAt: undefined,
    startsAt: undefined,
    generatorURL: undefined,
    labels: undefined,
  };
  for (const key in item) {
    const name = fieldNames.get(key) ?? fieldNames.get(key.toLowerCase());
    if (name !== undefined) fields[name] = item[key];
  }
  return fields;
}

const fieldNames: ReadonlyMap<string, keyof Fields> = new Map(
  (['annotations', 'endsAt', 'startsAt', 'generatorURL', 'labels'] as const).flatMap((name) => [
    [name, name],
    [name.toLowerCase(), name],
  ]),
);

/** Labels or annotations as sent, not copied; null when not given. */
function readTexts(value: unknown, field: string): Labels | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw unmarshalError(value, `struct field ${field} of type models.LabelSet`);
  }
  const texts = value as Record<string, unknown>;
  let hasNull = false;
  for (const name in texts) {
    const text = texts[name];
    if (typeof text === 'string') continue;
    if (text !== null) throw unmarshalError(text, `struct field ${field} of type string`);
    hasNull = true;
  }
  // Go reads null as the empty text.
  return hasNull
    ? labelsOf(Object.entries(texts).map(([name, text]) => [name, (text as string | null) ?? '']))
    : (texts as Labels);
}

/** A label with an empty value is the same as no label. */
function withoutEmpty(labels: Labels): Labels {
  for (const name in labels) {
    if (labels[name] === '') return labelsOf(Object.entries(labels).filter(([, value]) => value !== ''));
  }
  return labels;
}

function whyInvalid(
  labels: Labels,
  annotations: Labels,
  startsAtMs: number,
  endsAtMs: number,
  mode: LabelNameMode,
): string | null {
  if (endsAtMs < startsAtMs) return 'start time must be before end time';
  let count = 0;
  for (const name in labels) {
    count++;
    if (!isValidLabelName(name, mode)) return `invalid label set: invalid name ${goQuote(name)}`;
  }
  if (count === 0) return 'at least one label pair required';
  for (const name in annotations) {
    if (!isValidLabelName(name, mode)) return `invalid annotations: invalid name ${goQuote(name)}`;
  }
  return null;
}

/** Go's words for a value of another JSON type than the program expects. */
function unmarshalError(value: unknown, target: string): Refusal {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const reason = `json: cannot unmarshal ${kind} into Go ${target}`;
  return new Refusal({ kind: 'unreadable-body', name: 'alerts', reason });
}

function wrongType(value: unknown, target: string): ParsedPost {
  return refuse(unmarshalError(value, target).problem);
}

function unreadable(reason: string): ParsedPost {
  return refuse({ kind: 'unreadable-body', name: 'alerts', reason });
}

function refuse(problem: Problem): ParsedPost {
  return { ok: false, problem };
}
