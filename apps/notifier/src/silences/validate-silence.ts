import { goQuote } from '@tocsin/common/labels/go-quote';
import { isValidLabelName, isValidUtf8, type LabelNameMode } from '@tocsin/common/labels/label-set';
import { type CheckedPattern, checkPattern, compileRegex } from '@tocsin/common/matchers/compile-regex';
import { GO_ZERO_TIME_MS } from '@tocsin/common/time/rfc3339';
import { type Silence, type SilenceMatcher } from './silence';

/** What is wrong with a silence; null: nothing. Source: Alertmanager `validateSilence`; order and texts are its own. */
export function whyInvalidSilence(
  silence: Pick<Silence, 'matcherSets' | 'startsAtMs' | 'endsAtMs'>,
  labelNames: LabelNameMode,
): string | null {
  const reason = whyInvalidSets(silence.matcherSets, labelNames) ?? whyInvalidTimes(silence);
  return reason === null ? null : `invalid silence: ${reason}`;
}

function whyInvalidSets(sets: Silence['matcherSets'], labelNames: LabelNameMode): string | null {
  if (sets.length === 0) return 'at least one matcher set required';
  for (const [setAt, set] of sets.entries()) {
    if (set.length === 0) return `matcher set ${setAt} is empty`;
    let matchesAnything = true;
    for (const [at, matcher] of set.entries()) {
      const checked = checkMatcher(matcher, labelNames);
      if (!checked.ok) return `invalid label matcher ${at} in set ${setAt}: ${checked.error}`;
      matchesAnything &&= checked.findsEmpty;
    }
    if (matchesAnything) return `matcher set ${setAt}: at least one matcher must not match the empty string`;
  }
  return null;
}

/** `findsEmpty`: without anchors, and never for negative matchers. */
function checkMatcher({ name, op, value }: SilenceMatcher, labelNames: LabelNameMode): CheckedPattern {
  if (!isValidLabelName(name, labelNames)) return { ok: false, error: `invalid label name ${goQuote(name)}` };
  if (op === '=' || op === '!=') {
    if (!isValidUtf8(value)) return { ok: false, error: `invalid label value ${goQuote(value)}` };
    return { ok: true, findsEmpty: op === '=' && value === '' };
  }
  const checked = checkPattern(value);
  // Alertmanager takes a pattern that does not compile once it is anchored (`\Qa`), and such a silence mutes nothing.
  const anchored = checked.ok ? compileRegex(value) : checked;
  if (!anchored.ok) return { ok: false, error: `invalid regular expression ${goQuote(value)}: ${anchored.error}` };
  return { ok: true, findsEmpty: op === '=~' && checked.ok && checked.findsEmpty };
}

function whyInvalidTimes({ startsAtMs, endsAtMs }: Pick<Silence, 'startsAtMs' | 'endsAtMs'>): string | null {
  if (startsAtMs === GO_ZERO_TIME_MS) return 'invalid zero start timestamp';
  if (endsAtMs === GO_ZERO_TIME_MS) return 'invalid zero end timestamp';
  return endsAtMs < startsAtMs ? 'end time must not be before start time' : null;
}
