import { randomFrom } from '../support/random';
import { checkEnd, checkQuiet } from './checks';
import { compareWithReference } from './compare';
import { generateScenario, type Scenario } from './scenario';
import { Trace } from './trace';

/** What a trace came to. */
export interface Verdict {
  readonly scenario: Scenario;
  /** What did not hold. */
  readonly found: readonly string[];
  readonly story: readonly string[];
}

/** Plays what a seed makes and checks all there is to check. */
export function runSeed(seed: number, isExact: boolean): Promise<Verdict> {
  return run(generateScenario(seed, isExact, randomFrom(seed)), false);
}

/** The failing trace with as few actions as can be found in one go, and its story. */
export async function explain(failed: Verdict): Promise<Verdict> {
  let { scenario } = failed;
  for (const action of scenario.actions) {
    const fewer = { ...scenario, actions: scenario.actions.filter((other) => other !== action) };
    const { found } = await run(fewer, false);
    if (found.length > 0) scenario = fewer;
  }
  return run(scenario, true);
}

async function run(scenario: Scenario, isTold: boolean): Promise<Verdict> {
  const trace = new Trace(scenario, isTold);
  await trace.play();
  const found = scenario.isExact ? compareWithReference(trace) : [];
  found.push(...checkQuiet(trace));
  // What is wrong already is wrong afterwards, too.
  if (found.length === 0) {
    await trace.end();
    found.push(...checkQuiet(trace), ...(await checkEnd(trace)));
  }
  await trace.close();
  return { scenario, found, story: trace.world.story };
}
