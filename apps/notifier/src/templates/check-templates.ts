import { Secret } from '@tocsin/common/config/secret';
import { type Receiver } from '../config/notifier-config';
import { type IntegrationConfig } from '../receivers/kinds.schema';
import { secretTemplateError } from './secret-template';
import { syntheticGroups } from './synthetic-groups';
import { type TemplateLibrary } from './template-language';

/** A text of a configuration that cannot be rendered. */
export interface FailingTemplate {
  readonly receiver: string;
  readonly kind: IntegrationConfig['kind'];
  readonly index: number;
  readonly source: string;
  /** `template: NAME:LINE:COL: … (on a resolved group)`. */
  readonly error: string;
}

const EXTERNAL_URL = 'http://notifier.example';

/** Renders every template of the receivers on groups that stand for many, each text once: whatever fails now would fail when
 *  somebody is to be paged. */
export function failingTemplates(receivers: readonly Receiver[], library: TemplateLibrary): FailingTemplate[] {
  const tried = new Map<string, string | null>();
  return receivers.flatMap((receiver) => {
    const { name, templateLanguage } = receiver;
    return receiver.integrations.flatMap((integration) => {
      const { kind, index } = integration;
      return templatesOf(integration).flatMap((template) => {
        const { source, form, isSecret } = template;
        const key = `${templateLanguage} ${form} ${isSecret} ${source}`;
        let error = tried.get(key);
        if (error === undefined) tried.set(key, (error = failureOf(template, library[templateLanguage], name)));
        return error === null ? [] : [{ receiver: name, kind, index, source, error }];
      });
    });
  });
}

interface Template {
  readonly source: string;
  readonly form: 'text' | 'html';
  /** Whether nothing of it may be shown. */
  readonly isSecret: boolean;
}

function failureOf(
  { source, form, isSecret }: Template,
  templates: TemplateLibrary[keyof TemplateLibrary],
  receiver: string,
): string | null {
  for (const { what, facts } of syntheticGroups(receiver, EXTERNAL_URL)) {
    const rendered = templates.of(facts)[form](source);
    if (!rendered.ok) return `${isSecret ? secretTemplateError(rendered.error) : rendered.error} (on ${what})`;
  }
  return null;
}

/** Fields that hold no templates, whatever is in them. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['httpConfig', 'signing', 'limits', 'tls', 'sigv4']);

/** All texts of an entry that hold templates, those within lists and maps included. */
function templatesOf({ kind, config }: IntegrationConfig): Template[] {
  return Object.entries(config).flatMap(([field, value]) => {
    if (PLAIN_FIELDS.has(field)) return [];
    const form = isHtml(kind, field, config) ? 'html' : 'text';
    return textsIn(value).map((found) => ({ ...found, form }) as const);
  });
}

function isHtml(kind: IntegrationConfig['kind'], field: string, config: object): boolean {
  if (kind === 'email') return field === 'html';
  if (field !== 'message') return false;
  const { html, parseMode } = config as { html?: boolean; parseMode?: string };
  return (kind === 'pushover' && html === true) || (kind === 'telegram' && parseMode === 'HTML');
}

function textsIn(value: unknown): Pick<Template, 'source' | 'isSecret'>[] {
  const isSecret = value instanceof Secret;
  const text = isSecret ? value.reveal() : value;
  if (typeof text === 'string') return text.includes('{{') ? [{ source: text, isSecret }] : [];
  if (typeof text !== 'object' || text === null) return [];
  return Object.values(text).flatMap(textsIn);
}
