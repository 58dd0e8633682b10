import { readFile } from 'node:fs/promises';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { machineClock } from '@tocsin/common/time/clock';
import { type GivenGroup } from '@tocsin/notifier/templates/given-group';
import { type TemplateLanguage, type TemplateLibrary } from '@tocsin/notifier/templates/template-language';
import { type RunCommand, UsageError } from './command';
import { localConfig } from './local-config';
import { type FlagValues } from './parse-flags';

/** `tocsin template render`: what a template makes of some alerts, without a server. Source: amtool, command of this name. */
export const renderTemplate: RunCommand = async (flags, _args, console) => {
  if (!flags.isSet('template.text')) throw new UsageError('--template.text must be given');
  const given = flags.text('template.language');
  const globs = flags.texts('template.glob');
  const configFile = flags.text('config.file');
  if (configFile !== '' && globs.length > 0) {
    throw new UsageError('--config.file and --template.glob exclude each other');
  }
  const { templates, language } =
    configFile === '' ? await templatesOfGlobs(globs, asLanguage(given)) : await templatesOfConfig(configFile, given);
  const form = flags.text('template.type') === 'html' ? 'html' : 'text';
  const rendered = templates[language].once(await dataOf(flags))[form](flags.text('template.text'));
  if (!rendered.ok) throw new UsageError(rendered.error);
  console.out(rendered.text);
  return 0;
};

interface Chosen {
  readonly templates: TemplateLibrary;
  readonly language: TemplateLanguage;
}

async function templatesOfConfig(file: string, given: string): Promise<Chosen> {
  const config = await localConfig(file);
  const language = given === '' ? config.templateLanguage : asLanguage(given);
  const { withHandlebars } = await import('@tocsin/notifier/templates/open-templates.loader');
  return { templates: language === 'go' ? config.templates : await withHandlebars(config.templates), language };
}

async function templatesOfGlobs(globs: readonly string[], language: TemplateLanguage): Promise<Chosen> {
  const { openTemplates } = await import('@tocsin/notifier/templates/open-templates.loader');
  const opened = await openTemplates(globs, language === 'handlebars');
  if (opened.ok) return { templates: opened.templates, language };
  throw new UsageError(opened.problems.map(({ at, message }) => `${globs[at] ?? ''}: ${message}`).join('\n'));
}

/** The parser has checked the flag's choices. */
function asLanguage(text: string): TemplateLanguage {
  return text === 'handlebars' ? 'handlebars' : 'go';
}

async function dataOf(flags: FlagValues): Promise<GivenGroup> {
  const file = flags.text('template.data');
  if (file === '') {
    const { sampleGroup } = await import('@tocsin/notifier/templates/sample-group');
    return sampleGroup(machineClock.nowMs());
  }
  const { parseTemplateDocument } = await import('@tocsin/notifier/templates/template-document.schema');
  const json = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: ${fileReason(error)}`);
  });
  const parsed = parseTemplateDocument(json);
  if (!parsed.ok) throw new UsageError(parsed.error.replace(/^/gm, `${file}: `));
  return parsed.group;
}
