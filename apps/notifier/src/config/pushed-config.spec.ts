import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IntegrationRegistry } from '../receivers/integration-registry';
import { aNotifierConfig } from '../testing/a-config';
import { readConfig } from './config.loader';
import { PushedConfigService } from './pushed-config.service';
import { type PushedConfig } from './pushed-config.store';

const GOOD = 'route: { receiver: a }\nreceivers: [{ name: a }]\n';
const BAD = 'route: { receiver: b }\nreceivers: [{ name: a }]\n';

describe('PushedConfigService', () => {
  let clock: FakeClock;
  let stored: PushedConfig | null;
  const fromFile = aNotifierConfig({ hash: 99 });

  beforeEach(() => {
    clock = new FakeClock();
    stored = null;
  });

  const open = (buildIntegrations = () => new IntegrationRegistry([])) =>
    new PushedConfigService({
      store: {
        read: async () => stored,
        version: async () => stored?.version ?? 0,
        write: async (pushed) => void (stored = pushed),
      },
      file: { load: async () => ({ ok: true, config: fromFile }), buildIntegrations },
      check: (text) => readConfig(text, '.', 'fallback'),
      clock,
      log: nullLog,
    });

  it('is the file as long as nothing was pushed, and then what was pushed', async () => {
    const service = open();
    expect(await service.load()).toMatchObject({ config: { hash: 99 } });
    expect(await service.push(GOOD)).toEqual({ ok: true });
    expect(await open().load()).toMatchObject({ ok: true, config: { receivers: [{ name: 'a' }] } });
  });

  it('refuses what has mistakes, and what cannot be built, and keeps what there was', async () => {
    const service = open();
    expect(await service.push(BAD)).toEqual({
      ok: false,
      error: 'pushed configuration:1:20: undefined receiver "b" used in route',
    });
    const unbuildable = open(() => {
      throw new Error('no such certificate');
    });
    expect(await unbuildable.push(GOOD)).toEqual({ ok: false, error: 'no such certificate' });
    expect(stored).toBeNull();
  });

  it('gives every push a later version, also within one millisecond', async () => {
    const service = open();
    await service.push(GOOD);
    const first = stored?.version ?? 0;
    await service.push(GOOD);
    expect(stored?.version).toBeGreaterThan(first);
  });

  it('tells within seconds that another instance has pushed, once', async () => {
    const service = open();
    await service.load();
    const reload = vi.fn(async () => service.load());
    service.follow(reload);
    await clock.advance(4_000);
    expect(reload).not.toHaveBeenCalled();
    await open().push(GOOD);
    await clock.advance(10_000);
    expect(reload).toHaveBeenCalledTimes(1);
    await service.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives a Redis that lost its data the configuration back, rather than running on the file', async () => {
    const service = open();
    await service.push(GOOD);
    await service.load();
    const pushed = stored;
    const reload = vi.fn(async () => service.load());
    service.follow(reload);
    stored = null;
    await clock.advance(10_000);
    expect(stored).toEqual(pushed);
    expect(reload).toHaveBeenCalledTimes(1);
    expect(await reload()).toMatchObject({ ok: true, config: { receivers: [{ name: 'a' }] } });
    await service.stop();
  });
});
