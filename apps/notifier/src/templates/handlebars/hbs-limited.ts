import { type HbsBudget } from './hbs-budget';

/** A helper as Handlebars calls it: its options come last. */
type Helper = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Helpers that pay for their calls, for the texts they are given and for those that they make. */
export function limitedHelpers(
  helpers: Readonly<Record<string, Helper>>,
  budget: () => HbsBudget,
): Readonly<Record<string, Helper>> {
  const limited = Object.entries(helpers).map(([name, helper]): [string, Helper] => [
    name,
    function (this: unknown, ...args) {
      const left = budget();
      left.call();
      for (const arg of args) if (typeof arg === 'string') left.spend(arg.length);
      left.spend(COSTS[name]?.(args) ?? 0);
      const result = helper.apply(this, [...args]);
      if (typeof result === 'string') left.spend(result.length);
      return result;
    },
  ]);
  return Object.fromEntries(limited);
}

/** Characters of the result, at most, of those helpers that make much of little. */
const COSTS: Readonly<Record<string, (args: readonly unknown[]) => number>> = {
  replace: ([text, from, to]) => {
    if (typeof text !== 'string' || typeof to !== 'string') return 0;
    const most = typeof from === 'string' && from !== '' ? text.split(from).length - 1 : text.length + 1;
    return most * to.length;
  },
  httpUrl: ([text]) => (typeof text === 'string' ? 2 * text.length : 0),
  slackText: ([text]) => (typeof text === 'string' ? 4 * text.length : 0),
  join: ([list, separator]) =>
    Array.isArray(list) && typeof separator === 'string' ? list.length * separator.length : 0,
};
