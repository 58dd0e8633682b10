import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goFunc, INT, signature, STRING_MAP } from './basic-types';
import { BUILTINS } from './builtins';
import { caseFunctions, caseValue } from './testing/case-values';
import { randomTemplate, seededRandom } from './testing/random-template';
import { TemplateSet } from './template-set';
import { EntryMap, GoMap, type MapKey, RecordMap, type Value } from './value';

/** How many templates a run tries, and the seed of the first: TOCSIN_SEED tries only that one. */
const SEED = process.env['TOCSIN_SEED'];
const COUNT = SEED === undefined ? Number(process.env['TOCSIN_TEST_TEMPLATES'] ?? (isLong() ? 1_000_000 : 2_000)) : 1;
const FIRST = Number(SEED ?? (isLong() ? Date.now() % 2 ** 31 : 1));

const LIMITS = { maxSteps: 5_000, maxDepth: 30, maxLength: 20_000 };

let ticks = 0;
const tick = goFunc(signature([], INT), () => BigInt(++ticks));
const functions = { ...caseFunctions, tick };
const names = {
  fields: ['tick', 'guarded', ...dataNames()],
  functions: [...BUILTINS.keys(), ...Object.keys(functions)],
};
const sets = ['default', 'zero', 'error'].flatMap((missingKey) =>
  missingKey === 'default' || missingKey === 'zero' || missingKey === 'error'
    ? [new TemplateSet({ functions, missingKey, limits: LIMITS })]
    : [],
);

describe('random templates', () => {
  it(`end with a text or an error: ${COUNT} from seed ${FIRST} on`, { timeout: 3_600_000 }, () => {
    const touched: string[] = [];
    const data = guardedData(touched);
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const problem = tried(seed, data) ?? touched[0];
      if (problem !== undefined) expect.unreachable(`seed ${seed} (replay with TOCSIN_SEED=${seed}): ${problem}`);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

/** What is wrong with how the template of a seed ended. */
function tried(seed: number, data: Value): string | undefined {
  const random = seededRandom(seed);
  const text = randomTemplate(random, names);
  ticks = 0;
  try {
    const compiled = sets[seed % sets.length]?.compile(text, 'fuzz');
    if (compiled === undefined) return 'no set';
    const result = compiled.ok ? compiled.template.execute(data) : compiled;
    if (ticks > LIMITS.maxSteps) return `${ticks} calls of a function: ${text}`;
    const shown = result.ok ? result.text : result.error.message;
    if (result.ok && shown.length > LIMITS.maxLength) return `${shown.length} characters: ${text}`;
    if (!shown.isWellFormed()) return `lone surrogates: ${text}`;
    return /native code|\[object /.test(shown) ? `leaks ${shown}: ${text}` : undefined;
  } catch (error) {
    return `${error instanceof Error ? error.stack : String(error)}: ${text}`;
  }
}

/** The shared data, and a map that notes when something else than its own keys is read. */
function guardedData(touched: string[]): Value {
  const record = new Proxy<Record<string, Value>>(
    { k1: 'v', a: 'b' },
    {
      get(target, key) {
        if (typeof key !== 'string' || !Object.hasOwn(target, key)) touched.push(`read ${String(key)}`);
        return Reflect.get(target, key);
      },
      set(_, key) {
        touched.push(`set ${String(key)}`);
        return false;
      },
    },
  );
  const data = caseValue(sharedData());
  const entries = new Map<MapKey, Value>(
    data instanceof GoMap ? [...data.keys()].map((key) => [key, data.get(key) ?? null]) : [],
  );
  entries.set('guarded', new RecordMap(STRING_MAP, record));
  entries.set('tick', tick);
  return data instanceof GoMap ? new EntryMap(data.type, entries) : data;
}

function dataNames(): string[] {
  const data = sharedData();
  return typeof data === 'object' && data !== null ? Object.keys(data) : [];
}

function sharedData(): unknown {
  return JSON.parse(readFileSync(new URL('testdata/data.json', import.meta.url), 'utf8'));
}

function isLong(): boolean {
  return process.env['TOCSIN_LONG'] === '1';
}
