import { notSupportedYet } from '@tocsin/common/config/not-supported';
import { type Labels, labelValue } from '@tocsin/common/labels/label-set';
import { goFloatText } from './go-number';

/** A label or annotation value with its placeholders; a text without any is itself. */
export type Template = string | readonly Part[];

type Part = string | { readonly kind: 'label' | 'externalLabel'; readonly name: string } | Variable;
type Variable = { readonly kind: 'value' | 'externalUrl' };

export type ParsedTemplate = { ok: true; template: Template } | { ok: false; error: string };

/** What placeholders stand for. */
export interface TemplateData {
  /** Labels of the query result as the datasource gave them, metric name included. */
  readonly labels: Labels;
  readonly value: number;
}

/** What this evaluator is called outside. */
export interface External {
  readonly labels: Labels;
  readonly url: string;
}

const action = /\{\{(-(?=\s))?\s*([^]*?)\s*((?<=\s)-)?\}\}/g;
const comment = /^\/\*[^]*\*\/$/;
const field = String.raw`[\p{L}_][\p{L}\p{Nd}_]*`;
const labelField = new RegExp(String.raw`^(?:\$labels|\.Labels)\.(${field})$`, 'u');
const externalLabelField = new RegExp(String.raw`^(?:\$externalLabels|\.ExternalLabels)\.(${field})$`, 'u');

/** Reads a template of plain placeholders (`{{ $labels.x }}`, `{{ $value }}`, …); every other action is refused. */
export function parseTemplate(text: string): ParsedTemplate {
  if (!text.includes('{{')) return { ok: true, template: text };
  const parts: Part[] = [];
  let at = 0;
  let trimsNext = false;
  const addText = (literal: string, trimsEnd: boolean): void => {
    const left = trimsNext ? literal.trimStart() : literal;
    const trimmed = trimsEnd ? left.trimEnd() : left;
    if (trimmed !== '') parts.push(trimmed);
  };
  for (const { index, 0: whole, 1: trimBefore, 2: inside = '', 3: trimAfter } of text.matchAll(action)) {
    addText(text.slice(at, index), trimBefore !== undefined);
    if (!comment.test(inside)) {
      const part = parseAction(inside);
      if (part === null) {
        return { ok: false, error: `${whole}: ${notSupportedYet('the full template language')}` };
      }
      parts.push(part);
    }
    at = index + whole.length;
    trimsNext = trimAfter !== undefined;
  }
  const rest = text.slice(at);
  if (rest.includes('{{')) return { ok: false, error: 'unclosed action' };
  addText(rest, false);
  return { ok: true, template: parts };
}

function parseAction(inside: string): Part | null {
  if (inside === '$value' || inside === '.Value') return { kind: 'value' };
  if (inside === '$externalURL' || inside === '.ExternalURL') return { kind: 'externalUrl' };
  const label = labelField.exec(inside)?.[1];
  if (label !== undefined) return { kind: 'label', name: label };
  const externalLabel = externalLabelField.exec(inside)?.[1];
  return externalLabel === undefined ? null : { kind: 'externalLabel', name: externalLabel };
}

/** The text of a template; a label that is missing is empty. */
export function expandTemplate(template: Template, data: TemplateData, external: External): string {
  if (typeof template === 'string') return template;
  let text = '';
  for (const part of template) text += typeof part === 'string' ? part : valueOf(part, data, external);
  return text;
}

function valueOf(part: Exclude<Part, string>, data: TemplateData, external: External): string {
  switch (part.kind) {
    case 'label':
      return labelValue(data.labels, part.name) ?? '';
    case 'value':
      return goFloatText(data.value);
    case 'externalLabel':
      return labelValue(external.labels, part.name) ?? '';
    case 'externalUrl':
      return external.url;
  }
}
