import { reasonOf as errorText } from '@tocsin/common/log/log';
import { type NotificationFacts } from './notification-facts';
import { plainText, type PlainText } from './plain-text';
import { renderValue } from './render-value';
import { secretTemplateError } from './secret-template';
import { type Rendered, type TemplateRun, type Templates } from './templates';

/** What takes the place of a template in a plain message; without one it is left empty. */
export type StandIn = keyof PlainText;

/** What a message is made from. Its methods end the making when a template fails, see `renderMessage`. */
export interface Rendering {
  readonly facts: NotificationFacts;
  /** Not null in a plain message, made because a template failed. */
  readonly plain: PlainText | null;
  text(source: string, standIn?: StandIn): string;
  /** For a receiver that reads HTML. */
  html(source: string, standIn?: StandIn): string;
  /** What no message can do without, such as an address; `what` says so when it fails. */
  required(source: string, what: string): string;
  /** The same of what nobody may see; nor may they see its template. */
  secret(source: string, what: string): string;
  /** Anything with templates in it, as it is configured; undefined where it fails in a plain message.
   *  Source: Alertmanager, `notify` deep copy with templates. */
  value(configured: unknown): unknown;
}

/** What a receiver insists on, where a plain message would be without it; else ''. */
export function inPlain({ plain }: Rendering, text: string): string {
  return plain === null ? '' : text;
}

/** A message; `degraded` says which template failed, null: none. */
export type Made<T> =
  | { readonly ok: true; readonly message: T; readonly degraded: string | null }
  /** Not even a plain message can be made. */
  | { readonly ok: false; readonly error: string };

/** The message that `make` makes of a notification. Where one of its templates fails it makes a plain one: whoever is to be
 *  paged hears of the alert, and of the mistake. */
export function renderMessage<T>(
  facts: NotificationFacts,
  templates: Templates,
  make: (rendering: Rendering) => T,
): Made<T> {
  const run = whenUsed(() => templates.of(facts));
  const { notification } = facts;
  if (notification.plain) return makePlain(facts, run, make, 'it was left unfinished several times');
  try {
    return { ok: true, message: make(new FullRendering(facts, run)), degraded: null };
  } catch (error) {
    return makePlain(facts, run, make, reasonOf(error));
  }
}

function makePlain<T>(
  facts: NotificationFacts,
  run: TemplateRun,
  make: (rendering: Rendering) => T,
  reason: string,
): Made<T> {
  try {
    return { ok: true, message: make(new PlainRendering(facts, run, plainText(facts, reason))), degraded: reason };
  } catch (error) {
    return { ok: false, error: reasonOf(error) };
  }
}

/** Data of many alerts takes its time: a message without templates does not wait for it. That it cannot be made is no worse
 *  than a template that fails. */
function whenUsed(make: () => TemplateRun): TemplateRun {
  let made: TemplateRun | Rendered | undefined;
  const madeOnce = (): TemplateRun | Rendered => {
    try {
      return make();
    } catch (error) {
      return { ok: false, error: `the data of templates cannot be made: ${errorText(error)}` };
    }
  };
  const render = (form: 'text' | 'html', source: string): Rendered => {
    made ??= madeOnce();
    return 'ok' in made ? made : made[form](source);
  };
  return { text: (source) => render('text', source), html: (source) => render('html', source) };
}

/** A template failed: ends the making of one message, and is caught where that began. */
class RenderFailure extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof RenderFailure) return error.message;
  throw error;
}

class FullRendering implements Rendering {
  readonly plain = null;

  constructor(
    readonly facts: NotificationFacts,
    private readonly run: TemplateRun,
  ) {}

  text(source: string): string {
    return rendered(source, (template) => this.run.text(template));
  }

  html(source: string): string {
    return rendered(source, (template) => this.run.html(template));
  }

  required(source: string, what: string): string {
    return requiredText(source, what, this.run);
  }

  secret(source: string, what: string): string {
    return requiredText(source, what, this.run, secretTemplateError);
  }

  value(configured: unknown): unknown {
    return renderValue(configured, (source) => this.text(source));
  }
}

class PlainRendering implements Rendering {
  constructor(
    readonly facts: NotificationFacts,
    private readonly run: TemplateRun,
    readonly plain: PlainText,
  ) {}

  text(source: string, standIn?: StandIn): string {
    return standIn === undefined ? this.orEmpty(source, (template) => this.run.text(template)) : this.plain[standIn];
  }

  html(source: string, standIn?: StandIn): string {
    if (standIn !== undefined) return escapeHtml(this.plain[standIn]);
    return this.orEmpty(source, (template) => this.run.html(template));
  }

  required(source: string, what: string): string {
    return requiredText(source, what, this.run);
  }

  secret(source: string, what: string): string {
    return requiredText(source, what, this.run, secretTemplateError);
  }

  value(configured: unknown): unknown {
    if (this.facts.notification.plain) return undefined;
    try {
      return renderValue(configured, (source) => rendered(source, (template) => this.run.text(template)));
    } catch (error) {
      reasonOf(error);
      return undefined;
    }
  }

  private orEmpty(source: string, render: (source: string) => Rendered): string {
    // What never came to an end is not begun again.
    if (this.facts.notification.plain && source.includes('{{')) return '';
    const result = source.includes('{{') ? render(source) : literal(source);
    return result.ok ? result.text : '';
  }
}

function requiredText(source: string, what: string, run: TemplateRun, shown = (error: string) => error): string {
  const result = source.includes('{{') ? run.text(source) : literal(source);
  if (!result.ok) throw new RenderFailure(`failed to template ${what}: ${shown(result.error)}`);
  return result.text;
}

function rendered(source: string, render: (source: string) => Rendered): string {
  // Most fields are empty or plain text.
  const result = source.includes('{{') ? render(source) : literal(source);
  if (!result.ok) throw new RenderFailure(result.error);
  return result.text;
}

function literal(text: string): Rendered {
  return { ok: true, text };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
