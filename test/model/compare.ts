import { allTold } from './checks';
import { type Attempt } from './receivers';
import { Reference, type Expected } from './reference';
import { START_MS } from './scenario';
import { type Trace } from './trace';

/** Where a trace in which nothing goes wrong differs from the reference model: message, reason or instant. */
export function compareWithReference(trace: Trace): string[] {
  const { scenario, receivers, watch, world } = trace;
  const groupIds = new Map([...watch.groupKeys].map(([place, key]) => [key, place.slice(0, place.indexOf(' '))]));
  const reference = new Reference(scenario, (key, nowMs) => {
    const groupId = groupIds.get(key);
    return groupId !== undefined && !(watch.removed.get(groupId) ?? []).includes(nowMs);
  });
  reference.run(world.nowMs);
  return allTold(scenario).flatMap(({ key }) => {
    const expected = (reference.told.get(key) ?? []).map(expectedLine);
    const actual = receivers.heard.filter((attempt) => attempt.key === key).map(actualLine);
    const at = Math.max(expected.length, actual.length);
    for (let index = 0; index < at; index++) {
      if (expected[index] === actual[index]) continue;
      return [`${key} #${index + 1}: expected ${expected[index] ?? 'nothing'}, was told ${actual[index] ?? 'nothing'}`];
    }
    return [];
  });
}

function expectedLine({ atMs, reason, firing, resolved }: Expected): string {
  return line(atMs, reason, firing, resolved);
}

function actualLine({ heardMs, reason, firing, resolved }: Attempt): string {
  return line(heardMs ?? 0, reason.startsWith('muted by') ? 'muted' : reason, firing, resolved);
}

function line(atMs: number, reason: string, firing: readonly string[], resolved: readonly string[]): string {
  return `${(atMs - START_MS) / 1_000}: firing [${firing.join(' ')}] resolved [${resolved.join(' ')}] (${reason})`;
}
