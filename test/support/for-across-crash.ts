import { expect } from 'vitest';
import { type FakeQueryApi } from './fake-query-api';
import { type Random } from './random';
import { type WebhookSink } from './webhook-sink';
import { sleep, waitFor } from './wait-for';

const FOR_MS = 8_000;

/** A rule that fires after eight seconds; evaluated every second. */
export const FOR_RULES = `
groups:
  - name: slow
    interval: 1s
    rules:
      - alert: Slow
        expr: slow > 0
        for: ${FOR_MS / 1000}s
        labels: { group: slow }
`;

export interface EvaluatorUnderCrash {
  sink: WebhookSink;
  datasource: FakeQueryApi;
  random: Random;
  /** Kills what evaluates and starts it again. */
  crash: () => Promise<void>;
}

/** Crashes twice within `for`, late enough that starting over would show. */
export async function expectForIsKept({ sink, datasource, random, crash }: EvaluatorUnderCrash): Promise<void> {
  datasource.answers(() => [{ labels: { __name__: 'slow' }, value: 1 }]);
  const begunAtMs = (await waitFor('the first evaluation', () => datasource.seen[0])).slotMs;
  const lostMs: number[] = [];
  let lastReadyMs = 0;
  for (const earliestMs of [2_500, 6_000]) {
    await sleep(begunAtMs + earliestMs + random.integer(0, 1_000) - Date.now());
    const killedAtMs = Date.now();
    await crash();
    lastReadyMs = Date.now();
    // The slots missed, and up to one in which the evaluation was begun and not saved.
    lostMs.push(lastReadyMs - killedAtMs + 2_000);
  }
  const { atMs } = await waitFor('the alert to fire', () => sink.accepted[0], { limitMs: 20_000 });
  expect(atMs - begunAtMs, 'fired before `for` had passed').toBeGreaterThanOrEqual(FOR_MS - 500);
  expect(atMs - lastReadyMs, '`for` started over at the crash').toBeLessThan(FOR_MS - 1_000);
  const lateMs = atMs - begunAtMs - FOR_MS;
  expect(lateMs, 'late beyond the time that was not evaluated').toBeLessThan(
    lostMs.reduce((sum, ms) => sum + ms, 2_500),
  );
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
