import { FakeClock } from '@tocsin/common/testing/fake-clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anAlert } from './alert-book.contract';
import { type StoredAlert } from './alert-book';
import { type AlertState, type BookChange, fingerprintOf, isExpected, Replica } from './replica';

const replica = (): Replica => new Replica(new FakeClock());
const stored = (fingerprint: string, version: number, changes: Partial<StoredAlert> = {}): StoredAlert => ({
  ...anAlert(fingerprint),
  version,
  settledIn: [],
  ...changes,
});
const store = (fingerprint: string): BookChange => ({ kind: 'store', alert: anAlert(fingerprint) });
const touch = (fingerprint: string, endsAtMs: number): BookChange => ({
  kind: 'touch',
  fingerprint,
  endsAtMs,
  updatedAtMs: endsAtMs,
});
const settle = (fingerprint: string, version: number, groupId: string): BookChange => ({
  kind: 'settle',
  fingerprint,
  version,
  groupId,
});

describe('Replica', () => {
  it('applies entries in order, each once', () => {
    const view = replica();
    view.apply(1, [store('x'), store('y')]);
    view.apply(2, [touch('x', 5)]);
    view.apply(2, [touch('x', 6)]);
    expect(view.position).toBe(2);
    expect(view.get('x')).toEqual(stored('x', 1, { endsAtMs: 5, updatedAtMs: 5 }));
    expect([...view.values()]).toHaveLength(2);
  });

  it('is not set back by an entry older than an own write that was applied before it', () => {
    const view = replica();
    view.apply(1, [store('x')]);
    view.apply(3, [touch('x', 30), store('y')]);
    expect(view.position).toBe(1);
    expect(view.get('x')!.endsAtMs).toBe(30);
    view.apply(2, [touch('x', 20), store('z')]);
    expect(view.position).toBe(3);
    expect(view.get('x')!.endsAtMs).toBe(30);
    expect([view.get('y')!.version, view.get('z')!.version]).toEqual([3, 2]);
  });

  it('does not revive what an own write forgot', () => {
    const view = replica();
    view.apply(1, [store('x')]);
    view.apply(4, [{ kind: 'forget', fingerprint: 'x' }]);
    view.apply(2, [touch('x', 20)]);
    view.applyStates(3, [{ fingerprint: 'x', alert: stored('x', 1) }]);
    view.apply(3, []);
    expect([view.size, view.position]).toEqual([0, 4]);
  });

  it('takes settling at any time, but only for the version it was meant for', () => {
    const view = replica();
    view.apply(1, [store('x')]);
    view.apply(3, [touch('x', 30)]);
    view.apply(2, [settle('x', 1, 'g1'), settle('x', 1, 'g2'), settle('x', 1, 'g1')]);
    expect(view.get('x')).toMatchObject({ endsAtMs: 30, settledIn: ['g1', 'g2'] });
    view.apply(4, [store('x')]);
    view.apply(5, [settle('x', 1, 'g3')]);
    expect(view.get('x')).toMatchObject({ version: 4, settledIn: [] });
  });

  it('keeps settling that a state read before it does not contain', () => {
    const view = replica();
    view.apply(1, [store('x')]);
    view.apply(4, [settle('x', 1, 'g1')]);
    view.applyStates(3, [{ fingerprint: 'x', alert: stored('x', 1, { endsAtMs: 9, settledIn: ['g2'] }) }]);
    expect(view.get('x')).toMatchObject({ endsAtMs: 9, settledIn: ['g1', 'g2'] });
  });

  it('ignores a state older than what was applied', () => {
    const view = replica();
    view.apply(1, [store('x')]);
    view.apply(2, [touch('x', 20)]);
    view.applyStates(1, [
      { fingerprint: 'x', alert: null },
      { fingerprint: 'y', alert: stored('y', 1) },
    ]);
    expect([view.get('x')!.endsAtMs, view.size]).toEqual([20, 1]);
  });

  it('ignores entries that a state already contains', () => {
    const view = replica();
    view.applyStates(3, [{ fingerprint: 'x', alert: stored('x', 1, { endsAtMs: 30 }) }]);
    view.apply(1, [store('x')]);
    view.apply(2, [touch('x', 20)]);
    expect(view.get('x')).toMatchObject({ version: 1, endsAtMs: 30 });
  });

  it('tells of changes that change something, after they can be read', () => {
    const view = replica();
    const told: unknown[] = [];
    view.onChange((changes) => {
      for (const { fingerprint, before, after } of changes) {
        expect(view.get(fingerprint) ?? null).toBe(after);
        told.push([fingerprint, before?.endsAtMs ?? null, after?.endsAtMs ?? null]);
      }
    });
    view.apply(1, [store('x')]);
    view.applyStates(1, [{ fingerprint: 'x', alert: stored('x', 1) }]);
    view.apply(2, [touch('unknown', 1), settle('x', 9, 'g'), { kind: 'forget', fingerprint: 'unknown' }]);
    view.apply(3, [touch('x', 3)]);
    const first = anAlert('x').endsAtMs;
    expect(told).toEqual([
      ['x', null, first],
      ['x', first, 3],
    ]);
  });

  it('wakes those who wait for a position once everything up to it was applied', async () => {
    const clock = new FakeClock();
    const view = new Replica(clock);
    const done: number[] = [];
    const wait = (position: number): Promise<void> =>
      view.reached(position, 1_000).then((reached) => void (reached && done.push(position)));
    const waits = [wait(0), wait(1), wait(3), wait(4)];
    view.apply(3, [store('x')]);
    await clock.advance(0);
    expect(done).toEqual([0]);
    view.apply(1, []);
    await clock.advance(0);
    expect(done).toEqual([0, 1]);
    view.apply(2, []);
    await clock.advance(1_000);
    await Promise.all(waits);
    expect(done).toEqual([0, 1, 3]);
    expect(clock.pendingTimers).toBe(0);
  });

  describe('read anew', () => {
    it('removes what is gone, and keeps what was written after the head', async () => {
      const view = replica();
      view.apply(1, [store('gone'), store('kept')]);
      view.beginSnapshot(10, 1);
      view.apply(11, [store('own')]);
      expect(await Promise.race([view.reached(10, 1_000), Promise.resolve('waiting')])).toBe('waiting');
      view.applyStates(12, [{ fingerprint: 'kept', alert: stored('kept', 5, { endsAtMs: 12 }) }]);
      view.endSnapshot();
      expect([...view.values()].map(({ fingerprint }) => fingerprint).sort()).toEqual(['kept', 'own']);
      expect(view.position).toBe(11);
      view.apply(12, [touch('kept', 3)]);
      expect(view.get('kept')!.endsAtMs).toBe(12);
    });

    it('shows own writes at once also while it lasts', () => {
      const view = replica();
      view.beginSnapshot(10, 0);
      view.apply(9, [store('x')]);
      expect(view.get('x')!.version).toBe(9);
      view.endSnapshot();
      expect(view.get('x')).toBeUndefined();
    });

    it('starts from nothing when the book lost data, since versions may mean other alerts', () => {
      const view = replica();
      view.apply(1, [store('x')]);
      view.apply(2, [store('y')]);
      view.beginSnapshot(1, 2);
      expect([view.size, view.position]).toEqual([0, 0]);
      view.applyStates(1, [{ fingerprint: 'x', alert: stored('x', 1, { generatorURL: 'other' }) }]);
      view.endSnapshot();
      expect(view.get('x')!.generatorURL).toBe('other');
      expect(view.position).toBe(1);
    });

    it('has lost nothing when own writes overtook the answer to the question for the head', () => {
      const view = replica();
      view.apply(1, [store('x')]);
      const askedAt = view.position;
      view.apply(2, [store('y')]);
      view.beginSnapshot(1, askedAt);
      expect(view.size).toBe(2);
    });
  });

  it('never goes back, and ends as the book, however its sources overtake each other', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 120 }), (events) => {
        const world = new World();
        for (const event of events) world.run(event);
        world.finish();
      }),
      { numRuns: 1_500 },
    );
  });
});

