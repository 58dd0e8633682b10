import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { NO_MUTING } from '../pipeline/muting';
import { buildRouteTree } from '../routing/route-tree';
import { aNotifierConfig, aRoute } from '../testing/a-config';
import { FlushGroupService } from './flush-group.service';

it('asks what mutes as of the instant at which it has read the state, not of the one at which it began to wait', async () => {
  const clock = new FakeClock();
  const startMs = clock.nowMs();
  const askedMs: number[] = [];
  const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve));
  const flusher = new FlushGroupService(
    clock,
    { config: aNotifierConfig({ routes: buildRouteTree(aRoute()) }) } as never,
    { reached: () => wait(300).then(() => true) } as never,
    { load: () => wait(200).then(() => ({ position: 1, records: new Map() })), write: async () => [] } as never,
    { complete: async () => [] } as never,
    { at: (nowMs) => (askedMs.push(nowMs - startMs), NO_MUTING) },
    { started: () => undefined, flushed: () => undefined },
  );
  const flushed = flusher.flush([]);
  await clock.advance(500);
  await flushed;
  expect(askedMs).toEqual([500]);
});
