import { goQuote } from '@tocsin/common/labels/go-quote';
import { type Matcher, matcherText } from '@tocsin/common/matchers/matcher';
import { parseMatcher } from '@tocsin/common/matchers/parse-matchers';
import { UsageError } from './command';
import { type FlagValues } from './parse-flags';
import { textTable } from './text-table';

/** A matcher as the API writes it. */
export interface ApiMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual?: boolean;
}

/** A silence as `POST /api/v2/silences` takes it. */
export interface PostableSilence {
  readonly id?: string;
  readonly matchers: readonly ApiMatcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A silence as the API shows it. */
export interface GettableSilence extends PostableSilence {
  readonly id: string;
  readonly updatedAt: string;
  readonly status: { readonly state: string };
}

/** Matchers as they are typed; of a first one without an operator the value of `alertname`. amtool takes any first one it
 *  cannot read for an alertname, and silences something else than was meant. */
export function matchersFromArguments([first, ...others]: readonly string[]): Matcher[] {
  if (first === undefined) return [];
  const isName = !/=|!~/.test(first);
  const named = isName ? `alertname=${goQuote(first)}` : first;
  return [named, ...others].map((text, index) => {
    const parsed = parseMatcher(text, 'fallback');
    if (!parsed.ok) {
      const expected = 'expected name=value, name!=value, name=~regex or name!~regex';
      throw new UsageError(`matcher ${index + 1}, ${goQuote(text)}: ${parsed.error}; ${expected}`);
    }
    return parsed.matcher;
  });
}

export function apiMatcher({ name, op, value }: Pick<Matcher, 'name' | 'op' | 'value'>): ApiMatcher {
  return { name, value, isRegex: op === '=~' || op === '!~', isEqual: op === '=' || op === '=~' };
}

/** The time a flag gives, epoch ms; null: it is not set. */
export function timeFlagMs(flags: FlagValues, name: string): number | null {
  const text = flags.text(name);
  if (text === '') return null;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(`--${name}: expected a time such as 2026-01-31T12:00:00Z, got '${text}'`);
  }
  return ms;
}

/** The length `--duration` gives, ms. */
export function durationFlagMs(flags: FlagValues): number {
  const ms = flags.durationMs('duration');
  if (ms === 0) throw new UsageError('silence duration must be greater than 0');
  return ms;
}

export function checkOrder(startMs: number, endMs: number): void {
  if (startMs > endMs) throw new UsageError('silence cannot start after it ends');
}

/** Silences as `--quiet` and `--output` want them, the one that ends first on top. */
export function silencesText(flags: FlagValues, silences: readonly GettableSilence[]): string {
  const sorted = [...silences].sort((a, b) => Date.parse(a.endsAt) - Date.parse(b.endsAt));
  if (flags.isOn('quiet')) return sorted.map(({ id }) => `${id}\n`).join('');
  if (flags.text('output') === 'json') return `${JSON.stringify(sorted, null, 2)}\n`;
  const rows = sorted.map(({ id, matchers, endsAt, createdBy, comment }) => [
    id,
    matchers.map(typedMatcher).join(' '),
    `${new Date(endsAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    createdBy,
    comment.replace(/\s+/g, ' ').trim(),
  ]);
  return textTable([['ID', 'Matchers', 'Ends At', 'Created By', 'Comment'], ...rows]);
}

function typedMatcher({ name, value, isRegex, isEqual = true }: ApiMatcher): string {
  return matcherText({ name, value, op: isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=' });
}
