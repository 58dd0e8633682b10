import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StoredSilence } from './silence';
import { SilenceReplica } from './silence-replica';
import { aStoredSilence } from './testing/a-silence';

const at = (version: number, id = 'x'): { id: string; silence: StoredSilence } => ({
  id,
  silence: aStoredSilence({ id, version, comment: `${version}` }),
});
const gone = (id = 'x') => ({ id, silence: null });

function setUp() {
  const stream = { appliedTo: 0 };
  return { stream, replica: new SilenceReplica(() => stream.appliedTo) };
}

describe('SilenceReplica', () => {
  it('lets the newer version win, in whatever order they come', () => {
    const { replica } = setUp();
    replica.apply(3, [at(3)]);
    replica.apply(2, [at(2)]);
    expect(replica.get('x')?.version).toBe(3);
  });

  it('does not revive what an own write forgot', () => {
    const { replica, stream } = setUp();
    replica.apply(1, [at(1)]);
    stream.appliedTo = 1;
    replica.apply(4, [gone()]);
    replica.apply(2, [at(2)]);
    expect(replica.size).toBe(0);
    stream.appliedTo = 4;
    replica.apply(3, [at(3)]);
    expect(replica.size).toBe(0);
  });

  it('keeps what was written after it was gone', () => {
    const { replica } = setUp();
    replica.apply(5, [at(5)]);
    replica.apply(4, [gone()]);
    expect(replica.get('x')?.version).toBe(5);
  });

  it('drops what a snapshot does not contain, unless it was written after its head', () => {
    const { replica, stream } = setUp();
    replica.apply(1, [at(1, 'old'), at(1, 'kept')]);
    stream.appliedTo = 1;
    replica.beginSnapshot(5, 1);
    replica.apply(7, [at(7, 'late')]);
    replica.apply(5, [at(3, 'kept'), at(4, 'new')]);
    replica.endSnapshot();
    expect([...replica.values()].map(({ id, version }) => `${id} ${version}`)).toEqual(['kept 3', 'late 7', 'new 4']);
  });

  it('keeps what a part of a snapshot holds that was overtaken meanwhile', () => {
    const { replica, stream } = setUp();
    replica.apply(1, [at(1)]);
    stream.appliedTo = 1;
    replica.beginSnapshot(1, 1);
    stream.appliedTo = 2;
    replica.apply(1, [at(1)]);
    replica.endSnapshot();
    expect(replica.size).toBe(1);
  });

  it('takes anything for newer where positions went back', () => {
    const { replica, stream } = setUp();
    replica.apply(9, [at(9), at(9, 'lost')]);
    stream.appliedTo = 0;
    replica.beginSnapshot(3, 9);
    replica.apply(3, [at(2)]);
    replica.endSnapshot();
    expect([...replica.values()].map(({ id, version }) => `${id} ${version}`)).toEqual(['x 2']);
  });

  it('tells of what changed only', () => {
    const { replica } = setUp();
    const told: string[] = [];
    replica.onChange((changes) => {
      for (const { id, before, after } of changes) told.push(`${id} ${before?.version} ${after?.version}`);
    });
    replica.apply(1, [at(1), gone('y')]);
    replica.apply(1, [at(1)]);
    replica.apply(2, [at(2), gone('z')]);
    replica.apply(3, [gone()]);
    expect(told).toEqual(['x undefined 1', 'x 1 2', 'x 2 undefined']);
  });

  it('ends with the last state of the stream, whatever was read or written ahead of it', () => {
    const ids = ['x', 'y'];
    const anEntry = fc.record({ id: fc.constantFrom(...ids), isGone: fc.boolean(), isOwn: fc.boolean() });
    const aRead = fc.record({ after: fc.nat(30), of: fc.nat(30), id: fc.constantFrom(...ids) });
    fc.assert(
      fc.property(fc.array(anEntry, { maxLength: 30 }), fc.array(aRead, { maxLength: 20 }), (entries, reads) => {
        const { replica, stream } = setUp();
        const stateAt = (id: string, position: number) => {
          const last = entries.slice(0, position).findLastIndex((entry) => entry.id === id);
          return last === -1 || entries[last]!.isGone ? gone(id) : at(last + 1, id);
        };
        // Own writes are applied ahead of the stream, each as soon as the follower is five entries before it.
        const applyOwn = (index: number): void => {
          const entry = entries[index];
          if (entry?.isOwn) replica.apply(index + 1, [entry.isGone ? gone(entry.id) : at(index + 1, entry.id)]);
        };
        for (let index = 0; index < 5; index++) applyOwn(index);
        for (const [index, { id, isGone, isOwn }] of entries.entries()) {
          applyOwn(index + 5);
          for (const read of reads.filter(({ after }) => after === index)) {
            const position = Math.min(read.of, entries.length, index + 5);
            replica.apply(position, [stateAt(read.id, position)]);
          }
          // The body of an entry is read when it is met: as it is then, or later.
          if (!isOwn) replica.apply(index + 1, [isGone ? gone(id) : stateAt(id, index + 1)]);
          stream.appliedTo = index + 1;
        }
        for (const id of ids) expect(replica.get(id) ?? null).toEqual(stateAt(id, entries.length).silence);
      }),
      { numRuns: 2_000 },
    );
  });
});
