import { type BenchOptions } from './options';
import { type CaseResult, type Values } from './report';
import { type Target } from './target';

/** What a bench needs to run. */
export interface BenchContext {
  readonly options: BenchOptions;
  readonly targets: readonly Target[];
  /** Says what is going on; long work should not be silent. */
  progress(text: string): void;
}

export type BenchRun = (context: BenchContext) => Promise<CaseResult[]>;

/** Measures several cases on each target, one after the other; `measure` returns the values by case. */
export async function onEachTarget(
  { targets, progress }: BenchContext,
  what: string,
  measure: (target: Target) => Promise<ReadonlyMap<string, Values>>,
): Promise<CaseResult[]> {
  const cases = new Map<string, Map<string, Values>>();
  for (const target of targets) {
    progress(`${what}: ${target.name}`);
    for (const [name, values] of await measure(target)) {
      cases.set(name, (cases.get(name) ?? new Map<string, Values>()).set(target.name, values));
    }
  }
  return [...cases].map(([name, byTarget]) => ({ name, byTarget }));
}
