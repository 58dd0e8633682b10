import { custom, type Decoder, list, named, object, string, withDefault } from '@tocsin/common/config/decode';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { isValidLabelName } from '@tocsin/common/labels/label-set';
import { type WrittenMatchers } from '../config/all-matchers';
import { equalities, labelNameMode, matcherList, type MatcherOptions, regexes } from '../config/matchers.schema';

/** An inhibit rule as written. */
export interface InhibitRuleFields {
  readonly name: string;
  readonly source: WrittenMatchers;
  readonly target: WrittenMatchers;
  readonly equal: readonly string[];
}

/** Source: Alertmanager configuration, `inhibit_rule`. */
export function inhibitRuleDecoder(options: MatcherOptions): Decoder<InhibitRuleFields> {
  const nameMode = labelNameMode(options);
  const labelNames = custom(
    list(string),
    (names, report) => {
      names.forEach((name, at) => {
        if (!isValidLabelName(name, nameMode)) report(`invalid label name ${goQuote(name)} in equal list`, [at]);
      });
      return names;
    },
    'parent',
  );
  const fields = object(
    {
      name: withDefault(string, ''),
      source_match: equalities,
      source_match_re: regexes,
      source_matchers: matcherList(options),
      target_match: equalities,
      target_match_re: regexes,
      target_matchers: matcherList(options),
      equal: withDefault(labelNames, []),
    },
    'common.plain',
  );
  const rule = custom(fields, (raw) => ({
    name: raw.name,
    source: { match: raw.source_match, matchRe: raw.source_match_re, matchers: raw.source_matchers },
    target: { match: raw.target_match, matchRe: raw.target_match_re, matchers: raw.target_matchers },
    equal: raw.equal,
  }));
  return named(rule, 'common.InhibitRule');
}
