import { describe, expect, it } from 'vitest';
import { type Alert } from './alert';
import { mergeAlert } from './merge-alerts';

const nowMs = 1_000;

/** Times as [startsAt, endsAt, updatedAt]. */
type Times = readonly [number, number, number];

function anAlert(name: string, [startsAtMs, endsAtMs, updatedAtMs]: Times, timeout = false): Alert {
  return {
    fingerprint: 'f',
    labels: { from: name },
    annotations: { from: name },
    startsAtMs,
    endsAtMs,
    updatedAtMs,
    generatorURL: name,
    timeout,
    // Told apart by what the sender wrote its times in.
    startsAtOffsetMin: name === 'old' ? 60 : 120,
    endsAtOffsetMin: name === 'old' ? 60 : 120,
  };
}

/** A time keeps the offset of the message it came with, the younger one's if both said it. */
function offsetOf(oldMs: number, newMs: number, mergedMs: number, younger: Alert): number {
  if (oldMs === newMs) return younger.endsAtOffsetMin;
  return mergedMs === oldMs ? 60 : 120;
}

describe('mergeAlert', () => {
  it('takes what it is told about an alert it does not know', () => {
    const incoming = anAlert('new', [0, 1, 2]);
    expect(mergeAlert(undefined, incoming, nowMs)).toBe(incoming);
  });

  it.each<[string, Times, Times]>([
    ['same start, later end: the usual refresh', [100, 1_100, 500], [100, 1_200, 600]],
    ['same start and end: posted again', [100, 1_100, 500], [100, 1_100, 600]],
    ['begins when the old one ends', [100, 1_100, 500], [1_100, 1_200, 600]],
    ['begins after the old one ended: a new incident', [100, 400, 300], [900, 1_200, 900]],
    ['ends when the old one begins', [500, 1_100, 500], [100, 500, 600]],
    ['ends before the old one begins', [500, 1_100, 500], [100, 400, 600]],
    ['begins earlier and ends later: covers the old one', [500, 1_100, 500], [400, 1_200, 600]],
    ['begins earlier and ends with the old one', [500, 1_100, 500], [400, 1_100, 600]],
    ['an alert of no length', [500, 500, 500], [500, 500, 600]],
  ])('replaces, as the two do not overlap: %s', (_, old, incoming) => {
    const alert = anAlert('new', incoming);
    expect(mergeAlert(anAlert('old', old), alert, nowMs)).toBe(alert);
  });

  it.each<[string, Times, Times]>([
    ['later end', [100, 1_100, 500], [100, 1_200, 400]],
    ['begins after the old one ended', [100, 400, 700], [500, 1_200, 600]],
    ['ended before the old one began', [500, 1_100, 700], [100, 400, 600]],
  ])('changes nothing by a late message that does not overlap: %s', (_, old, incoming) => {
    const known = anAlert('old', old);
    expect(mergeAlert(known, anAlert('new', incoming), nowMs)).toBe(known);
  });

  it.each<[string, Times, boolean, Times, boolean, [string, number, number, number]]>([
    // what, old, timeout?, incoming, timeout?, [texts from, startsAt, endsAt, updatedAt]
    ['starts are the earliest', [100, 1_100, 500], false, [200, 1_200, 600], false, ['new', 100, 1_200, 600]],
    ['an earlier start moves it', [300, 1_100, 500], false, [200, 1_050, 600], true, ['new', 200, 1_100, 600]],
    ['firing: a later explicit end stays', [100, 1_500, 500], false, [100, 1_200, 600], true, ['new', 100, 1_500, 600]],
    ['firing: a later time-out does not', [100, 1_500, 500], true, [100, 1_200, 600], false, ['new', 100, 1_200, 600]],
    ['firing: its own end if later', [100, 1_100, 500], false, [200, 1_200, 600], true, ['new', 100, 1_200, 600]],
    ['resolved now: its end counts', [100, 1_500, 500], false, [100, 900, 600], false, ['new', 100, 900, 600]],
    [
      'an end at this instant is resolved',
      [100, 1_500, 500],
      false,
      [100, 1_000, 600],
      false,
      ['new', 100, 1_000, 600],
    ],
    ['both resolved: the later end', [100, 950, 500], false, [100, 900, 600], false, ['new', 100, 950, 600]],
    ['both resolved, old a time-out', [100, 950, 500], true, [100, 900, 600], false, ['new', 100, 950, 600]],
    [
      'equally old: the message is the younger',
      [100, 1_100, 500],
      false,
      [200, 1_200, 500],
      false,
      ['new', 100, 1_200, 500],
    ],
    [
      'late: the known one is the younger',
      [200, 1_200, 600],
      false,
      [100, 1_100, 500],
      false,
      ['old', 100, 1_200, 600],
    ],
    ['late: its later explicit end stays', [200, 1_200, 600], true, [300, 1_500, 500], false, ['old', 200, 1_500, 600]],
    ['late: its later time-out does not', [200, 1_200, 600], true, [300, 1_500, 500], true, ['old', 200, 1_200, 600]],
    ['late: it resolves nothing', [200, 1_200, 600], true, [200, 900, 500], false, ['old', 200, 1_200, 600]],
  ])('merges what overlaps; %s', (_, old, oldTimeout, incoming, timeout, [from, startsAtMs, endsAtMs, updatedAtMs]) => {
    const [known, alert] = [anAlert('old', old, oldTimeout), anAlert('new', incoming, timeout)];
    const younger = from === 'old' ? known : alert;
    expect(mergeAlert(known, alert, nowMs)).toEqual({
      ...younger,
      startsAtMs,
      endsAtMs,
      updatedAtMs,
      startsAtOffsetMin: offsetOf(known.startsAtMs, alert.startsAtMs, startsAtMs, younger),
      endsAtOffsetMin: offsetOf(known.endsAtMs, alert.endsAtMs, endsAtMs, younger),
    });
  });

  it('keeps the first start of a sender that gives no times', () => {
    const first = anAlert('old', [100, 400, 100], true);
    expect(mergeAlert(first, anAlert('new', [200, 500, 200], true), 200)).toMatchObject({
      startsAtMs: 100,
      endsAtMs: 500,
    });
    expect(mergeAlert(first, anAlert('new', [401, 701, 401], true), 401)).toMatchObject({ startsAtMs: 401 });
  });

  it('hands on nothing of the old one but what is merged', () => {
    const stored = { ...anAlert('old', [100, 1_100, 500]), version: 7, settledIn: ['g'] };
    const merged = mergeAlert(stored, anAlert('new', [200, 1_050, 400]), nowMs);
    expect(Object.keys(merged).sort()).toEqual(Object.keys(anAlert('old', [0, 0, 0])).sort());
  });
});
