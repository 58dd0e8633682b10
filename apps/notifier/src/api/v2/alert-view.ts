import { compareBytes, type Labels, sortedNames } from '@tocsin/common/labels/label-set';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type Receiver } from '../../config/notifier-config';
import { type AlertStatus, type AlertWithReceivers, type GroupWithAlerts } from '../alert-queries';

/** Labels as Go's encoder writes a map: names in byte order. */
function mapJson(labels: Labels): string {
  return escapeSeparators(sortedJson(labels));
}

function sortedJson(labels: Labels): string {
  const names = Object.keys(labels);
  for (let at = 1; at < names.length; at++) {
    if (compareBytes(names[at - 1]!, names[at]!) < 0) continue;
    const pairs = sortedNames(labels).map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`);
    return `{${pairs.join(',')}}`;
  }
  // Senders mostly send names in order: one call of the built-in encoder does it all.
  return JSON.stringify(labels);
}

/** Label sets are never changed, only replaced, so their JSON is made once however often it is asked for. */
const madeJson = new WeakMap<Labels, string>();

/** Labels or annotations as Go's `json.Marshal` writes them, which is also safe inside HTML. */
export function labelsJson(labels: Labels): string {
  let json = madeJson.get(labels);
  if (json === undefined) {
    json = escapeForHtml(sortedJson(labels));
    madeJson.set(labels, json);
  }
  return json;
}

/** As Go's `json.Marshal` does it. */
export function escapeForHtml(json: string): string {
  return /[<>&\u2028\u2029]/.test(json) ? json.replace(/[<>&\u2028\u2029]/g, unicodeEscape) : json;
}

function escapeSeparators(json: string): string {
  return json.replace(/[\u2028\u2029]/g, unicodeEscape);
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function textJson(text: string): string {
  return escapeSeparators(JSON.stringify(text));
}

/** The answer of `GET /alerts`, alert by alert. Alertmanager escapes for HTML inside of alerts, and only there. */
export function* alertsJson(found: Iterable<AlertWithReceivers>): Generator<string> {
  yield* listJson(found);
  yield '\n';
}

/** The answer of `GET /alerts/groups`, alert by alert. */
export function* groupsJson(
  found: Iterable<GroupWithAlerts>,
  routeLabelsOf: (group: GroupWithAlerts) => Labels,
): Generator<string> {
  let separator = '[';
  for (const item of found) {
    const { group, mutedBy, alerts } = item;
    yield `${separator}{"alerts":`;
    yield* listJson(alerts, mutedBy);
    const name = textJson(group.route.receiver);
    const labels = mapJson(routeLabelsOf(item));
    yield `,"labels":${mapJson(group.labels)},"receiver":{"name":${name}},"routeLabels":${labels}}`;
    separator = ',';
  }
  yield separator === '[' ? '[]\n' : ']\n';
}

function* listJson(found: Iterable<AlertWithReceivers>, mutedBy: readonly string[] = []): Generator<string> {
  let separator = '[';
  for (const item of found) {
    yield separator + alertJson(item, mutedBy);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

/** `gettableAlert`. */
function alertJson({ alert, receivers, status }: AlertWithReceivers, mutedBy: readonly string[]): string {
  const { fingerprint, generatorURL } = alert;
  return (
    `{"annotations":${labelsJson(alert.annotations)},"endsAt":"${timeText(alert.endsAtMs, alert.endsAtOffsetMin)}",` +
    `"fingerprint":"${fingerprint}","receivers":${receiverNamesJson(receivers)},` +
    `"startsAt":"${timeText(alert.startsAtMs, alert.startsAtOffsetMin)}","status":${statusJson(status, mutedBy)},` +
    `"updatedAt":"${timeText(alert.updatedAtMs, 0)}",` +
    (generatorURL === '' ? '' : `"generatorURL":${urlJson(generatorURL)},`) +
    `"labels":${labelsJson(alert.labels)}}`
  );
}

function statusJson({ silencedBy, inhibitedBy }: AlertStatus, mutedBy: readonly string[]): string {
  if (silencedBy.length === 0 && inhibitedBy === null && mutedBy.length === 0) return ACTIVE;
  const inhibitors = inhibitedBy === null ? [] : [inhibitedBy];
  return escapeForHtml(JSON.stringify({ inhibitedBy: inhibitors, mutedBy, silencedBy, state: 'suppressed' }));
}

const ACTIVE = '{"inhibitedBy":[],"mutedBy":[],"silencedBy":[],"state":"active"}';

/** The answer of `GET /receivers`. */
export function* receiversJson(receivers: readonly Pick<Receiver, 'name' | 'labels'>[]): Generator<string> {
  const items = receivers.map(({ name, labels }) => `{"labels":${mapJson(labels)},"name":${textJson(name)}}`);
  yield `[${items.join(',')}]\n`;
}

const madeReceivers = new WeakMap<readonly string[], string>();

function receiverNamesJson(names: readonly string[]): string {
  let json = madeReceivers.get(names);
  if (json === undefined) {
    json = `[${names.map((name) => `{"name":${escapeForHtml(JSON.stringify(name))}}`).join(',')}]`;
    madeReceivers.set(names, json);
  }
  return json;
}

/** Remembers what was made for the last inputs: alerts of one rule share their URL, those of one request their times. */
function remember<Input>(make: (input: Input) => string): (input: Input) => string {
  const made = new Map<Input, string>();
  return (input) => {
    let text = made.get(input);
    if (text === undefined) {
      if (made.size === MAX_REMEMBERED) made.clear();
      text = make(input);
      made.set(input, text);
    }
    return text;
  };
}

const MAX_REMEMBERED = 1_000;

const urlJson = remember((url: string) => escapeForHtml(JSON.stringify(url)));

const utcText = remember((ms: number) => formatRfc3339Millis(ms));

function timeText(ms: number, offsetMin: number): string {
  return offsetMin === 0 ? utcText(ms) : formatRfc3339Millis(ms, offsetMin);
}
