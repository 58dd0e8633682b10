const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'/g;
const HIDDEN = '<secret>';

/** What is wrong with a template that nobody may see: without what the engine shows of it. */
export function secretTemplateError(error: string): string {
  // What Handlebars says holds the line that is wrong.
  if (!error.startsWith('template: ')) return HIDDEN;
  return error
    .replace(/ executing "" at <.*>: /s, ' ')
    .replace(QUOTED, HIDDEN)
    .replace(/ field \S+ in /g, ` field ${HIDDEN} in `);
}
