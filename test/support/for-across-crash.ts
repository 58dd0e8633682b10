import { expect } from 'vitest';
import { type FakeQueryApi } from './fake-query-api';
import { type Random } from './random';
import { type WebhookSink } from './webhook-sink';
import { sleep, waitFor } from './wait-for';

/** Slots from the one that first sees the alert to the one in which it fires. */
const SLOTS_TO_FIRE = 9;

/** A rule that fires after eight seconds; evaluated every second. */
export const FOR_RULES = `
groups:
  - name: slow
    interval: 1s
    rules:
      - alert: Slow
        expr: slow > 0
        for: ${SLOTS_TO_FIRE - 1}s
        labels: { group: slow }
`;

export interface EvaluatorUnderCrash {
  sink: WebhookSink;
  datasource: FakeQueryApi;
  random: Random;
  /** Kills what evaluates and starts it again. */
  crash: () => Promise<void>;
}

/** Crashes twice within `for`, the second time so late that starting over would show. Counts slots, not seconds: how long
 *  a restart takes does not matter, because time that was not evaluated does not count. */
export async function expectForIsKept({ sink, datasource, random, crash }: EvaluatorUnderCrash): Promise<void> {
  datasource.answers(() => [{ labels: { __name__: 'slow' }, value: 1 }]);
  let slotsBefore = 0;
  for (const slots of [3, 7]) {
    await waitFor(`${slots} evaluations`, () => slotsSeen(datasource) >= slots, { limitMs: 30_000 });
    await sleep(random.integer(0, 900));
    await crash();
    slotsBefore = slotsSeen(datasource);
  }
  await waitFor('the alert to fire', () => sink.accepted.length > 0, { limitMs: 30_000 });
  const slots = slotsSeen(datasource);
  expect(slots, 'evaluations until it fired: fewer than `for` takes').toBeGreaterThanOrEqual(SLOTS_TO_FIRE - 1);
  expect(slots - slotsBefore, 'evaluations after the last crash: `for` started over').toBeLessThan(SLOTS_TO_FIRE - 1);
}

function slotsSeen(datasource: FakeQueryApi): number {
  return new Set(datasource.seen.map(({ slotMs }) => slotMs)).size;
}

/** Crashes just after the evaluation that no longer sees the alert: its end may not get lost. */
export async function expectResolvedIsTold({ sink, datasource, random, crash }: EvaluatorUnderCrash): Promise<void> {
  const before = datasource.seen.length;
  datasource.answers(() => []);
  await waitFor('an evaluation that sees nothing', () => datasource.seen.length > before, { everyMs: 1 });
  await sleep(random.integer(0, 30));
  await crash();
  await waitFor('the end to be told', () => sink.accepted.some(({ body }) => body.status === 'resolved'));
}
