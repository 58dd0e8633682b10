import { type Labels, labelValue } from '@tocsin/common/labels/label-set';
import { alertmanagerFunctions } from '@tocsin/go-template/functions/alertmanager-functions';
import { instantOfMs } from '@tocsin/go-template/go/instant';
import { LOCAL } from '@tocsin/go-template/go/zone';
import { htmlEscaper } from '@tocsin/go-template/html/html-escaper';
import { Budget, type Limits } from '@tocsin/go-template/budget';
import { type Compiled, DEFAULT_LIMITS, TemplateSet } from '@tocsin/go-template/template-set';
import { Failure, type Value } from '@tocsin/go-template/value';
import { DEFAULT_TEMPLATES } from './default-templates';
import { type GivenGroup } from './given-group';
import { NotificationFacts } from './notification-facts';
import { givenData, templateData } from './template-data';
import { type Rendered, type RouteLabelOf, type TemplateRun, type Templates } from './templates';

/** Texts kept compiled; those of a configuration are fewer, but an address in a file may change. */
const MAX_KEPT = 5_000;

/** What a text may do that anybody may send: a moment of the loop that also sends notifications. */
const ONCE: Limits = { ...DEFAULT_LIMITS, maxSteps: 500_000 };

/** Templates as Alertmanager has them: Go's, with its functions and its built-in templates. */
export class GoTemplates implements Templates {
  private readonly text: Form;
  private readonly html: Form;
  /** Of the notification that is being rendered. */
  private routeLabel: RouteLabelOf = () => NO_LABEL;

  constructor(nowMs: () => number) {
    const functions = alertmanagerFunctions({
      now: () => instantOfMs(nowMs(), LOCAL),
      routeLabel: (name) => {
        const rendered = this.routeLabel(name);
        return rendered.ok ? rendered.text : new Failure(rendered.error);
      },
    });
    this.text = new Form(new TemplateSet({ functions, missingKey: 'zero' }));
    this.html = new Form(new TemplateSet({ functions, missingKey: 'zero', escaper: htmlEscaper }));
    const problem = this.add('default.tmpl', DEFAULT_TEMPLATES);
    if (problem !== null) throw new Error(problem);
  }

  /** Adds the templates of a file; what it defines again replaces what was there. Says what is wrong with it; null: nothing. */
  add(name: string, text: string): string | null {
    return this.text.set.add(name, text)?.message ?? this.html.set.add(name, text)?.message ?? null;
  }

  of(facts: NotificationFacts, routeLabel: RouteLabelOf = labelsIn(facts.notification.routeLabels)): TemplateRun {
    const data = templateData(facts);
    return {
      text: (source) => this.render(this.text.compiled(source), data, routeLabel),
      html: (source) => this.render(this.html.compiled(source), data, routeLabel),
    };
  }

  once(given: NotificationFacts | GivenGroup): TemplateRun {
    const isTold = given instanceof NotificationFacts;
    const data = isTold ? templateData(given) : givenData(given);
    const routeLabel = labelsIn(isTold ? given.notification.routeLabels : given.routeLabels);
    return {
      text: (source) => this.render(this.text.set.compile(source), data, routeLabel, new Budget(ONCE)),
      html: (source) => this.render(this.html.set.compile(source), data, routeLabel, new Budget(ONCE)),
    };
  }

  private render(compiled: Compiled, data: Value, routeLabel: RouteLabelOf, budget?: Budget): Rendered {
    if (!compiled.ok) return { ok: false, error: compiled.error.message };
    // The label of a route may be a template itself, rendered while another one is.
    const outer = this.routeLabel;
    this.routeLabel = routeLabel;
    try {
      const executed = compiled.template.execute(data, budget);
      return executed.ok ? executed : { ok: false, error: executed.error.message };
    } finally {
      this.routeLabel = outer;
    }
  }
}

/** Templates of one engine, and the texts that were compiled for it. */
class Form {
  private readonly kept = new Map<string, Compiled>();

  constructor(readonly set: TemplateSet) {}

  compiled(source: string): Compiled {
    const known = this.kept.get(source);
    if (known !== undefined) return known;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    const compiled = this.set.compile(source);
    this.kept.set(source, compiled);
    return compiled;
  }
}

const NO_LABEL: Rendered = { ok: true, text: '' };

/** Labels of the route that were rendered when it was decided to notify. */
function labelsIn(routeLabels: Labels): RouteLabelOf {
  return (name) => ({ ok: true, text: labelValue(routeLabels, name) ?? '' });
}
