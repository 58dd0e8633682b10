import fc from 'fast-check';
import { type Alert } from '@tocsin/common/alert/alert';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { anAlert as contractAlert } from '../alerts/alert-book.contract';
import { HELD_END_MS } from './held-alerts';
import { type StatePorts } from './state-ports';
import { AnInstance, INTEGRATION, post, silence, tell } from './testing/an-instance';
import { embeddedPorts } from './testing/embedded-ports';

const clock = new FakeClock();
const nowMs = clock.nowMs();

/** Messages that are not taken for one and the same, sent to several notifiers. */
const SPACED_MS = 11_000;

const anAlert = (fingerprint: string, changes: Partial<Alert> = {}): Alert =>
  contractAlert(fingerprint, {
    startsAtMs: nowMs - 1_000,
    updatedAtMs: nowMs,
    endsAtMs: nowMs + 60_000,
    timeout: true,
    ...changes,
  });

/** A shared state with one of everything, and an instance that knows it. */
async function known(): Promise<{ shared: StatePorts; instance: AnInstance }> {
  const shared = embeddedPorts(clock);
  const instance = new AnInstance(shared, clock);
  await post(shared, anAlert('fires'), nowMs);
  await post(shared, anAlert('ended', { endsAtMs: nowMs - 500, timeout: false }), nowMs);
  const version = shared.book.alerts.get('ended')?.version ?? 0;
  await shared.book.commit({
    writes: [{ kind: 'settle', fingerprint: 'ended', version, groupId: 'g' }],
    arms: [],
  });
  await silence(shared, 's', { updatedAtMs: nowMs });
  await tell(shared, 'g', nowMs, 'fires');
  await shared.groups.arm([{ lane: 'lane', id: 'g', dueMs: nowMs + 30_000, mode: 'keep' }]);
  await instance.hear('g');
  instance.dueTimes.remember('g', nowMs + 30_000, nowMs);
  return { shared, instance };
}

async function contents(ports: StatePorts) {
  const { records } = await ports.log.load(['g', 'h']);
  return {
    alerts: [...ports.book.alerts.values()]
      .map(({ version: _, ...alert }) => alert)
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    silences: [...ports.silences.silences.values()]
      .map(({ version: _, ...each }) => each)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    told: ['g', 'h'].map((groupId) => records.get(groupId)?.get(INTEGRATION)?.told),
    due: await ports.groups.dueTimes('lane', ['g']),
  };
}

