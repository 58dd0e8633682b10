import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MutedBy } from '../pipeline/muting';
import { type Told } from '../pipeline/notification-record';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { buildRouteTree } from '../routing/route-tree';
import { aRoute } from '../testing/a-config';
import { GroupIndex } from './groups';
import { VerdictEvents } from './verdict-events';

const [group] = new GroupIndex(buildRouteTree(aRoute())).groupsOf({ fingerprint: 'a', labels: { alertname: 'A' } });
const silenced = (id: string): MutedBy => ({ kind: 'silence', ids: [id] });

function events(
  verdict: NotifyVerdict,
  muted: readonly [string, MutedBy][] = [],
  told: Told | null = null,
  verdicts = new VerdictEvents(),
) {
  const integrations = [{ key: 'default/webhook/0', receiver: 'default' }];
  if (group === undefined) throw new Error('every alert has a group');
  const flush = {
    group,
    integrations,
    members: ['a', 'b'],
    muted: new Map(muted),
    records: new Map([['default/webhook/0', { told }]]),
    verdicts: [verdict],
    nowMs: 5,
  };
  return [...verdicts.of(flush)];
}

describe('VerdictEvents', () => {
  it('says what is to be told, of all members', () => {
    expect(events('first notification')[1]).toMatchObject({
      message: 'to be told: first notification',
      fingerprints: ['a', 'b'],
      integration: 'default/webhook/0',
    });
  });

  it('says it again only once something was told in between', () => {
    const state = (sequence: number) =>
      events('repeat interval elapsed', [], { sequence, atMs: 0, firing: [], resolved: [] })[1]?.state;
    expect(state(1)).toEqual(state(1));
    expect(state(1)).not.toEqual(state(2));
    expect(state(1)).not.toEqual(events('new alerts added')[1]?.state);
  });

  it.each<NotifyVerdict>(['none', 'muted'])('says nothing of an integration that is not told (%s)', (verdict) => {
    expect(events(verdict)).toHaveLength(1);
  });

  it('says what mutes, as a state that is told when it changes', () => {
    const [muted] = events('muted', [['b', silenced('s')]]);
    expect(muted).toMatchObject({ message: 'muted by silence s', fingerprints: ['b'], state: { value: 'silence s' } });
    const [heard] = events('none');
    expect(heard).toMatchObject({ message: 'no longer muted', fingerprints: ['a', 'b'], state: { value: '' } });
  });

  it('names each mute once, in an order of its own, and shortens what is shown', () => {
    const many = Array.from({ length: 7 }, (_, at): [string, MutedBy] => [`f${at}`, silenced(`s${6 - at}`)]);
    const [event] = events('muted', [...many, ['again', silenced('s0')]]);
    expect(event?.message).toBe('muted by silence s0; silence s1; silence s2; silence s3; silence s4; and 2 more');
    expect(event?.state?.value.split('; ')).toHaveLength(7);
  });

  it('says of flush after flush what it would say of each alone', () => {
    const mutes = ['s0', 's1', 's2'].map(silenced);
    const mutedAlerts = fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...mutes, silenced('s0')))
      .map((muted) => Object.entries(muted));
    fc.assert(
      fc.property(fc.array(mutedAlerts, { maxLength: 8 }), (flushes) => {
        const verdicts = new VerdictEvents();
        for (const muted of flushes) expect(events('none', muted, null, verdicts)).toEqual(events('none', muted));
      }),
    );
  });
});
