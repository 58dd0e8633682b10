import Handlebars from 'handlebars';
import { factsOfGiven, type GivenGroup } from '../given-group';
import { NotificationFacts } from '../notification-facts';
import { type Rendered, type TemplateRun, type Templates } from '../templates';
import { HbsBudget, MAX_LENGTH, tooMuchIn } from './hbs-budget';
import { HBS_DEFAULTS, HBS_OF_GO } from './hbs-defaults';
import { hbsData } from './hbs-data';
import { type HbsFile } from './hbs-file';
import { HELPERS, isEmpty } from './hbs-helpers';
import { limitedHelpers } from './hbs-limited';

/** Texts kept compiled; those of a configuration are fewer, but an address in a file may change. */
const MAX_KEPT = 5_000;

type Compiled = { readonly ok: true; readonly run: Run } | { readonly ok: false; readonly error: string };
type Run = (data: object) => string;

interface BlockOptions {
  fn(context: unknown, options?: { data?: unknown; blockParams?: unknown[] }): string;
  inverse(context: unknown): string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Templates in Handlebars: strict, so that a mistyped name is a mistake and not an empty place; without access to
 * prototypes; with our helpers and no others.
 */
export class HbsTemplates implements Templates {
  /** One for each form: an engine keeps its partials compiled as it met them first, escaping or not. */
  private readonly engines: Readonly<Record<Form, Engine>>;
  private readonly kept = new Map<string, Compiled>();
  /** Of the rendering that is under way. */
  private budget = new HbsBudget();

  constructor(
    files: readonly HbsFile[],
    private readonly nowMs: () => number,
  ) {
    const partials = [...HBS_DEFAULTS, ...files];
    this.engines = { text: this.engineWith(partials), html: this.engineWith(partials) };
  }

  private engineWith(partials: readonly HbsFile[]): Engine {
    const engine = Handlebars.create();
    for (const name of Object.keys(engine.helpers)) engine.unregisterHelper(name);
    for (const [name, helper] of Object.entries({
      ...limitedHelpers(HELPERS, () => this.budget),
      ...this.blocks(),
    }))
      engine.registerHelper(name, helper);
    for (const { name, text } of partials) engine.registerPartial(name, text);
    limitPartials(engine, () => this.budget);
    return engine;
  }

  /** Why a text cannot be parsed; null: it can. */
  problemOf(text: string, name: string): string | null {
    try {
      this.engines.text.precompile(text, this.options('text'));
      return null;
    } catch (error) {
      return failureText(error, name);
    }
  }

  of(facts: NotificationFacts): TemplateRun {
    return this.runOn(facts, (source, form) => this.compiled(source, form));
  }

  once(given: NotificationFacts | GivenGroup): TemplateRun {
    const facts = given instanceof NotificationFacts ? given : factsOfGiven(given);
    return this.runOn(facts, (source, form) => {
      const error = tooMuchIn(source);
      return error === null ? this.compile(ofOurs(source), form) : { ok: false, error };
    });
  }

  private runOn(facts: NotificationFacts, compiled: (source: string, form: Form) => Compiled): TemplateRun {
    const data = hbsData(facts, this.nowMs());
    const render = (source: string, form: Form): Rendered => {
      const template = compiled(source, form);
      if (!template.ok) return template;
      this.budget = new HbsBudget();
      try {
        const text = template.run(data);
        if (text.length <= MAX_LENGTH) return { ok: true, text };
        return { ok: false, error: `handlebars: exceeded ${MAX_LENGTH} characters` };
      } catch (error) {
        return { ok: false, error: failureText(error, '') };
      }
    };
    return { text: (source) => render(source, 'text'), html: (source) => render(source, 'html') };
  }

