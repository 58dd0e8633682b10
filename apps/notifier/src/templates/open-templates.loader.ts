import { machineClock } from '@tocsin/common/time/clock';
import { NO_HANDLEBARS } from './built-in-templates';
import { GoTemplates } from './go-templates';
import { readTemplateFiles, type TemplateFile } from './template-files.loader';
import { type TemplateLibrary } from './template-language';

export type OpenedTemplates =
  | { readonly ok: true; readonly templates: TemplateLibrary }
  /** By the position in `templates`. */
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] };

export interface TemplateProblem {
  readonly at: number;
  readonly message: string;
}

const HANDLEBARS = /\.hbs$/;

/** Opens the built-in templates and those of the files; `*.hbs` are Handlebars, named by what is before that. Handlebars is
 *  loaded where there is such a file, or where a receiver is in that language. */
export async function openTemplates(patterns: readonly string[], usesHandlebars: boolean): Promise<OpenedTemplates> {
  const read = await readTemplateFiles(patterns);
  if (!read.ok) return read;
  const isHandlebars = ({ name }: TemplateFile): boolean => HANDLEBARS.test(name);
  const go = new GoTemplates(nowMs);
  const problems = read.files
    .filter((file) => !isHandlebars(file))
    .flatMap(({ at, name, text }) => problemOf(at, go.add(name, text)));
  const ours = read.files.filter(isHandlebars);
  if (!usesHandlebars && ours.length === 0) {
    return problems.length > 0 ? { ok: false, problems } : { ok: true, templates: { go, handlebars: NO_HANDLEBARS } };
  }
  const { HbsTemplates } = await import('./handlebars/hbs-templates');
  const named = ours.map(({ name, text }) => ({ name: name.replace(HANDLEBARS, ''), text }));
  const handlebars = new HbsTemplates(named, nowMs);
  problems.push(...ours.flatMap(({ at, name, text }) => problemOf(at, handlebars.problemOf(text, name))));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, templates: { go, handlebars } };
}

/** The same, with Handlebars where it was not loaded because nobody used it. */
export async function withHandlebars(library: TemplateLibrary): Promise<TemplateLibrary> {
  if (library.handlebars !== NO_HANDLEBARS) return library;
  const { HbsTemplates } = await import('./handlebars/hbs-templates');
  const known = withEngines.get(library);
  if (known !== undefined) return known;
  const made = { ...library, handlebars: new HbsTemplates([], nowMs) };
  withEngines.set(library, made);
  return made;
}

/** Engines are dear, and a page that tries templates asks at every key. */
const withEngines = new WeakMap<TemplateLibrary, TemplateLibrary>();

function nowMs(): number {
  return machineClock.nowMs();
}

function problemOf(at: number, message: string | null): TemplateProblem[] {
  return message === null ? [] : [{ at, message }];
}
