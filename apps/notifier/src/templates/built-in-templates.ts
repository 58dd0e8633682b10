import { machineClock } from '@tocsin/common/time/clock';
import { GoTemplates } from './go-templates';
import { type TemplateLibrary } from './template-language';
import { type Templates } from './templates';

/** For configurations that use no Handlebars: it is not loaded. */
export const NO_HANDLEBARS: Templates = {
  of: () => ({ text: () => NOT_LOADED, html: () => NOT_LOADED }),
  once: () => ({ text: () => NOT_LOADED, html: () => NOT_LOADED }),
};
const NOT_LOADED = { ok: false, error: 'handlebars: not loaded' } as const;

let made: TemplateLibrary | undefined;

/** The templates that are there without any file. */
export function builtInTemplates(): TemplateLibrary {
  return (made ??= { go: new GoTemplates(() => machineClock.nowMs()), handlebars: NO_HANDLEBARS });
}
