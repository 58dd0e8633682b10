import { type Clock } from '@tocsin/common/time/clock';
import { type SimulatedProcess, Unreachable } from './world';

/** The clock of whoever calls the shared state at the moment. */
export class CallersClock implements Clock {
  caller: SimulatedProcess | null = null;

  nowMs(): number {
    return this.caller?.nowMs() ?? 0;
  }

  setTimer(): never {
    throw new Error('the shared state sets no timers');
  }
}

/** Told of each call of a port right after it was done, before its caller hears of it. */
export type Watcher = (call: {
  readonly process: SimulatedProcess;
  readonly who: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly result: unknown;
}) => void;

/** Calls that are made and answered at once, unless the state is away: they are made all the time. */
const IMMEDIATE = new Set(['claim', 'extend', 'claimMembers', 'size']);
const LOCAL = new Set(['onArmed']);

/** A port of the shared state as one process sees it: it waits for its turn before each call and before each answer. */
export function through<Port extends object>(
  port: Port,
  who: string,
  process: SimulatedProcess,
  clock: CallersClock,
  watch: Watcher,
): Port {
  const { world } = process;
  return new Proxy(port, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target);
      const method = String(property);
      if (typeof member !== 'function') return member;
      if (LOCAL.has(method)) return member.bind(target) as unknown;
      return async (...args: unknown[]) => {
        if (!IMMEDIATE.has(method)) await world.gate(process, `${who} ${method}`, 'state');
        else if (world.isAway) throw new Unreachable(method);
        clock.caller = process;
        const result: unknown = await member.apply(target, args);
        watch({ process, who, method, args, result });
        const isAnswerSlow = !IMMEDIATE.has(method) || (method === 'claim' && hasClaims(result));
        if (isAnswerSlow) await world.gate(process, `answer to ${who} ${method}`, 'state');
        return result;
      };
    },
  });
}

function hasClaims(result: unknown): boolean {
  return (result as { claims: readonly unknown[] }).claims.length > 0;
}