const anEvent = fc.record({
  kind: fc.constantFrom(
    'own',
    'own',
    'other',
    'other',
    'answer',
    'entry',
    'entry',
    'read',
    'arrive',
    'snapshot',
    'scan',
  ),
  fingerprint: fc.constantFrom('p', 'q', 'r'),
  action: fc.constantFrom('store', 'touch', 'touch', 'settle', 'forget'),
  pick: fc.nat(3),
});
type Event = typeof anEvent extends fc.Arbitrary<infer T> ? T : never;

/** A book, its change stream, and a replica that hears of both late and out of order. */
class World {
  private readonly replica = replica();
  private readonly book = new Map<string, StoredAlert>();
  private readonly entries: { own: boolean; change: BookChange }[] = [];
  /** Own writes that were accepted, and states that were read, and did not arrive yet. */
  private answers: { position: number; change: BookChange }[] = [];
  private reads: { position: number; states: AlertState[] }[] = [];
  private unscanned: string[] | null = null;
  private readonly forgottenAt = new Map<string, number>();
  private readonly shown = new Map<string, number>();

  constructor() {
    this.replica.onChange((changes) => {
      for (const { fingerprint, after } of changes) this.mustNotGoBack(fingerprint, after);
    });
  }

  run({ kind, fingerprint, action, pick }: Event): void {
    switch (kind) {
      case 'own':
        return this.write(fingerprint, action, pick, this.replica.get(fingerprint), true);
      case 'other':
        return this.write(fingerprint, action, pick, this.book.get(fingerprint), false);
      case 'answer':
        return this.answer();
      case 'entry':
        return this.unscanned === null ? this.nextEntry() : undefined;
      case 'read':
        this.reads.push({ position: this.entries.length, states: [this.stateOf(fingerprint)] });
        return;
      case 'arrive': {
        const [read] = this.reads.splice(pick % Math.max(1, this.reads.length), 1);
        if (read) this.replica.applyStates(read.position, read.states);
        return;
      }
      case 'snapshot':
        if (this.unscanned !== null) return;
        this.unscanned = [...this.book.keys()];
        return this.replica.beginSnapshot(this.entries.length, this.replica.position);
      case 'scan':
        return this.scan();
    }
  }

