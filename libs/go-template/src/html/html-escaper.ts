import type { Tree } from '../ast';
import type { Escaped, Escaper, Lookup } from '../escaper';
import type { TemplateError } from '../template-error';
import { type Context, type EscapeError, printContext } from './context';
import { escapeFunctions } from './escape-functions';
import { walkEntry } from './escape-tree';
import { Findings } from './findings';

/** Makes templates print HTML: every value is escaped for where it stands. Source: Go `html/template`. */
export const htmlEscaper: Escaper = { functions: escapeFunctions, escape: escapeEntry };

function escapeEntry(entry: Tree, lookup: Lookup): Escaped {
  const findings = new Findings();
  const end = walkEntry(entry, (name) => (name === entry.name ? entry : lookup(name)), findings);
  const error = errorAt(end);
  if (error !== null) return { ok: false, error: asTemplateError(error, entry) };
  const called = findings.editedTrees();
  return { ok: true, entry: called.get(entry.name) ?? entry, called };
}

function errorAt(end: Context): EscapeError | null {
  if (end.error !== null || end.state === 'stateText') return end.error;
  return { description: `ends in a non-text context: ${printContext(end)}`, place: null, line: 0 };
}

function asTemplateError({ description, place, line }: EscapeError, entry: Tree): TemplateError {
  const at = place ?? { name: entry.name, line, column: null };
  return { message: `html/template:${whereOf(place, line, entry.name)} ${description}`, reason: description, ...at };
}

function whereOf(place: EscapeError['place'], line: number, name: string): string {
  if (place !== null) return `${place.name}:${place.line}:${place.column}:`;
  if (line !== 0) return `${name}:${line}:`;
  return name === '' ? '' : `${name}:`;
}
