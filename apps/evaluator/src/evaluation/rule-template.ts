import { ANY, STRING, STRING_MAP, structType } from '@tocsin/go-template/basic-types';
import type { Budget } from '@tocsin/go-template/budget';
import { prometheusFunctions, type PrometheusSurroundings } from '@tocsin/go-template/functions/prometheus-functions';
import { type Executed, type Template, TemplateSet } from '@tocsin/go-template/template-set';
import { GoStruct, RecordMap } from '@tocsin/go-template/value';
import { type Labels } from '@tocsin/common/labels/label-set';

/** A label or annotation value, compiled; a text without actions is itself. */
export type RuleTemplate = string | Template;

export type ParsedTemplate = { ok: true; template: RuleTemplate } | { ok: false; error: string };

/** What the query result gave, and what this evaluator is called outside. */
export interface TemplateData {
  /** Labels as the datasource gave them, metric name included. */
  readonly labels: Labels;
  readonly value: number;
  readonly external: External;
}

/** What this evaluator is called outside. */
export interface External {
  readonly labels: Labels;
  readonly url: string;
}

/** In front of every text, as in Prometheus: they count in the columns of error texts. */
const DEFINITIONS =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

const DATA = structType<TemplateData>(
  'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }',
  {
    Labels: { type: STRING_MAP, get: ({ labels }) => new RecordMap(STRING_MAP, labels) },
    ExternalLabels: { type: STRING_MAP, get: ({ external }) => new RecordMap(STRING_MAP, external.labels) },
    ExternalURL: { type: STRING, get: ({ external }) => external.url },
    Value: { type: ANY, get: ({ value }) => value },
  },
);

/** What the functions see while a template runs; templates are compiled long before, and run one after the other. */
let current: PrometheusSurroundings = { query: () => [], nowSeconds: 0, externalUrl: '', pathPrefix: '' };

const ENGINE = new TemplateSet({
  functions: prometheusFunctions({
    query: (expression) => current.query(expression),
    get nowSeconds() {
      return current.nowSeconds;
    },
    get externalUrl() {
      return current.externalUrl;
    },
    get pathPrefix() {
      return current.pathPrefix;
    },
  }),
  missingKey: 'zero',
});

/** What errors call the templates of a rule. */
export function templateName(alert: string): string {
  return `__alert_${alert}`;
}

/** Compiles a label or annotation value of an alerting rule. Source of error texts: Go, with Prometheus' name for it. */
export function parseRuleTemplate(alert: string, text: string): ParsedTemplate {
  if (!text.includes('{{')) return { ok: true, template: text };
  const compiled = ENGINE.compile(DEFINITIONS + text, templateName(alert));
  return compiled.ok ? compiled : { ok: false, error: compiled.error.message };
}

/** The data of a template. */
export function templateData(data: TemplateData): GoStruct {
  return new GoStruct<unknown>(DATA, data);
}

/** Runs a template that is not just text. */
export function runTemplate(
  template: Template,
  data: GoStruct,
  surroundings: PrometheusSurroundings,
  budget: Budget,
): Executed {
  const outer = current;
  current = surroundings;
  try {
    return template.execute(data, budget);
  } finally {
    current = outer;
  }
}
