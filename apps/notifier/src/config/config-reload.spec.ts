import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, expect, it } from 'vitest';
import { GroupTimersService } from '../grouping/group-timers.service';
import { GroupIndex } from '../grouping/groups';
import { InhibitionIndex } from '../inhibition/inhibition-index';
import { IntegrationRegistry } from '../receivers/integration-registry';
import { buildRouteTree } from '../routing/route-tree';
import { aNotifierConfig, aRoute } from '../testing/a-config';
import { type ActiveConfig } from './active-config';
import { ConfigReloadService, type ConfigSource } from './config-reload.service';

const configOf = (hash: number) => aNotifierConfig({ hash, routes: buildRouteTree(aRoute({ receiver: `r${hash}` })) });

let active: ActiveConfig;
let events: string[];
let failures: number;

beforeEach(() => {
  const config = configOf(1);
  const groups = new GroupIndex(config.routes);
  const integrations = new IntegrationRegistry([]);
  active = { config, groups, integrations, inhibition: new InhibitionIndex([], []), incoming: null };
  events = [];
  failures = 0;
});

function open(load: ConfigSource['load']): ConfigReloadService {
  const clock = new FakeClock();
  const book = { alerts: new Map() } as never;
  const queue = { copyLane: async () => undefined, dueTimes: async () => [], arm: async () => undefined } as never;
  return new ConfigReloadService(
    { load, buildIntegrations: () => new IntegrationRegistry([]) },
    active,
    book,
    queue,
    new GroupTimersService(queue, active, book, clock, nullLog),
    clock,
    { configLoaded: () => undefined, configReloadFailed: () => void failures++ } as never,
    nullLog,
    { record: ({ message }) => void events.push(message) },
    'restart timers',
    () => undefined,
  );
}

it('fails like one with mistakes when the configuration cannot be read: counted, noted, and the old one stays', async () => {
  const service = open(() => Promise.reject(new Error('Redis is away')));
  expect(await service.reload()).toEqual({ ok: false, error: 'Redis is away' });
  expect([failures, events.length, active.config.hash]).toEqual([1, 1, 1]);
});

it('reads the file again for who asks while a reload is under way, once for all of them', async () => {
  let inFile = 2;
  let reads = 0;
  const service = open(async () => {
    reads++;
    const config = configOf(inFile);
    await Promise.resolve();
    return { ok: true, config };
  });
  const first = service.reload();
  inFile = 3;
  const later = [service.reload(), service.reload()];
  expect(await first).toMatchObject({ config: { hash: 2 } });
  for (const result of await Promise.all(later)) expect(result).toMatchObject({ config: { hash: 3 } });
  expect([reads, active.config.hash]).toEqual([2, 3]);
  await service.reload();
  expect(reads).toBe(3);
});

it('takes what is new in other files of a configuration with the same text, and keeps its routes', async () => {
  const { routes } = active.config;
  const templates = { ...active.config.templates };
  const service = open(async () => ({ ok: true, config: { ...configOf(1), templates, lint: [] } }));
  await service.reload();
  expect(active.config.templates).toBe(templates);
  expect(active.config.routes).toBe(routes);
});
