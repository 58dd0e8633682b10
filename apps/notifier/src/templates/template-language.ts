import { type Templates } from './templates';

/** In which language the templates of a receiver are written (Handlebars is ours). */
export type TemplateLanguage = 'go' | 'handlebars';

export const TEMPLATE_LANGUAGES: readonly TemplateLanguage[] = ['go', 'handlebars'];

/** The templates of a configuration. */
export type TemplateLibrary = Readonly<Record<TemplateLanguage, Templates>>;
