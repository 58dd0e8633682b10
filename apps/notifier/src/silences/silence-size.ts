import { type Silence, type SilenceMatcher } from './silence';

/**
 * Size of a silence as `--silences.max-silence-size-bytes` counts it. Source: Alertmanager, the protobuf message
 * `MeshSilence`: the silence and when it is forgotten.
 */
export function silenceSizeBytes(silence: Silence, retentionMs: number): number {
  const { annotations } = silence;
  const body =
    textField(silence.id) +
    timeField(silence.startsAtMs) +
    timeField(silence.endsAtMs) +
    timeField(silence.updatedAtMs) +
    textField(silence.createdBy) +
    textField(silence.comment) +
    sum(Object.keys(annotations), (name) => field(mapText(name) + mapText(annotations[name] ?? ''))) +
    sum(silence.matcherSets, (set) => field(sum(set, (matcher) => field(matcherSize(matcher)))));
  return field(body) + timeField(silence.endsAtMs + retentionMs);
}

function matcherSize({ name, op, value }: SilenceMatcher): number {
  const type = op === '=' ? 0 : 2;
  return type + textField(name) + textField(value);
}

/** A field of this many bytes: tag (field numbers are below 16), length, content. */
function field(bytes: number): number {
  return 1 + varint(bytes) + bytes;
}

/** The empty text is not written, */
function textField(text: string): number {
  return text === '' ? 0 : mapText(text);
}

/** but it is in a map. */
function mapText(text: string): number {
  return field(Buffer.byteLength(text));
}

function timeField(ms: number): number {
  const seconds = Math.floor(ms / 1_000);
  const nanos = (ms - seconds * 1_000) * 1_000_000;
  return field(numberField(seconds) + numberField(nanos));
}

function numberField(value: number): number {
  return value === 0 ? 0 : 1 + varint(value);
}

/** Seven bits a byte; negative numbers take ten. */
function varint(value: number): number {
  if (value < 0) return 10;
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

function sum<Item>(items: readonly Item[], sizeOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + sizeOf(item), 0);
}
