import { explain, runSeed } from './run-trace';

/** How many traces run with TOCSIN_LONG=1, and for how long others run, ms. */
export interface Extent {
  readonly long: number;
  readonly shortMs: number;
}

/** How long one test may take, ms. */
export const LIMIT_MS = 3_600_000;

/** Plays traces from a seed on, which TOCSIN_SEED sets: then only that one. Throws what the first one did that fails. */
export async function playMany(isExact: boolean, { long, shortMs }: Extent): Promise<void> {
  const given = process.env['TOCSIN_SEED'];
  const isLong = process.env['TOCSIN_LONG'] === '1';
  const first = given === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(given);
  const endMs = Date.now() + shortMs;
  let played = 0;
  do {
    const seed = first + played++;
    const verdict = await runSeed(seed, isExact);
    if (verdict.found.length > 0) throw new Error(await reportOf(verdict));
  } while (given === undefined && (isLong ? played < long : Date.now() < endMs));
  console.log(`${played} traces from seed ${first} on held`);
}

async function reportOf(failed: Awaited<ReturnType<typeof runSeed>>): Promise<string> {
  const { scenario, found, story } = await explain(failed);
  return [
    `trace ${failed.scenario.seed} does not hold (replay with TOCSIN_SEED=${failed.scenario.seed}):`,
    ...failed.found,
    '',
    'with fewer actions:',
    ...found,
    JSON.stringify({ ...scenario, actions: undefined }),
    ...story,
  ].join('\n');
}
