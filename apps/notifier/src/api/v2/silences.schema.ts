import { type JsonBody } from '@tocsin/common/http/json-body';
import { type Problem } from '@tocsin/common/http/http.errors';
import { type Labels, labelsOf, NO_LABELS } from '@tocsin/common/labels/label-set';
import { parseRfc3339 } from '@tocsin/common/time/rfc3339';
import { type SilenceDraft } from '../../silences/change-silence';
import { type SilenceMatcher, type SilenceState } from '../../silences/silence';
import { type SilenceFilter } from '../../silences/query-silences';
import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';
import { parseBoolean, type Parsed, parseMatcherList, type Query } from './alert-query.schema';

/** Parameters of `GET /silences`. */
export function parseSilenceFilter(query: Query, mode: MatcherMode): Parsed<SilenceFilter> {
  const filter = parseMatcherList(query['filter'], mode);
  if (!filter.ok) return filter;
  const states = (['active', 'expired', 'pending'] satisfies SilenceState[]).filter((name) =>
    parseBoolean(query[name]),
  );
  return { ok: true, value: { matchers: filter.value, states: new Set(states) }, warnings: filter.warnings };
}

export type ParsedSilence = { ok: true; draft: SilenceDraft } | { ok: false; problem: Problem };

/**
 * Checks the body of `POST /api/v2/silences`. Source: Alertmanager's API; texts, codes and which of several mistakes is
 * told are its own.
 */
export function parsePostedSilence(body: JsonBody | undefined, nowMs: number): ParsedSilence {
  if (body === undefined || body.kind === 'empty') return refuse({ kind: 'required', where: 'silence in body' });
  if (body.kind === 'malformed') return refuse(unreadable(body.error));
  const value = body.value ?? {};
  if (!isObject(value)) return refuse(wrongType(value, 'value of type struct { ID string "json:\\"id,omitempty\\"" }'));
  try {
    const draft = draftOf(new FieldReader().read(value));
    const reason = whyNever(draft, nowMs);
    return reason === null ? { ok: true, draft } : refuse({ kind: 'bad-request', message: reason });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.problem);
    throw error;
  }
}

/** Looked at before the silence itself. */
function whyNever({ startsAtMs, endsAtMs }: SilenceDraft, nowMs: number): string | null {
  if (startsAtMs >= endsAtMs) return 'Failed to create silence: start time must be before end time';
  return endsAtMs < nowMs ? "Failed to create silence: end time can't be in the past" : null;
}

/** A mistake; thrown inside this file only. */
class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super();
  }
}

/** What was sent; null: not given. */
interface Fields {
  id: string;
  comment: string | null;
  createdBy: string | null;
  startsAtMs: number | null;
  endsAtMs: number | null;
  annotations: Labels | null;
  /** Null where an element was. */
  matchers: readonly (MatcherFields | null)[] | null;
}

interface MatcherFields {
  name: string | null;
  value: string | null;
  isRegex: boolean | null;
  isEqual: boolean | null;
}

/** Reads the types of all fields, as Go does: of several wrong ones the first is told, but a wrong time before it. */
class FieldReader {
  private problem: Problem | null = null;

  read(body: Readonly<Record<string, unknown>>): Fields {
    const fields: Fields = {
      id: '',
      comment: null,
      createdBy: null,
      startsAtMs: null,
      endsAtMs: null,
      annotations: null,
      matchers: null,
    };
    for (const [name, value] of fieldsOf(body)) if (name === 'id') fields.id = this.text(value, '.id') ?? fields.id;
    // The id is read for itself, before all else.
    this.throwProblem();
    for (const [name, value] of fieldsOf(body)) {
      if (name === 'comment') fields.comment = this.text(value, 'Silence.comment');
      else if (name === 'createdby') fields.createdBy = this.text(value, 'Silence.createdBy');
      else if (name === 'startsat') fields.startsAtMs = readTime(value, 'Silence.startsAt');
      else if (name === 'endsat') fields.endsAtMs = readTime(value, 'Silence.endsAt');
      else if (name === 'annotations') fields.annotations = this.annotations(value);
      else if (name === 'matchers') fields.matchers = this.matchers(value);
    }
    this.throwProblem();
    return fields;
  }

  private throwProblem(): void {
    if (this.problem !== null) throw new Refusal(this.problem);
  }

