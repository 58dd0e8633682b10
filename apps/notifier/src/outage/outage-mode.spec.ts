import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_TIMELINE } from '../timeline/timeline-event';
import { type GivenBack } from './give-back.service';
import { type LocalState } from './local-state.store';
import { OutageModeService } from './outage-mode.service';
import { notReadyBecause, readyNote, type StatePhase } from './state-phase';
import { type StatePorts } from './state-ports';
import { StateSwitch } from './state-switch.service';
import { embeddedPorts } from './testing/embedded-ports';

const GRACE_MS = 30_000;
const nothing: GivenBack = { alerts: 0, silences: 0, records: 0 };

/** A Redis as far as its epoch goes. */
class FakeRedis {
  epoch = 'e1';
  position = 10;
  isDown = false;
  made = 0;

  readonly port = {
    restoring: 'restoring me',
    read: async () => {
      if (this.isDown) throw new Error('down');
      return { epoch: this.epoch, position: this.position };
    },
    take: async (expected: string) => {
      if (this.epoch !== expected && this.epoch !== 'restoring me') return false;
      this.epoch = 'restoring me';
      return true;
    },
    publish: async () => (this.epoch === 'restoring me' ? (this.epoch = `made ${++this.made}`) : null),
  };
}

let clock: FakeClock;
let redis: FakeRedis;
let shared: StatePorts & { book: { position: number } };
let state: StateSwitch;
let mode: OutageModeService;
let given: boolean[];
let phases: StatePhase[];
let refusal: Error | null;

beforeEach(async () => {
  clock = new FakeClock();
  redis = new FakeRedis();
  const ports = embeddedPorts(clock);
  shared = {
    ...ports,
    book: Object.create(ports.book, { position: { value: 0, writable: true } }) as typeof ports.book,
  };
  given = [];
  phases = [];
  refusal = null;
  state = new StateSwitch(shared, clock);
  mode = new OutageModeService({
    state,
    shared,
    readShared: async () => void Object.assign(shared.book, { position: redis.position }),
    epoch: redis.port,
    openLocal: async () => {
      const none: ReadonlySet<string> = new Set();
      return { sinceMs: 0, ports: embeddedPorts(clock), ends: new Map(), alerts: none, records: none, silences: none };
    },
    giveBack: {
      giveBack: async (_: LocalState, everything: boolean) => {
        if (refusal !== null) throw refusal;
        given.push(everything);
        return nothing;
      },
    },
    graceMs: GRACE_MS,
    clock,
    log: nullLog,
    timeline: NO_TIMELINE,
    onPhase: ({ phase }) => phase === 'starting' || phases.at(-1) === phase || phases.push(phase),
  });
});
afterEach(() => mode.stop());

const begin = async (): Promise<void> => {
  mode.start();
  await clock.advance(0);
};

const isShared = () => state.current === shared;

