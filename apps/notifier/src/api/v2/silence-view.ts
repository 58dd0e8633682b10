import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { apiState } from '../../silences/query-silences';
import { type Silence, type SilenceMatcher } from '../../silences/silence';
import { escapeForHtml, labelsJson } from './alert-view';

/** `gettableSilence`. It has room for one set of matchers. */
export function silenceJson(silence: Silence, nowMs: number): string {
  const { id, createdBy, comment, annotations, startsAtMs, endsAtMs, updatedAtMs } = silence;
  const [matchers = []] = silence.matcherSets;
  return (
    `{"id":${textJson(id)},"status":{"state":"${apiState(silence, nowMs)}"},"updatedAt":"${timeText(updatedAtMs)}",` +
    (Object.keys(annotations).length === 0 ? '' : `"annotations":${labelsJson(annotations)},`) +
    `"comment":${textJson(comment)},"createdBy":${textJson(createdBy)},"endsAt":"${timeText(endsAtMs)}",` +
    `"matchers":[${matchers.map(matcherJson).join(',')}],"startsAt":"${timeText(startsAtMs)}"}`
  );
}

/** The answer of `GET /silences`. */
export function* silencesJson(silences: readonly Silence[], nowMs: number): Generator<string> {
  let separator = '[';
  for (const silence of silences) {
    yield separator + silenceJson(silence, nowMs);
    separator = ',';
  }
  yield separator === '[' ? '[]\n' : ']\n';
}

function matcherJson({ name, op, value }: SilenceMatcher): string {
  const isEqual = op === '=' || op === '=~';
  const isRegex = op === '=~' || op === '!~';
  return `{"isEqual":${isEqual},"isRegex":${isRegex},"name":${textJson(name)},"value":${textJson(value)}}`;
}

function textJson(text: string): string {
  return escapeForHtml(JSON.stringify(text));
}

/** Always UTC. */
function timeText(ms: number): string {
  return formatRfc3339Millis(ms);
}