  finish(): void {
    while (this.unscanned !== null) this.scan();
    while (this.answers.length > 0) this.answer();
    for (const { position, states } of this.reads) this.replica.applyStates(position, states);
    while (this.replica.position < this.entries.length) this.nextEntry();
    const plain = (alerts: Iterable<StoredAlert>): StoredAlert[] =>
      [...alerts]
        .map((alert) => ({ ...alert, settledIn: [...alert.settledIn].sort() }))
        .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    expect(plain(this.replica.values())).toEqual(plain(this.book.values()));
  }

  /** What `commitAlerts` does. */
  private write(name: string, action: string, pick: number, known: StoredAlert | undefined, own: boolean): void {
    const current = this.book.get(name);
    if (action === 'settle' || action === 'forget' ? !known : false) return;
    if (action === 'settle' ? current?.version !== known!.version : !isExpected(known ?? null, current)) return;
    const position = this.entries.length + 1;
    const change = this.changeOf(name, action, pick, current, position);
    if (change === null) return;
    this.entries.push({ own, change });
    if (change.kind === 'forget') this.forgottenAt.set(name, position);
    if (own) this.answers.push({ position, change });
  }

  private changeOf(name: string, action: string, pick: number, current: StoredAlert | undefined, position: number) {
    const times = { endsAtMs: position, updatedAtMs: position };
    if (current === undefined || action === 'store') {
      this.book.set(name, stored(name, position, times));
      return { kind: 'store', alert: { ...anAlert(name), ...times } } as const;
    }
    if (action === 'touch') {
      this.book.set(name, { ...current, ...times });
      return { kind: 'touch', fingerprint: name, ...times } as const;
    }
    if (action === 'forget') {
      this.book.delete(name);
      return { kind: 'forget', fingerprint: name } as const;
    }
    const groupId = `g${pick}`;
    if (current.settledIn.includes(groupId)) return null;
    this.book.set(name, { ...current, settledIn: [...current.settledIn, groupId] });
    return { kind: 'settle', fingerprint: name, version: current.version, groupId } as const;
  }

  /** Commands of one connection are answered in order; what was written is visible then, or something newer is. */
  private answer(): void {
    const answer = this.answers.shift();
    if (answer === undefined) return;
    this.replica.apply(answer.position, [answer.change]);
    if (answer.change.kind === 'settle') return;
    const fingerprint = fingerprintOf(answer.change);
    const shown = this.replica.get(fingerprint);
    const position = shown ? this.positionOf(shown) : (this.forgottenAt.get(fingerprint) ?? 0);
    expect(position).toBeGreaterThanOrEqual(answer.position);
  }

  /** As the follower does it: own entries wait for their answer, and bodies are read as they are now. */
  private nextEntry(): void {
    const position = this.replica.position + 1;
    const entry = this.entries[position - 1];
    if (entry === undefined) return;
    if (entry.own) while (!this.replica.has(position) && this.answers.length > 0) this.answer();
    if (this.replica.has(position)) return;
    const { change } = entry;
    if (change.kind === 'store') {
      this.replica.applyStates(this.entries.length, [this.stateOf(fingerprintOf(change))]);
      this.replica.apply(position, []);
    } else {
      this.replica.apply(position, [change]);
    }
  }

  private scan(): void {
    if (this.unscanned === null) return;
    const name = this.unscanned.pop();
    if (name === undefined) {
      this.unscanned = null;
      this.replica.endSnapshot();
    } else if (this.book.has(name)) {
      this.replica.applyStates(this.entries.length, [this.stateOf(name)]);
    }
  }

  private stateOf(fingerprint: string): AlertState {
    return { fingerprint, alert: this.book.get(fingerprint) ?? null };
  }

  /** Position of the write that made the alert like this: it left it in version or end. */
  private positionOf({ version, endsAtMs }: StoredAlert): number {
    return Math.max(version, endsAtMs);
  }

  private mustNotGoBack(fingerprint: string, after: StoredAlert | null): void {
    if (after === null) return;
    const position = this.positionOf(after);
    expect(position).toBeGreaterThanOrEqual(this.shown.get(fingerprint) ?? 0);
    this.shown.set(fingerprint, position);
  }
}
