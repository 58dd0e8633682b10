import { type Matcher } from '@tocsin/common/matchers/matcher';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { type InhibitRuleFields } from '../inhibition/inhibit-rule.schema';
import { allMatchers } from './all-matchers';
import { type ReportLint } from './lint-finding';
import { MatcherFacts } from './matcher-logic';

interface Rule {
  readonly at: number;
  readonly name: string;
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
  readonly ofSource: MatcherFacts;
  readonly ofTarget: MatcherFacts;
}

/** Inhibit rules that never mute, and pairs of them that mute whole incidents. */
export function lintInhibitRules(fields: readonly InhibitRuleFields[], report: ReportLint): void {
  const reversible: Rule[] = [];
  for (const rule of fields.map(toRule)) {
    const path = ['inhibit_rules', rule.at];
    const reason = whyNever(rule);
    if (reason !== null) report('inhibit-never', path, `this rule never mutes anything: ${reason}`);
    else if (rule.ofSource.imply(rule.target) && rule.ofTarget.imply(rule.source)) {
      const why = 'alerts that match both sides do not inhibit each other, and there are no others';
      report('inhibit-no-effect', path, `this rule never mutes anything: ${why}`);
    } else if (new MatcherFacts([...rule.source, ...rule.target]).contradict()) {
      const other = reversible.find((earlier) => areReverse(earlier, rule));
      reversible.push(rule);
      if (other === undefined) continue;
      const name = other.name === '' ? `inhibit rule ${other.at + 1}` : `inhibit rule ${goQuote(other.name)}`;
      const what = 'where sources of both fire, each mutes the other and nobody is told of either';
      report('inhibit-each-other', path, `this rule is the reverse of ${name}: ${what}`);
    }
  }
}

function toRule({ name, equal, ...sides }: InhibitRuleFields, at: number): Rule {
  const [source, target] = [allMatchers(sides.source), allMatchers(sides.target)];
  return { at, name, source, target, equal, ofSource: new MatcherFacts(source), ofTarget: new MatcherFacts(target) };
}

function whyNever({ source, target, equal, ofSource, ofTarget }: Rule): string | null {
  if (ofSource.contradict()) return 'its source matchers contradict each other';
  if (ofTarget.contradict()) return 'its target matchers contradict each other';
  const differing = equal.find((label) => {
    const both = [...source, ...target].filter(({ name }) => name === label);
    return new MatcherFacts(both).contradict();
  });
  return differing === undefined ? null : `source and target cannot have equal values of label ${goQuote(differing)}`;
}

/** Whether every source of either is a target of the other. Rules of which a source may be a target itself are left out
 *  by the caller: such sources spare each other. */
function areReverse(a: Rule, b: Rule): boolean {
  return a.ofSource.imply(b.target) && b.ofSource.imply(a.target);
}
