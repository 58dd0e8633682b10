import { custom, type Decoder, list, map, optional, string, withDefault } from '@tocsin/common/config/decode';
import { type YamlPath } from '@tocsin/common/config/yaml-document';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { isValidLabelName, type LabelNameMode } from '@tocsin/common/labels/label-set';
import { compileRegex } from '@tocsin/common/matchers/compile-regex';
import { compareMatchers, type Matcher } from '@tocsin/common/matchers/matcher';
import { type MatcherMode, type MatcherWarning, parseMatchers } from '@tocsin/common/matchers/parse-matchers';

/** How label names and matchers are read. */
export interface MatcherOptions {
  readonly matcherMode: MatcherMode;
  /** Called for what is valid but may not mean what it seems to. */
  readonly onWarning: (path: YamlPath, message: string) => void;
}

/** Values by label name. */
export type TextMap = Readonly<Record<string, string>>;

const noTexts: TextMap = {};

/** Names a label may have in this mode. */
export function labelNameMode({ matcherMode }: MatcherOptions): LabelNameMode {
  return matcherMode === 'classic' ? 'classic' : 'utf8';
}

/** Equal values by classic label name: the older way to write matchers. */
export const equalities: Decoder<TextMap> = withDefault(
  custom(
    map(string),
    (values, report) => {
      for (const name of Object.keys(values)) {
        if (!isValidLabelName(name, 'classic')) report(`invalid label name ${goQuote(name)}`, [name]);
      }
      return values;
    },
    'parent',
  ),
  noTexts,
);

/** Regexes by classic label name. */
export const regexes: Decoder<TextMap> = withDefault(
  custom(map(optional(string)), (patterns, report) => {
    for (const [name, pattern] of Object.entries(patterns)) {
      if (!isValidLabelName(name, 'classic')) report(`invalid label name ${goQuote(name)}`, [name]);
      const compiled = pattern === undefined ? null : compileRegex(pattern);
      if (compiled === null) report(`invalid regexp value for ${goQuote(name)}`, [name]);
      else if (!compiled.ok) report(compiled.error, [name]);
    }
    return patterns as TextMap;
  }),
  noTexts,
);

/** A list of texts with any number of matchers each, all together in their canonical order. */
export function matcherList({ matcherMode, onWarning }: MatcherOptions): Decoder<readonly Matcher[]> {
  const strings = list(string);
  return {
    typeName: strings.typeName,
    absent: () => [],
    decode: (place, context) => {
      const before = context.count;
      const matchers: Matcher[] = [];
      for (const [at, text] of (strings.decode(place, context) ?? []).entries()) {
        // An element of a wrong type was reported already.
        if (text === undefined) continue;
        const path = [...place.path, at];
        const parsed = parseMatchers(text, matcherMode);
        if (!parsed.ok) context.report(context.document.offsetOf(path), path, parsed.error, place.path);
        else {
          matchers.push(...parsed.matchers);
          if (parsed.warning) onWarning(path, warningText(text, parsed.warning));
        }
      }
      return context.count > before ? undefined : matchers.sort(compareMatchers);
    },
  };
}

function warningText(matchers: string, warning: MatcherWarning): string {
  const met = `matchers ${goQuote(matchers)}`;
  const remedy = `write ${goQuote(warning.suggestion)} to be read the same by every version`;
  return warning.kind === 'classic-only'
    ? `${met} are valid only in the older grammar (${warning.reason}); ${remedy}`
    : `${met} mean different things in the older and the newer grammar, and the older one is used; ${remedy}`;
}
