import { labelsOf } from '@tocsin/common/labels/label-set';
import { createMatcher, type MatchOp } from '@tocsin/common/matchers/matcher';
import { type Silence, type SilenceMatcher } from '../silences/silence';
import { readSnapshot, type Snapshot, timestampMs } from './snapshot';
import { WireError, type WireMessage } from './wire-message';

/** A silence of a snapshot and when Alertmanager would have forgotten it, epoch ms. */
export interface SavedSilence {
  readonly silence: Silence;
  readonly expiresAtMs: number;
}

/** Reads an Alertmanager's file `silences`, of any version since 0.5. Source: Alertmanager `silencepb.MeshSilence`. */
export function readSilenceSnapshot(file: Uint8Array): Snapshot<SavedSilence> {
  return readSnapshot(file, (entry) => {
    const message = entry.message(1);
    if (message === undefined) throw new WireError('it holds no silence');
    const silence = readSilence(message);
    return { key: silence.id, item: { silence, expiresAtMs: timestampMs(entry, 2, 'expiry') } };
  });
}

function readSilence(message: WireMessage): Silence {
  const id = message.text(1);
  if (id === '') throw new WireError('it has no id');
  const startsAtMs = timestampMs(message, 3, 'start');
  const endsAtMs = timestampMs(message, 4, 'end');
  return {
    id,
    matcherSets: readMatcherSets(message),
    startsAtMs,
    endsAtMs,
    updatedAtMs: message.has(5) ? timestampMs(message, 5, 'update') : startsAtMs,
    ...readAuthor(message),
    annotations: labelsOf(message.messages(10).map((pair) => [pair.text(1), pair.text(2)])),
  };
}

/** Since 0.32 there may be several sets, and the old field repeats the first. */
function readMatcherSets(message: WireMessage): SilenceMatcher[][] {
  const sets = message.has(11) ? message.messages(11).map((set) => set.messages(1)) : [message.messages(2)];
  return sets.map((set) => {
    if (set.length === 0) throw new WireError('it has no matchers');
    return set.map(readMatcher);
  });
}

const OPS: readonly MatchOp[] = ['=', '=~', '!=', '!~'];

/** Alertmanager loads a silence whose pattern it cannot compile, too, but never mutes with it. */
function readMatcher(message: WireMessage): SilenceMatcher {
  const op = OPS[Number(message.integer(1))];
  if (op === undefined) throw new WireError('a matcher is of an unknown type');
  const name = message.text(2);
  if (name === '') throw new WireError('a matcher has no name');
  const value = message.text(3);
  const created = createMatcher(name, op, value);
  if (!created.ok) throw new WireError(created.error);
  return { name, op, value };
}

/** Before 0.7 there was a list of comments. */
function readAuthor(message: WireMessage): Pick<Silence, 'createdBy' | 'comment'> {
  const [first] = message.messages(7);
  if (first !== undefined) return { createdBy: first.text(1), comment: first.text(2) };
  return { createdBy: message.text(8), comment: message.text(9) };
}
