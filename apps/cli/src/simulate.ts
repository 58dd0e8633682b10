import { dirname, resolve } from 'node:path';
import { machineClock } from '@tocsin/common/time/clock';
import { type SimulationView } from '@tocsin/notifier/api/tocsin/simulation-view';
import { type Scenario } from '@tocsin/notifier/simulate/scenario';
import { askNotifier, shown } from './ask-notifier';
import { type RunCommand, UsageError } from './command';
import { localConfig } from './local-config';
import { simulationText } from './simulation-text';
import { BUILD } from './version';

/** `tocsin simulate`: what would be told of some alerts. Without a configuration that of a running notifier counts, which
 *  is asked then. */
export const simulate: RunCommand = async (flags, args, console) => {
  const [file = '', unexpected] = args;
  if (unexpected !== undefined) throw new UsageError(`expected one file, got ${unexpected}, too`);
  const { loadYamlFile } = await import('@tocsin/notifier/simulate/scenario-file.loader');
  const { parseScenarioFile } = await import('@tocsin/notifier/simulate/scenario-file.schema');
  const nowMs = machineClock.nowMs();
  const loaded = await loadYamlFile(file, (body) => ({ ...parseScenarioFile(body, nowMs), body }));
  if (!loaded.ok) throw new UsageError(loaded.error);
  const { config, scenario, body } = loaded.value;
  const configFile = flags.text('config.file') || (config === null ? '' : resolve(dirname(file), config));
  const view =
    configFile === ''
      ? await askNotifier<SimulationView>(flags, { method: 'POST', path: '/api/tocsin/v1/simulate', body })
      : await simulateHere(configFile, scenario);
  console.out(shown(flags, view, simulationText));
  return 0;
};

async function simulateHere(configFile: string, scenario: Scenario): Promise<SimulationView> {
  const config = await localConfig(configFile);
  const { SimulateService } = await import('@tocsin/notifier/simulate/simulate.service');
  const { simulationView } = await import('@tocsin/notifier/api/tocsin/simulation-view');
  const result = await new SimulateService('fallback', BUILD).simulate(config, scenario);
  if (result.kind !== 'done') throw new UsageError('the scenario needs too many flushes: make it shorter or smaller');
  return simulationView(result.simulation);
}
