import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { type Log, type LogFields, nullLog } from '@tocsin/common/log/log';
import { startNotifier } from '@tocsin/notifier/main';
import { afterEach, expect, it } from 'vitest';
import { getAlerts, metric, postAlerts } from '../support/alertmanager-api';
import { anAlert } from '../support/alerts';
import { Started } from '../support/started';
import { TempFolder } from '../support/temp-folder';
import { DEFAULT_OPTIONS } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

const started = new Started();
afterEach(() => started.stopAll());

/** By table: a key that such a table has, and a value that says nothing. */
const BAD_ROWS: readonly (readonly [table: string, key: string, value: string])[] = [
  ['alerts', '000000999999', 'aaaa 1 2 3 {"v":1'],
  ['alerts', '000001000000', 'bbbb 1 2 3 {}'],
  ['alerts', 'not a number', 'cccc 1 2 3 {}'],
  ['silences', 'a', '1 {"v":1}'],
  ['silences', 'b', '\u0000\ufffd'],
  ['notification-log', '000000999999', 'group%20a/webhook/0 1 {"rev'],
  ['notification-expiry', 'group', '{'],
  ['due-log-groups', '000000999999', '4:laneid x y z'],
  ['timeline', '000000999999', 'garbage'],
  ['liveness', 'liveness', '{'],
];

it('a state with rows that cannot be read is restored without them, and each is told of', async () => {
  const folder = await started.add(new TempFolder());
  folder.write('alertmanager.yml', 'route: { receiver: a }\nreceivers: [{ name: a }]\n');
  const lines: LogFields[] = [];
  const log: Log = { ...nullLog, error: (_, fields = {}) => void lines.push(fields) };
  const start = async () => {
    const store = await EmbeddedStore.open(folder.file('data'), log);
    const running = await startNotifier({
      ...DEFAULT_OPTIONS,
      configFile: folder.file('alertmanager.yml'),
      instance: 'one',
      backend: { kind: 'embedded', clock: new MovableClock(), store, close: () => store.close() },
    });
    return { url: running.url, stop: () => running.stop().then(() => store.close()) };
  };
  const first = await start();
  await postAlerts(first.url, [anAlert({ alertname: 'kept' })]);
  await first.stop();

  const store = await EmbeddedStore.open(folder.file('data'));
  for (const [table, key, value] of BAD_ROWS) store.textTable(table).put(key, value);
  await store.committed();
  await store.close();

  const { url } = await started.add(await start());
  expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  expect((await getAlerts(url)).map(({ labels }) => labels['alertname'])).toEqual(['kept']);
  expect(await metric(url, 'tocsin_state_unreadable_rows')).toBe(BAD_ROWS.length);
  expect(lines.map(({ table }) => table).sort()).toEqual(BAD_ROWS.map(([table]) => table).sort());
  expect(lines[0]).toEqual({ table: expect.any(String), key: expect.any(String), err: expect.any(String) });
});
