import { ANY, goFunc, signature, STRING } from '../basic-types';
import type { Budget } from '../budget';
import { indirect } from '../fmt/print-value';
import { sprint } from '../fmt/sprint';
import { type Failure, type GoFunc, Scalar, textOf, type Value } from '../value';
import { type ContentType, contentTypeOf, type TextEscaper } from './content-types';
import { evalArgs } from './escaped-pipeline';
import {
  escapeAttribute,
  escapeHtml,
  escapeRcdata,
  escapeUnquoted,
  filterAttributeName,
  omit,
} from './markup-escapers';
import { marshalJson } from './marshal-json';
import {
  escapeJsRegexp,
  escapeJsString,
  escapeTemplateLiteral,
  jsonAsExpression,
  jsonErrorAsExpression,
} from './script-escapers';
import { escapeCss, filterCssValue } from './style-escapers';
import { escapeUrl, filterSrcset, filterUrl, normalizeUrl } from './url-escapers';

const textEscapers: Readonly<Record<string, TextEscaper>> = {
  attrescaper: escapeAttribute,
  commentescaper: omit,
  cssescaper: escapeCss,
  cssvaluefilter: filterCssValue,
  htmlescaper: escapeHtml,
  htmlnamefilter: filterAttributeName,
  jsregexpescaper: escapeJsRegexp,
  jsstrescaper: escapeJsString,
  jstmpllitescaper: escapeTemplateLiteral,
  nospaceescaper: escapeUnquoted,
  rcdataescaper: escapeRcdata,
  srcsetescaper: filterSrcset,
  urlescaper: escapeUrl,
  urlfilter: filterUrl,
  urlnormalizer: normalizeUrl,
};

type Call = (args: readonly Value[], budget: Budget) => Value | Failure;

/** The functions that are put at the end of pipelines. */
export const escapeFunctions: ReadonlyMap<string, GoFunc> = new Map([
  ...Object.entries(textEscapers).map(([name, escape]) => asFunction(`_html_template_${name}`, escaping(escape))),
  asFunction('_html_template_jsvalescaper', expressionOf),
  asFunction(evalArgs, (args, budget) => sprint(args.map(indirect), budget)),
]);

function asFunction(name: string, call: Call): readonly [string, GoFunc] {
  return [name, goFunc(signature([ANY], STRING, { isVariadic: true }), call)];
}

function escaping(escape: TextEscaper): Call {
  return (args, budget) => {
    const { text, type } = textWithType(args, budget);
    const escaped = escape(text, type);
    budget.allowLength(escaped.length);
    return escaped;
  };
}

/** The text of a value as it is printed; nil is none. */
function textWithType(args: readonly Value[], budget: Budget): { text: string; type: ContentType } {
  const [first] = args;
  if (args.length === 1 && typeof first === 'string') return { text: first, type: 'plain' };
  const type = args.length === 1 && first instanceof Scalar ? contentTypeOf(first.type) : undefined;
  if (type !== undefined) return { text: textOf(first), type };
  const present = args.filter((arg) => arg !== null);
  return { text: sprint(present.map(indirect), budget), type: 'plain' };
}

/** The value as an expression of script. */
function expressionOf(args: readonly Value[], budget: Budget): string {
  const value = args.length === 1 ? (args[0] ?? null) : sprint(args.map(indirect), budget);
  const type = value instanceof Scalar ? contentTypeOf(value.type) : undefined;
  if (type === 'js') return textOf(value);
  if (type === 'jsStr') return `"${textOf(value)}"`;
  const marshalled = marshalJson(asStringer(value, budget), budget);
  const text = marshalled.ok ? jsonAsExpression(marshalled.json) : jsonErrorAsExpression(marshalled.error);
  budget.allowLength(text.length);
  return text;
}

/** A value that has text of its own, and no JSON, is that text. */
function asStringer(value: Value, budget: Budget): Value {
  if (value === null || typeof value !== 'object' || value.type.methods.has('MarshalJSON')) return value;
  const method = value.type.methods.get('String');
  if (method === undefined || method.params.length > 0 || method.result !== STRING) return value;
  return sprint([value], budget);
}