  private compiled(source: string, form: Form): Compiled {
    const key = `${form} ${source}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    const compiled = this.compile(ofOurs(source), form);
    this.kept.set(key, compiled);
    return compiled;
  }

  private compile(source: string, form: Form): Compiled {
    try {
      // Compiled when it is first run: a text that cannot be parsed shows then.
      const template = this.engines[form].compile<object>(source, this.options(form));
      return { ok: true, run: (data) => template(data, PROTOTYPES_SHUT) };
    } catch (error) {
      return { ok: false, error: failureText(error, '') };
    }
  }

  private options(form: Form): CompileOptions {
    const known = Object.keys({ ...HELPERS, ...this.blocks() }).map((name) => [name, true] as const);
    return {
      strict: true,
      noEscape: form === 'text',
      // Handlebars knows some itself, unless told otherwise.
      knownHelpers: { ...FORGOTTEN, ...Object.fromEntries(known) } as CompileOptions['knownHelpers'] & object,
      knownHelpersOnly: true,
      preventIndent: true,
    };
  }

  private blocks(): Readonly<Record<string, (this: unknown, ...args: readonly unknown[]) => unknown>> {
    const budget = (): HbsBudget => this.budget;
    return {
      if(this: unknown, value, options) {
        return isEmpty(value) ? blockOf(options).inverse(this) : blockOf(options).fn(this);
      },
      unless(this: unknown, value, options) {
        return isEmpty(value) ? blockOf(options).fn(this) : blockOf(options).inverse(this);
      },
      with(this: unknown, value, options) {
        const block = blockOf(options);
        return isEmpty(value) ? block.inverse(this) : block.fn(value, { data: block.data, blockParams: [value] });
      },
      each(this: unknown, value, options) {
        const block = blockOf(options);
        const entries: (readonly [string | number, unknown])[] = Array.isArray(value)
          ? [...value.entries()]
          : Object.entries(typeof value === 'object' && value !== null ? value : {});
        if (entries.length === 0) return block.inverse(this);
        return entries
          .map(([key, item], index) => {
            budget().turn();
            const data = Handlebars.createFrame(block.data) as Record<string, unknown>;
            Object.assign(data, { key, index, first: index === 0, last: index === entries.length - 1 });
            const text = block.fn(item, { data, blockParams: [item, key] });
            budget().spend(text.length);
            return text;
          })
          .join('');
      },
      lookup: (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, String(name))
          ? (value as Record<string, unknown>)[String(name)]
          : undefined,
    };
  }
}

type Form = 'text' | 'html';
type Engine = ReturnType<typeof Handlebars.create>;

/** Handlebars' runtime as an engine calls it. */
interface Runtime {
  readonly invokePartial: (this: unknown, ...args: readonly unknown[]) => unknown;
}

/** Partials pay as loops do: some that call others twice each come to no end. */
function limitPartials(engine: Engine, budget: () => HbsBudget): void {
  const runtime = engine.VM as unknown as Runtime;
  const invokePartial: Runtime['invokePartial'] = function (...args) {
    budget().turn();
    const text = runtime.invokePartial.apply(this, [...args]);
    if (typeof text === 'string') budget().spend(text.length);
    return text;
  };
  Object.assign(engine, { VM: { ...runtime, invokePartial } });
}

const FORGOTTEN = { log: false, helperMissing: false, blockHelperMissing: false };

const PROTOTYPES_SHUT = {
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
  allowCallsToHelperMissing: false,
};

function blockOf(options: unknown): BlockOptions {
  return options as BlockOptions;
}

/** A field that was left at its default names one of Go's templates, of which ours of the same name takes the place, or is one. */
function ofOurs(source: string): string {
  const ours = HBS_OF_GO.get(source);
  if (ours !== undefined) return ours;
  const called = /^\{\{ ?template "([^"]+)" \. ?\}\}$/.exec(source)?.[1];
  return called === undefined ? source : `{{> [${called}]}}`;
}

/** In the form that Go's messages have. */
function failureText(error: unknown, name: string): string {
  const { message, lineNumber, column } = error as Error & { lineNumber?: number; column?: number };
  const syntax = /^Parse error on line (\d+):\n(.*)\n-*\^\n.*got '(\w+)'$/s.exec(message);
  const [, line, near, token] = syntax ?? [];
  const reason = syntax ? `unexpected ${token?.toLowerCase()} near ${near}` : message.replace(/ - \d+:\d+$/, '');
  const place = lineNumber === undefined ? line : `${lineNumber}:${column ?? 0}`;
  return [['handlebars', name, place].filter(Boolean).join(':'), reason].join(': ');
}
