import { Budget } from '@tocsin/go-template/budget';
import type {
  PrometheusSurroundings,
  Sample as QueriedSample,
} from '@tocsin/go-template/functions/prometheus-functions';
import type { Template } from '@tocsin/go-template/template-set';
import { Failure, type GoStruct } from '@tocsin/go-template/value';
import { type Labels, labelsOf } from '@tocsin/common/labels/label-set';
import { type Sample } from '../datasource/datasource';
import { type NamedTemplates } from '../rules/rule-group';
import { type External, runTemplate, templateData, templateName } from './rule-template';

/** What an expression that a template asked for came to. */
export type Answer = readonly QueriedSample[] | Failure;

/** The answers known so far; undefined where one is still to be asked for. */
export interface Answers {
  get(expression: string): Answer | undefined;
}

/** A query that failed. What Prometheus' API puts before a reason is left away: templates there never see it. */
export function failedAnswer(reason: string): Failure {
  return new Failure(reason.replace(/^(?:bad_data: invalid parameter "query": |execution: )/, ''));
}

export const NO_ANSWERS: Answers = new Map();

export interface ExpansionContext {
  /** The rule's name. */
  readonly alert: string;
  readonly slotMs: number;
  readonly external: External;
  readonly answers: Answers;
  /** How many samples there are to expand templates for. */
  readonly sampleCount: number;
}

/** Texts by name, and whether they will be the same for the same sample at another time. */
export interface ExpandedTexts {
  readonly texts: Labels;
  readonly isLasting: boolean;
}

/** Of one template for one sample: about a tenth of a second at worst. */
const TEMPLATE_LIMITS = { maxSteps: 200_000, maxDepth: 200, maxLength: 1_000_000 };

/** Of all templates of a rule at one slot together; far more than any that means well takes. */
const RULE_STEPS = { least: 5_000_000, ofSample: 500 };

/** How many samples a template may meet a limit for; after that it is not run for others. */
const MAX_EXCEEDED = 20;

/** What to put in the place of a value whose query is not answered yet: it will be thrown away. */
const UNANSWERED = new Failure('not answered yet');

/** Expands the templates of one rule at one slot. */
export class Expansion {
  /** Expressions templates asked for that have no answer yet: what was expanded does not count then. */
  readonly asked = new Set<string>();
  readonly #context: ExpansionContext;
  readonly #surroundings: PrometheusSurroundings;
  readonly #maxSteps: number;
  #stepsLeft: number;
  /** Templates that met a limit: how often, and what they came to. */
  readonly #exceeded = new Map<Template, { count: number; text: string }>();
  #firstFailure: string | null = null;
  /** Whether the template at hand looked at something that changes with time. */
  #isLasting = true;

  constructor(context: ExpansionContext) {
    this.#context = context;
    this.#maxSteps = Math.max(RULE_STEPS.least, RULE_STEPS.ofSample * context.sampleCount);
    this.#stepsLeft = this.#maxSteps;
    this.#surroundings = this.#surroundingsOf(context);
  }

  /** Why a template could not be expanded; the first one's reason. */
  get failure(): string | null {
    return this.#firstFailure;
  }

  /** Expands the templates for a sample; one that fails comes to a text that says why. */
  expandAll(templates: NamedTemplates, { labels, value }: Sample): ExpandedTexts {
    this.#isLasting = true;
    let data: GoStruct | null = null;
    const texts = templates.map(([name, template]): [string, string] => {
      if (typeof template === 'string') return [name, template];
      data ??= templateData({ labels, value, external: this.#context.external });
      return [name, this.#expand(template, data)];
    });
    return { texts: labelsOf(texts), isLasting: this.#isLasting };
  }

  #expand(template: Template, data: GoStruct): string {
    const exceeded = this.#exceeded.get(template);
    if (exceeded !== undefined && exceeded.count >= MAX_EXCEEDED) {
      this.#isLasting = false;
      return exceeded.text;
    }
    if (this.#stepsLeft <= 0) {
      this.#isLasting = false;
      return this.#failed(`exceeded ${this.#maxSteps} steps for all samples`);
    }
    const budget = new Budget(TEMPLATE_LIMITS);
    const result = runTemplate(template, data, this.#surroundings, budget);
    this.#stepsLeft -= budget.spent;
    if (result.ok) return result.text;
    const text = this.#failed(result.error.message);
    if (result.error.reason.startsWith('exceeded ')) {
      this.#exceeded.set(template, { count: (exceeded?.count ?? 0) + 1, text });
    }
    return text;
  }

  #failed(message: string): string {
    const reason = `error executing template ${templateName(this.#context.alert)}: ${message}`;
    this.#firstFailure ??= reason;
    return `<error expanding template: ${reason}>`;
  }

  #surroundingsOf({ external, slotMs, answers }: ExpansionContext): PrometheusSurroundings {
    const changesWithTime = (): void => {
      this.#isLasting = false;
    };
    const { asked } = this;
    return {
      query(expression) {
        changesWithTime();
        const answer = answers.get(expression);
        if (answer !== undefined) return answer;
        asked.add(expression);
        return UNANSWERED;
      },
      get nowSeconds() {
        changesWithTime();
        return slotMs / 1000;
      },
      externalUrl: external.url,
      get pathPrefix() {
        return pathOf(external.url);
      },
    };
  }
}

/** The path of an address without a slash at its end. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/+$/, '') : '';
}
