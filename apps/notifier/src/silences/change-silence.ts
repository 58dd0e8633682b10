import { type Silence, type SilenceMatcher, type StoredSilence } from './silence';

/** What a client asks for; the id is empty for a new silence. */
export type SilenceDraft = Omit<Silence, 'updatedAtMs'>;

/** What is to be done about a draft. */
export type SilencePlan =
  | { readonly kind: 'created'; readonly silence: Silence }
  /** Under the same id. */
  | { readonly kind: 'updated'; readonly silence: Silence }
  /** By a new id, because the draft says something else about the past, or about other alerts. `ended`: the old one,
   *  null where it was over already. */
  | { readonly kind: 'replaced'; readonly silence: Silence; readonly replaces: string; readonly ended: Silence | null };

/**
 * Decides what becomes of a draft. Source: Alertmanager `Silences.Set`.
 *
 * `known` is the silence the draft names; `newId` is for a silence that has to be made.
 */
export function planSilence(
  draft: SilenceDraft,
  known: StoredSilence | null,
  newId: string,
  nowMs: number,
): SilencePlan {
  if (known !== null && isUpdate(known, draft, nowMs)) {
    return { kind: 'updated', silence: { ...draft, updatedAtMs: nowMs } };
  }
  const startsAtMs = Math.max(draft.startsAtMs, nowMs);
  const silence = { ...draft, id: newId, startsAtMs, updatedAtMs: nowMs };
  if (known === null) return { kind: 'created', silence };
  return { kind: 'replaced', silence, replaces: known.id, ended: expireSilence(known, nowMs) };
}

/** The silence ended now; null when it was over already. Source: Alertmanager `Silences.expire`. */
export function expireSilence(silence: StoredSilence, nowMs: number): Silence | null {
  if (isOver(silence, nowMs)) return null;
  const { version: _, ...rest } = silence;
  const startsAtMs = Math.min(rest.startsAtMs, nowMs);
  return { ...rest, startsAtMs, endsAtMs: nowMs, updatedAtMs: nowMs };
}

/** Whether the draft can take the place of the silence without changing what was muted until now. */
function isUpdate(known: Silence, draft: SilenceDraft, nowMs: number): boolean {
  if (isOver(known, nowMs) || !sameSets(known.matcherSets, draft.matcherSets)) return false;
  if (known.startsAtMs > nowMs) return draft.startsAtMs >= nowMs;
  return secondsOf(known.startsAtMs) === secondsOf(draft.startsAtMs) && draft.endsAtMs >= nowMs;
}

/** As the API says it: from its end on. What was ended in this millisecond cannot be revived. */
function isOver({ endsAtMs }: Silence, nowMs: number): boolean {
  return endsAtMs <= nowMs;
}

function secondsOf(ms: number): number {
  return Math.floor(ms / 1_000);
}

/** In the same order. */
function sameSets(a: Silence['matcherSets'], b: Silence['matcherSets']): boolean {
  return a.length === b.length && a.every((set, at) => sameMatchers(set, b[at] ?? []));
}

function sameMatchers(a: readonly SilenceMatcher[], b: readonly SilenceMatcher[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, op, value }, at) => name === b[at]?.name && op === b[at].op && value === b[at].value)
  );
}