  private wrong(value: unknown, field: string, type: string): null {
    this.problem ??= wrongType(value, `struct field ${field} of type ${type}`);
    return null;
  }

  private text(value: unknown, field: string): string | null {
    if (value === null || typeof value === 'string') return value;
    return this.wrong(value, field, 'string');
  }

  private flag(value: unknown, field: string): boolean | null {
    if (value === null || typeof value === 'boolean') return value;
    return this.wrong(value, field, 'bool');
  }

  private annotations(value: unknown): Labels | null {
    if (value === null) return null;
    if (!isObject(value)) return this.wrong(value, 'Silence.annotations', 'models.LabelSet');
    return labelsOf(Object.entries(value).map(([name, text]) => [name, this.text(text, 'Silence.annotations') ?? '']));
  }

  private matchers(value: unknown): Fields['matchers'] {
    if (value === null) return null;
    if (!Array.isArray(value)) return this.wrong(value, 'Silence.matchers', 'models.Matchers');
    return value.map((item: unknown) => {
      if (item === null) return null;
      return isObject(item) ? this.matcher(item) : this.wrong(item, 'Silence.matchers', 'models.Matcher');
    });
  }

  private matcher(item: Readonly<Record<string, unknown>>): MatcherFields {
    const fields: MatcherFields = { name: null, value: null, isRegex: null, isEqual: null };
    for (const [name, value] of fieldsOf(item)) {
      if (name === 'name') fields.name = this.text(value, 'Matcher.matchers.name');
      else if (name === 'value') fields.value = this.text(value, 'Matcher.matchers.value');
      else if (name === 'isregex') fields.isRegex = this.flag(value, 'Matcher.matchers.isRegex');
      else if (name === 'isequal') fields.isEqual = this.flag(value, 'Matcher.matchers.isEqual');
    }
    return fields;
  }
}

/** What is required, in the order it is looked for. */
function draftOf(fields: Fields): SilenceDraft {
  const comment = required(fields.comment, 'comment');
  const createdBy = required(fields.createdBy, 'createdBy');
  const endsAtMs = required(fields.endsAtMs, 'endsAt');
  const matchers = required(fields.matchers, 'matchers');
  if (matchers.length === 0) throw new Refusal({ kind: 'too-few', where: 'matchers in body', least: 1 });
  const set = matchers.map((matcher, at) => matcherOf(matcher, `matchers.${at}`));
  const startsAtMs = required(fields.startsAtMs, 'startsAt');
  const annotations = fields.annotations ?? NO_LABELS;
  return { id: fields.id, matcherSets: [set], startsAtMs, endsAtMs, createdBy, comment, annotations };
}

function matcherOf(fields: MatcherFields | null, where: string): SilenceMatcher {
  // Alertmanager drops the connection for null; there is no answer of its own to give.
  const { isRegex, isEqual, name, value } = required(fields, where);
  const isRegexGiven = required(isRegex, `${where}.isRegex`);
  const op = isRegexGiven ? (isEqual === false ? '!~' : '=~') : isEqual === false ? '!=' : '=';
  return { name: required(name, `${where}.name`), op, value: required(value, `${where}.value`) };
}

function required<Value>(value: Value | null, where: string): Value {
  if (value === null) throw new Refusal({ kind: 'required', where: `${where} in body` });
  return value;
}

function readTime(value: unknown, field: string): number | null {
  if (value === null) return null;
  if (typeof value !== 'string') throw new Refusal(wrongType(value, `struct field ${field} of type string`));
  const parsed = parseRfc3339(value);
  if (!parsed.ok) throw new Refusal(unreadable(parsed.error));
  return parsed.ms;
}

/** Go takes field names in any case. */
function fieldsOf(item: Readonly<Record<string, unknown>>): (readonly [name: string, value: unknown])[] {
  return Object.entries(item).map(([name, value]) => [name.toLowerCase(), value]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go's words for a value of another JSON type than the program expects. */
function wrongType(value: unknown, target: string): Problem {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return unreadable(`json: cannot unmarshal ${kind} into Go ${target}`);
}

function unreadable(reason: string): Problem {
  return { kind: 'unreadable-body', name: 'silence', reason };
}

function refuse(problem: Problem): ParsedSilence {
  return { ok: false, problem };
}