describe('GiveBackService', () => {
  it('restores an empty state to what it was', async () => {
    const { shared, instance } = await known();
    const local = await instance.goAlone();
    const empty = embeddedPorts(clock);
    expect(await instance.giveBack(local, true, empty)).toEqual({ alerts: 2, silences: 1, records: 1 });
    expect(await contents(empty)).toEqual(await contents(shared));
  });

  it('gives nothing back twice, and nothing where nothing happened', async () => {
    const { shared, instance } = await known();
    const local = await instance.goAlone();
    const before = await contents(shared);
    const nothing = { alerts: 0, silences: 0, records: 0 };
    expect(await instance.giveBack(local, false)).toEqual(nothing);
    expect(await instance.giveBack(local, true)).toEqual(nothing);
    expect(await contents(shared)).toEqual(before);
  });

  it('gives back what was accepted, silenced and told alone', async () => {
    const { shared, instance } = await known();
    const local = await instance.goAlone();
    await post(local.ports, anAlert('new'), nowMs);
    await silence(local.ports, 's', { updatedAtMs: nowMs + 1, comment: 'changed' });
    await tell(local.ports, 'g', nowMs + 1, 'fires', 'new');
    expect(instance.notified).toBe(1);
    expect(await instance.giveBack(local, false)).toEqual({ alerts: 1, silences: 1, records: 1 });
    const { told, silences, alerts } = await contents(shared);
    expect(told[0]).toMatchObject({ atMs: nowMs + 1, firing: ['fires', 'new'] });
    expect(silences).toMatchObject([{ id: 's', comment: 'changed' }]);
    expect(alerts.map(({ fingerprint }) => fingerprint)).toEqual(['ended', 'fires', 'new']);
  });

  it('leaves what others did later; what was told alone stands beside what they told', async () => {
    const { shared, instance } = await known();
    const local = await instance.goAlone();
    await post(local.ports, anAlert('fires', { updatedAtMs: nowMs + 1, endsAtMs: nowMs + 90_000 }), nowMs);
    await silence(local.ports, 's', { updatedAtMs: nowMs + 1, comment: 'mine' });
    await tell(local.ports, 'g', nowMs + 1, 'mine');
    const theirs = { updatedAtMs: nowMs + 2 };
    await post(shared, anAlert('fires', { ...theirs, endsAtMs: nowMs - 1, timeout: false }), nowMs);
    await silence(shared, 's', { ...theirs, comment: 'theirs' });
    await tell(shared, 'g', nowMs + 2, 'theirs');
    await instance.giveBack(local, false);
    const { told, silences, alerts } = await contents(shared);
    expect(told[0]).toMatchObject({ firing: ['theirs', 'mine'] });
    expect(silences).toMatchObject([{ comment: 'theirs' }]);
    expect(alerts[1]).toMatchObject({ fingerprint: 'fires', endsAtMs: nowMs - 1 });
  });

  it('holds what nobody ended while it was alone, and gives back the end it had', async () => {
    const { instance } = await known();
    const local = await instance.goAlone(nowMs - 10_000);
    expect(local.ports.book.alerts.get('fires')?.endsAtMs).toBe(HELD_END_MS);
    expect(local.ports.book.alerts.get('ended')?.endsAtMs).toBe(nowMs - 500);
    const empty = embeddedPorts(clock);
    await instance.giveBack(local, true, empty);
    expect(empty.book.alerts.get('fires')).toMatchObject({ endsAtMs: nowMs + 60_000, timeout: true });
  });

  it.each([
    ['a refresh', anAlert('fires', { updatedAtMs: nowMs + SPACED_MS, endsAtMs: nowMs + 70_000 }), nowMs + 70_000],
    ['an end', anAlert('fires', { updatedAtMs: nowMs + 1, endsAtMs: nowMs, timeout: false }), nowMs],
  ])('lets go of a held alert with %s', async (_, message, endsAtMs) => {
    const { instance } = await known();
    const local = await instance.goAlone();
    await post(local.ports, message, nowMs);
    expect(local.ports.book.alerts.get('fires')?.endsAtMs).toBe(endsAtMs);
  });

  it('comes to the same whoever gives back first', async () => {
    const step = fc.record({
      who: fc.integer({ min: 0, max: 1 }),
      what: fc.constantFrom('post', 'silence', 'tell'),
      id: fc.constantFrom('g', 'h'),
      isEnd: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, everything) => {
        const outcomes = [];
        for (const order of [
          [0, 1],
          [1, 0],
        ]) {
          const { shared } = await known();
          const instances = [new AnInstance(shared, clock), new AnInstance(shared, clock)];
          for (const instance of instances) await instance.hear('g');
          const locals = await Promise.all(instances.map((instance) => instance.goAlone()));
          for (const [n, { who, what, id, isEnd }] of steps.entries()) {
            const { ports } = locals[who]!;
            const atMs = nowMs + (n + 1) * SPACED_MS;
            const endsAtMs = isEnd ? nowMs : atMs + 100_000;
            if (what === 'post') await post(ports, anAlert(id, { updatedAtMs: atMs, endsAtMs, timeout: !isEnd }), atMs);
            else if (what === 'silence') await silence(ports, id, { updatedAtMs: atMs, comment: String(n) });
            else await tell(ports, id, atMs, String(n));
          }
          const target = everything ? embeddedPorts(clock) : shared;
          for (const who of order) await instances[who]!.giveBack(locals[who]!, everything, target);
          const { alerts, silences, told } = await contents(target);
          outcomes.push({ alerts, silences, told: told.map((each) => each?.atMs) });
        }
        expect(outcomes[0]).toEqual(outcomes[1]);
      }),
    );
  });
});
