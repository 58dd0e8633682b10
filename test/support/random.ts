/** Reproducible random numbers for tests that pick their own moments. */
export interface Random {
  readonly seed: number;
  /** An integer from `from` to `to`, both possible. */
  integer(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
}

/** Seeded by TOCSIN_SEED, else by chance; the seed is printed so that a failure can be replayed. */
export function seededRandom(what: string): Random {
  const seed = Number(process.env['TOCSIN_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${what}: seed ${seed} (replay with TOCSIN_SEED=${seed})`);
  return randomFrom(seed);
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  // mulberry32: one 32-bit word of state, good enough to spread moments.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    seed,
    integer,
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
