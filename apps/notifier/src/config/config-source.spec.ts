import { fileURLToPath } from 'node:url';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { expect, it } from 'vitest';
import { type OutgoingContext } from '../receivers/integration-context';
import { configFileSource } from './config-source.loader';

it('what lint finds is logged at load', async () => {
  const logged: unknown[] = [];
  const log: Log = { ...nullLog, warn: (_, fields) => void logged.push(fields) };
  const file = fileURLToPath(new URL('testdata/good/hardly-meant.yml', import.meta.url));
  const context = {} as OutgoingContext;
  await configFileSource(file, 'fallback', context, log, 10_000).load();
  expect(logged).toMatchObject([
    { file, line: 4, column: 19, code: 'group-interval-short', finding: expect.stringContaining('under 10s') },
    { line: 5, code: 'repeat-off-grid' },
    { line: 5, code: 'repeat-above-retention' },
    { line: 9, code: 'route-unreachable' },
    { line: 11, code: 'inhibit-no-effect' },
    { line: 15, code: 'receiver-unused' },
    { line: 18, code: 'interval-without-zone' },
  ]);
});
