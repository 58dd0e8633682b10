import { goQuote } from '@tocsin/common/labels/go-quote';
import { type ApiCall, callNotifier } from './call-api';
import { type Console, type RunCommand, UsageError } from './command';
import { type FlagValues } from './parse-flags';
import { textTable } from './text-table';

const PATH = '/api/tocsin/v1/dead-letters';
const PAGE = 1_000;

/** What is shown of a dead letter. Source: `GET /api/tocsin/v1/dead-letters`. */
export interface ListedDeadLetter {
  readonly id: string;
  readonly integration: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly error: string;
  readonly givenUpAt: string;
}

/** `tocsin dead-letters list` */
export const listDeadLetters: RunCommand = async (flags, _args, console) => {
  const found = await loadAll(flags);
  console.out(flags.text('output') === 'json' ? `${JSON.stringify(found, null, 2)}\n` : deadLetterTable(found));
  return 0;
};

/** `tocsin dead-letters replay` */
export const replayDeadLetters: RunCommand = async (flags, ids, console) => {
  const receiver = flags.text('receiver');
  if (ids.length > 0 === (receiver !== '')) throw new UsageError('expected either ids or --receiver');
  if (receiver === '') return each(ids, console, 'replayed', (id) => ask(flags, 'POST', `/${id}/replay`));
  const answer = await ask(flags, 'POST', `/replay?receiver=${encodeURIComponent(receiver)}`);
  const { replayed, ended } = answer as { replayed: number; ended: number };
  console.out(`${replayed} replayed\n`);
  if (ended > 0) console.out(`${ended} left: their groups have ended, so nothing is left to tell; drop them\n`);
  return 0;
};

/** `tocsin dead-letters drop` */
export const dropDeadLetters: RunCommand = (flags, ids, console) =>
  each(ids, console, 'dropped', (id) => ask(flags, 'DELETE', `/${id}`));

/** Newest first, for people. */
export function deadLetterTable(found: readonly ListedDeadLetter[]): string {
  if (found.length === 0) return 'There are no dead letters.\n';
  const rows = found.map(({ id, integration, groupLabels, attempts, error, givenUpAt }) => [
    id,
    integration,
    labelText(groupLabels),
    givenUpAt.replace(/\.\d+Z$/, 'Z'),
    String(attempts),
    error.replace(/\s+/g, ' ').trim(),
  ]);
  return textTable([['ID', 'INTEGRATION', 'GROUP', 'GIVEN UP', 'TRIES', 'ERROR'], ...rows]);
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${goQuote(labels[name] ?? '')}`);
  return `{${pairs.join(', ')}}`;
}

async function loadAll(flags: FlagValues): Promise<ListedDeadLetter[]> {
  const found: ListedDeadLetter[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: unknown = await ask(flags, 'GET', `?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
    const page = answer as { deadLetters: ListedDeadLetter[]; next: string | null };
    found.push(...page.deadLetters);
    cursor = page.next;
  }
  return found.sort((a, b) => (a.givenUpAt < b.givenUpAt ? 1 : -1));
}

async function ask(flags: FlagValues, method: ApiCall['method'], rest: string): Promise<unknown> {
  const path = PATH + rest;
  const text = await callNotifier(flags, { method, path });
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${flags.text('notifier.url')} does not answer like a Tocsin notifier`);
  }
}

/** One that fails does not keep the others. */
async function each(
  ids: readonly string[],
  console: Console,
  done: string,
  act: (id: string) => Promise<unknown>,
): Promise<number> {
  let code = 0;
  for (const id of ids) {
    try {
      await act(encodeURIComponent(id));
      console.out(`${id} ${done}\n`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      console.err(`tocsin: error: ${id}: ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}
