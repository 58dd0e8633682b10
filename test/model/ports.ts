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
  /** Its caller has heard of it: told a second time. */
  readonly isAnswered: boolean;
}) => void;

/** Calls that are made and answered at once, unless the state is away: they are made all the time. */
const IMMEDIATE = new Set(['claim', 'extend', 'claimMembers', 'size']);
const LOCAL = new Set(['onArmed']);

/** A command that was refused, because the shared state is not the one its sender knows. */
export class Refused extends Error {
  constructor(label: string) {
    super(`UNKNOWNEPOCH for ${label}`);
  }
}

/** Who calls, and what must hold of the shared state for a call to be run. */
export interface Caller {
  readonly process: SimulatedProcess;
  readonly clock: CallersClock;
  readonly guard: (label: string) => void;
  readonly watch: Watcher;
}

/** A port of the shared state as one process sees it: it waits for its turn before each call and before each answer.
 *  `port` is asked for at each call, since another one takes its place when the state is lost. */
export function through<Port extends object>(
  port: () => Port,
  who: string,
  { process, clock, guard, watch }: Caller,
): Port {
  const { world } = process;
  return new Proxy(port(), {
    get: (first, property) => {
      const method = String(property);
      if (typeof Reflect.get(first, property, first) !== 'function') return Reflect.get(port(), property, port());
      // Who waits to be woken by a state that was lost sleeps until the next look.
      if (LOCAL.has(method)) return (...args: unknown[]) => callOf(port(), property)(...args);
      return async (...args: unknown[]) => {
        if (!IMMEDIATE.has(method)) await world.gate(process, `${who} ${method}`, 'state');
        else if (world.isAway) throw new Unreachable(method);
        guard(`${who} ${method}`);
        clock.caller = process;
        const result = await callOf(port(), property)(...args);
        const call = { process, who, method, args, result };
        watch({ ...call, isAnswered: false });
        const isAnswerSlow = !IMMEDIATE.has(method) || (method === 'claim' && hasClaims(result));
        if (isAnswerSlow) await world.gate(process, `answer to ${who} ${method}`, 'state');
        watch({ ...call, isAnswered: true });
        return result;
      };
    },
  });
}

function callOf(port: object, method: string | symbol): (...args: unknown[]) => unknown {
  const member = Reflect.get(port, method, port) as (...args: unknown[]) => unknown;
  return member.bind(port);
}

function hasClaims(result: unknown): boolean {
  return (result as { claims: readonly unknown[] }).claims.length > 0;
}