describe('OutageModeService', () => {
  it('works on the shared state as soon as it is read', async () => {
    await begin();
    await mode.started;
    expect(mode.view()).toMatchObject({ phase: 'shared', isAvailable: true, epoch: 'e1' });
    expect(state.mayClaim()).toBe(true);
    expect(given).toEqual([]);
  });

  it('makes the epoch of a new Redis, and claims nothing for a moment', async () => {
    redis.epoch = '';
    await begin();
    expect(mode.view()).toMatchObject({ phase: 'shared', epoch: 'made 1' });
    expect(state.mayClaim()).toBe(false);
    await clock.advance(2_000);
    expect(state.mayClaim()).toBe(true);
  });

  it('rides out a short outage', async () => {
    await begin();
    redis.isDown = true;
    await clock.advance(GRACE_MS - 2_000);
    expect(mode.view()).toMatchObject({ phase: 'shared', isAvailable: false });
    expect(notReadyBecause(mode.view(), GRACE_MS)).toContain('cannot be reached');
    redis.isDown = false;
    await clock.advance(2_000);
    expect(phases).toEqual(['shared']);
    expect(notReadyBecause(mode.view(), GRACE_MS)).toBe(null);
  });

  it('does not take a pause of its own for an outage, though Redis does not answer at once after it', async () => {
    await begin();
    redis.isDown = true;
    clock.set(clock.nowMs() + 2 * GRACE_MS);
    await clock.advance(0);
    expect(mode.view()).toMatchObject({ phase: 'shared', isAvailable: false });
    redis.isDown = false;
    await clock.advance(2_000);
    expect(phases).toEqual(['shared']);
  });

  it('works on its own beyond the grace, and gives back what changed', async () => {
    await begin();
    redis.isDown = true;
    await clock.advance(GRACE_MS + 2_000);
    expect(mode.view().phase).toBe('alone');
    expect(isShared()).toBe(false);
    expect(state.mayClaim()).toBe(true);
    expect(notReadyBecause(mode.view(), GRACE_MS)).toBe(null);
    expect(readyNote(mode.view())).toContain('works on its own');
    redis.isDown = false;
    redis.position = 12;
    await clock.advance(2_000);
    expect(mode.view()).toMatchObject({ phase: 'shared', epoch: 'e1' });
    expect(isShared()).toBe(true);
    expect(given).toEqual([false]);
    expect(phases).toEqual(['shared', 'alone', 'shared']);
  });

  it.each([
    ['has lost everything', '', 0, 'made 1'],
    ['lost what came last', 'e1', 9, 'made 1'],
    ['was restored by another instance', 'e2', 20, 'e2'],
  ])('restores a Redis that %s', async (_, epoch, position, now) => {
    await begin();
    Object.assign(redis, { epoch, position });
    await clock.advance(1_200);
    expect(given).toEqual([true]);
    expect(mode.view()).toMatchObject({ phase: 'shared', epoch: now });
    expect(phases).toEqual(['shared', 'restoring', 'shared']);
  });

  it('claims nothing for a moment when it was alone, so that others can give back what they told', async () => {
    await begin();
    redis.isDown = true;
    await clock.advance(GRACE_MS + 2_000);
    redis.isDown = false;
    await clock.advance(1_000);
    expect(mode.view().phase).toBe('shared');
    expect(state.mayClaim()).toBe(false);
    await clock.advance(2_000);
    expect(state.mayClaim()).toBe(true);
  });

  it('looks at once when Redis refuses a command', async () => {
    await begin();
    redis.epoch = '';
    mode.guard({ epoch: '', position: '' }).onRefused();
    await clock.advance(0);
    expect(given).toEqual([true]);
  });

  it('does nothing while another instance restores, and works on its own if that takes too long', async () => {
    await begin();
    redis.epoch = 'restoring other';
    await clock.advance(5_000);
    expect(mode.view().phase).toBe('restoring');
    expect(state.mayClaim()).toBe(false);
    await clock.advance(GRACE_MS);
    expect(mode.view().phase).toBe('alone');
    expect(state.mayClaim()).toBe(true);
    redis.epoch = 'e2';
    await clock.advance(1_000);
    expect(mode.view()).toMatchObject({ phase: 'shared', epoch: 'e2' });
    expect(given).toEqual([true]);
  });

  it('goes on alone while what it did cannot be given back', async () => {
    await begin();
    redis.isDown = true;
    await clock.advance(GRACE_MS + 2_000);
    redis.isDown = false;
    refusal = new Error('OOM');
    await clock.advance(12_000);
    expect(mode.view().phase).toBe('alone');
    expect(state.mayClaim()).toBe(true);
    refusal = null;
    await clock.advance(6_000);
    expect(mode.view().phase).toBe('shared');
  });

  it('starts without Redis after the grace', async () => {
    redis.isDown = true;
    await begin();
    expect(notReadyBecause(mode.view(), GRACE_MS)).toContain('30 s after its start');
    let isStarted = false;
    void mode.started.then(() => (isStarted = true));
    await clock.advance(GRACE_MS - 2_000);
    expect([isStarted, state.mayClaim()]).toEqual([false, false]);
    await clock.advance(4_000);
    expect([isStarted, state.mayClaim(), mode.view().phase]).toEqual([true, true, 'alone']);
  });
});
