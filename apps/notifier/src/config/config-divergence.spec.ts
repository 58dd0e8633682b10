import { type Instance } from '@tocsin/common/cluster/instance-registry';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it, vi } from 'vitest';
import { ConfigDivergenceService } from './config-divergence.service';

it('says once that others run on another configuration, and once that they no longer do', async () => {
  const clock = new FakeClock();
  const [warn, info] = [vi.fn(), vi.fn()];
  const messages: string[] = [];
  let hash = 1;
  const live: Instance[] = [
    { name: 'me', address: '', details: { config: '1' } },
    { name: 'other', address: '', details: { config: '1' } },
    { name: 'silent', address: '' },
  ];
  const service = new ConfigDivergenceService(
    () => live,
    () => hash,
    clock,
    { ...nullLog, warn, info } as Log,
    { record: ({ message }) => void messages.push(message) },
  );
  service.start();
  await clock.advance(60_000);
  expect(messages).toEqual([]);
  live[1] = { name: 'other', address: '', details: { config: '2' } };
  await clock.advance(60_000);
  expect(warn.mock.calls).toEqual([['Other notifiers run on another configuration', { others: 'other' }]]);
  hash = 2;
  live[0] = { name: 'me', address: '', details: { config: '2' } };
  await clock.advance(60_000);
  expect(info).toHaveBeenCalledTimes(1);
  expect(messages).toEqual(['another configuration runs on other', 'all notifiers run on the same configuration']);
  await service.stop();
  expect(clock.pendingTimers).toBe(0);
});
