import { type SilenceMatcher, type StoredSilence, type Silence } from './silence';

/** How a silence is kept outside the process, in LMDB as in Redis, under its id: `version json`. */
export function encodeSilence(silence: Silence, version: number): string {
  return `${version} ${encodeBody(silence)}`;
}

/** The silence without id and version. */
export function encodeBody(silence: Silence): string {
  const body: Body = {
    v: 1,
    sets: silence.matcherSets.map((set) => set.map(({ name, op, value }) => [name, op, value])),
    startsAtMs: silence.startsAtMs,
    endsAtMs: silence.endsAtMs,
    updatedAtMs: silence.updatedAtMs,
    createdBy: silence.createdBy,
    comment: silence.comment,
    annotations: silence.annotations,
  };
  return JSON.stringify(body);
}

export function decodeSilence(id: string, text: string): StoredSilence {
  const bodyAt = text.indexOf(' ') + 1;
  const body = parseBody(text.slice(bodyAt));
  const version = Number.parseInt(text, 10);
  if (Number.isNaN(version)) throw new Error('no silence');
  const { sets, startsAtMs, endsAtMs, updatedAtMs, createdBy, comment, annotations = {} } = body;
  return {
    id,
    matcherSets: sets.map((set) => set.map(([name, op, value]) => ({ name, op, value }))),
    startsAtMs,
    endsAtMs,
    updatedAtMs,
    createdBy,
    comment,
    annotations,
    version,
  };
}

interface Body {
  v: 1;
  sets: (readonly [name: string, op: SilenceMatcher['op'], value: string])[][];
  startsAtMs: number;
  endsAtMs: number;
  updatedAtMs: number;
  createdBy: string;
  comment: string;
  /** Absent in what an older version may have written. */
  annotations?: Readonly<Record<string, string>>;
}

/** Written by us alone. */
function parseBody(text: string): Body {
  return JSON.parse(text) as Body;
}
