import { explain, runSeed } from './run-trace';

/** How many traces a run plays: `long` with TOCSIN_LONG=1, else `short`. */
export interface Extent {
  readonly long: number;
  readonly short: number;
}

/** How long one test may take, ms. */
export const LIMIT_MS = 3_600_000;

/** Plays traces from a seed on: TOCSIN_SEED plays only that one, a long run begins anywhere, a short one with the first, so
 *  that it says the same each time. Throws what the first one did that fails. */
export async function playMany(isExact: boolean, { long, short }: Extent): Promise<void> {
  const given = process.env['TOCSIN_SEED'];
  const isLong = process.env['TOCSIN_LONG'] === '1';
  const first = Number(given ?? (isLong ? Math.floor(Math.random() * 2 ** 30) : 1));
  const count = given !== undefined ? 1 : isLong ? long : short;
  for (let seed = first; seed < first + count; seed++) {
    const verdict = await runSeed(seed, isExact);
    if (verdict.found.length > 0) throw new Error(await reportOf(verdict));
  }
  console.log(`${count} traces from seed ${first} on held`);
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
