import { dirname, resolve } from 'node:path';
import { reasonOf } from '@tocsin/common/log/log';
import { type Console, type RunCommand, UsageError } from './command';
import { localConfig } from './local-config';
import { differenceLines } from './test-routes-text';
import { BUILD } from './version';

/** `tocsin test routes`: whether alerts come to whom they should. */
export const testRoutes: RunCommand = async (flags, files, console) => {
  const count = { passed: 0, failed: 0, unreadable: 0 };
  for (const file of files) {
    console.out(`${file}\n`);
    try {
      await testFile(file, flags.text('config.file'), console, count);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      console.err(`${reasonOf(error)}\n`);
      count.unreadable++;
    }
  }
  const { passed, failed, unreadable } = count;
  const files_ = unreadable === 0 ? '' : `, ${unreadable} ${unreadable === 1 ? 'file' : 'files'} could not be run`;
  console.out(`\n${passed} passed, ${failed} failed${files_}\n`);
  return failed + unreadable === 0 ? 0 : 1;
};

async function testFile(
  file: string,
  configFile: string,
  console: Console,
  count: { passed: number; failed: number },
): Promise<void> {
  const { loadYamlFile } = await import('@tocsin/notifier/simulate/scenario-file.loader');
  const { parseRouteTests } = await import('@tocsin/notifier/simulate/route-test.schema');
  const { differences, isDifferent } = await import('@tocsin/notifier/simulate/route-test');
  const { runRouteTest } = await import('@tocsin/notifier/simulate/run-route-test.service');
  const { NotifierMetrics } = await import('@tocsin/notifier/metrics/notifier.metrics');
  const { MetricsRegistry } = await import('@tocsin/common/metrics/registry.metrics');

  const loaded = await loadYamlFile(file, parseRouteTests);
  if (!loaded.ok) throw new UsageError(loaded.error);
  const { config: named, tests } = loaded.value;
  if (named === null && configFile === '') {
    throw new UsageError(`${file}: expected a key config with the name of a configuration, or --config.file`);
  }
  const config = await localConfig(configFile || resolve(dirname(file), named ?? ''));
  const metrics = new NotifierMetrics(new MetricsRegistry(false), BUILD);
  for (const test of tests) {
    const outcome = await runRouteTest(config, test, metrics);
    const found = outcome && differences(test, outcome);
    const isPassed = found !== null && !isDifferent(found);
    console.out(`  ${isPassed ? 'ok  ' : 'FAIL'}  ${test.name}\n`);
    if (found === null) console.out('        it needs too many flushes: make it shorter or smaller\n');
    else for (const line of differenceLines(found, test.scenario.startMs)) console.out(`        ${line}\n`);
    if (isPassed) count.passed++;
    else count.failed++;
  }
}
