import type { Tree } from './ast';
import type { TemplateError } from './template-error';
import type { GoFunc } from './value';

/** Finds a template that the one at hand may call. */
export type Lookup = (name: string) => Tree | undefined;

/** What is run in place of the templates as they were written. */
export type Escaped =
  | {
      readonly ok: true;
      readonly entry: Tree;
      /** Templates called by the entry and by each other: edited copies, and those derived under names of their own. */
      readonly called: ReadonlyMap<string, Tree>;
    }
  | { readonly ok: false; readonly error: TemplateError };

/** What makes a set one of html/template: asked once for each compiled template, before it first runs. */
export interface Escaper {
  /** Functions the escaper puts at the end of pipelines; templates may name them, too. */
  readonly functions: ReadonlyMap<string, GoFunc>;
  escape(entry: Tree, lookup: Lookup): Escaped;
}
