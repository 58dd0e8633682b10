import { formatDuration } from '@tocsin/common/time/duration';
import { compareBytes } from '@tocsin/common/labels/label-set';
import { httpUrl, slackText } from './hbs-links';
import { formatInZone } from './zoned-time';

/** What a helper is called with last. */
interface Options {
  readonly hash: Readonly<Record<string, unknown>>;
  /** What a block holds; only where the helper is called as one. */
  fn?(context: unknown): string;
}

type Helper = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Helpers that compute; blocks are the engine's. There are no others, and none can be added. */
export const HELPERS: Readonly<Record<string, Helper>> = {
  upper: (text) => textOf(text).toUpperCase(),
  lower: (text) => textOf(text).toLowerCase(),
  trim: (text) => textOf(text).trim(),
  truncate: (text, length) => truncated(textOf(text), numberOf(length, 'truncate')),
  replace: (text, from, to) => textOf(text).replaceAll(textOf(from), textOf(to)),
  concat: (...parts) => parts.slice(0, -1).map(textOf).join(''),
  default: (value, other) => (isEmpty(value) ? other : value),
  join: (list, separator) => listOf(list, 'join').map(textOf).join(textOf(separator)),
  json: (value) => JSON.stringify(value ?? null),

  count: (list) => listOf(list, 'count').length,
  take: (list, length) => listOf(list, 'take').slice(0, numberOf(length, 'take')),
  minus: (a, b) => numberOf(a, 'minus') - numberOf(b, 'minus'),
  /** Name and value of each label: `alertname` first, then by name. */
  pairs: (labels) => pairsOf(labels),

  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => numberOf(a, 'lt') < numberOf(b, 'lt'),
  le: (a, b) => numberOf(a, 'le') <= numberOf(b, 'le'),
  gt: (a, b) => numberOf(a, 'gt') > numberOf(b, 'gt'),
  ge: (a, b) => numberOf(a, 'ge') >= numberOf(b, 'ge'),
  and: (...values) => values.slice(0, -1).every((value) => !isEmpty(value)),
  or: (...values) => values.slice(0, -1).some((value) => !isEmpty(value)),
  not: (value) => isEmpty(value),
  contains: (text, part) => textOf(text).includes(textOf(part)),

  /** The address of a page, fit for links; '' for any other text. */
  httpUrl: (text) => httpUrl(textOf(text)),
  /** `{{slackText name}}`, or all of `{{#slackText}}…{{/slackText}}`. */
  slackText(...args) {
    const block = args.length === 1 ? optionsOf(args[0]).fn : undefined;
    return slackText(block === undefined ? textOf(args[0]) : block(this));
  },

  /** `{{date startsAt format="YYYY-MM-DD HH:mm" zone="Europe/Berlin"}}`. */
  date: (ms, options) => {
    const { format = 'YYYY-MM-DD HH:mm:ss ZZ', zone = 'UTC' } = optionsOf(options).hash;
    return formatInZone(numberOf(ms, 'date'), textOf(format), textOf(zone));
  },
  /** `2h 5m` of ms. */
  duration: (ms) => durationText(numberOf(ms, 'duration')),
};

/** Whether `if` takes it for no. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === '' || value === 0 || isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function optionsOf(options: unknown): Options {
  return options as Options;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);
}

function numberOf(value: unknown, helper: string): number {
  const number = typeof value === 'number' ? value : Number.NaN;
  if (Number.isNaN(number)) throw new Error(`${helper} needs a number, got ${JSON.stringify(value) ?? 'nothing'}`);
  return number;
}

function listOf(value: unknown, helper: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${helper} needs a list, got ${JSON.stringify(value) ?? 'nothing'}`);
  return value;
}

function pairsOf(labels: unknown): { name: string; value: unknown }[] {
  if (typeof labels !== 'object' || labels === null) throw new Error('pairs needs labels or annotations');
  const rank = (name: string): number => (name === 'alertname' ? 0 : 1);
  return Object.entries(labels)
    .map(([name, value]) => ({ name, value: value as unknown }))
    .sort((a, b) => rank(a.name) - rank(b.name) || compareBytes(a.name, b.name));
}

function truncated(text: string, length: number): string {
  const runes = [...text];
  return runes.length <= length ? text : `${runes.slice(0, Math.max(0, length - 1)).join('')}…`;
}

/** The two largest units are enough for people. */
function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const parts = formatDuration(Math.floor(ms / 1000) * 1000).match(/\d+\D+/g) ?? [];
  return parts.slice(0, 2).join(' ');
}
